// What a snippet of the guides may use without declaring it. Doc comments and the README declare all they use themselves.
import type { PeerSession, SignalingTransport } from 'peer-session';

declare global {
  /** A session from an earlier snippet. */
  const session: PeerSession;
  /** Any transport. */
  const transport: SignalingTransport;
  /** A `<video>` of the page. */
  const video: HTMLVideoElement;
}
