import type { SessionError } from './errors.js';
import type { Route } from './ice/route.js';
import type { SlotName } from './media/local-media.js';
import type { SessionState } from './session-state.js';
import type { SignalingStatus } from './signaling/carrier.js';

/** The events of a session: name -> its one payload. */
export interface SessionEvents {
  /** Once per change of `session.state`, which is new already when this is heard. */
  statechange: { readonly state: SessionState; readonly previous: SessionState };
  /** What we send in a slot changed: a track was published, replaced, muted, or (`track` is `null`) removed. */
  localtrack: { readonly name: SlotName; readonly track: MediaStreamTrack | null; readonly muted: boolean };
  /**
   * The peer sends in this slot. `stream` groups what belongs together (camera with microphone, screen with its sound) and stays
   * the same object across reconnections: give it to an element once. Heard again with the new track after a rebuild.
   */
  track: { readonly name: SlotName; readonly track: MediaStreamTrack; readonly stream: MediaStream };
  /** The peer stopped sending in this slot. */
  trackremoved: { readonly name: SlotName; readonly track: MediaStreamTrack };
  /** The peer muted or unmuted a slot. */
  trackmute: { readonly name: SlotName; readonly muted: boolean };
  /** The peer opened a channel of this name that this side has not opened yet. Nothing is lost until it does. */
  channel: { readonly name: string };
  /** The channel to the other peers opened, was lost, or came back. A call goes on without it. */
  signalingchange: { readonly signaling: SignalingStatus };
  /** The live path changed, or is known for the first time. */
  routechange: { readonly route: Route };
  /** Who is on the other side: `joined`, `left` (may come back), `restarted` (reloaded, same person, new instance). */
  peerchange: { readonly peerId: string; readonly change: 'joined' | 'left' | 'restarted' };
  /** A failure that nobody awaits and that the session survived. */
  warning: { readonly error: SessionError };
}
