import type { Route } from './ice/route.js';
import type { LocalTrack } from './media/local-media.js';
import type { RemoteTrack } from './media/remote-media.js';
import type { SessionState } from './session-state.js';

/** What a session is at one moment. Immutable; the same object until something changes. */
export interface SessionSnapshot {
  /** What the session is doing. */
  readonly state: SessionState;
  /** The address of this side. */
  readonly peerId: string;
  /** The address of the other side, or `null` before somebody came. */
  readonly remotePeerId: string | null;
  /** The live path, or `null` before there is one. */
  readonly route: Route | null;
  /** What we send. */
  readonly local: readonly LocalTrack[];
  /** What arrives. */
  readonly remote: readonly RemoteTrack[];
}
