import type { Route } from './ice/route.js';
import type { LocalTrack } from './media/local-media.js';
import type { RemoteTrack } from './media/remote-media.js';
import type { SessionState } from './session-state.js';
import type { SignalingStatus } from './signaling/carrier.js';

/** What a session is at one moment. Immutable; the same object until something changes. */
export interface SessionSnapshot {
  /** What the session is doing. */
  readonly state: SessionState;
  /** The address of this side. */
  readonly peerId: string;
  /** The address of the other side, or `null` before somebody came. */
  readonly remotePeerId: string | null;
  /** How it stands with the signaling channel: a call goes on without it. */
  readonly signaling: SignalingStatus;
  /** The live path, or `null` before there is one. */
  readonly route: Route | null;
  /** What we send. */
  readonly local: readonly LocalTrack[];
  /** What arrives. */
  readonly remote: readonly RemoteTrack[];
}
