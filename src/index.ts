/**
 * Typed WebRTC sessions over your own signaling.
 *
 * @module peer-session
 * @category API
 */
export type { ChannelData, ChannelOptions } from './channels/channel-options.js';
export type { DataChannel } from './channels/data-channel.js';
export { createSession } from './create-session.js';
export { isSessionError, SessionError, type SessionErrorCode, type SessionErrorOptions, type SessionStage } from './errors.js';
export {
  defaultRecovery,
  type RecoveryContext,
  type RecoveryOptions,
  type RecoveryPolicy,
  type RecoveryStep,
} from './ice/recovery-policy.js';
export type { Route, RouteEnd } from './ice/route.js';
export type { IceServersAnswer, IceServersContext, IceServersSource } from './ice/servers.js';
export type { MediaSource } from './media/capture.js';
export type { LocalMedia, LocalTrack, SlotName } from './media/local-media.js';
export type { RemoteMedia, RemoteTrack } from './media/remote-media.js';
export { PeerSession } from './peer-session.js';
export type { PageEvent, Platform } from './platform.js';
export type { SessionEvents } from './session-events.js';
export type { SessionOptions, TimeoutOptions } from './session-options.js';
export type { SessionSnapshot } from './session-snapshot.js';
export type { CloseReason, SessionState, SessionStatus, TroubleReason } from './session-state.js';
export type { Unsubscribe } from './shared/events.js';
export type { SignalingStatus } from './signaling/carrier.js';
export type {
  AnswerBody,
  ByeBody,
  Candidate,
  CandidatesBody,
  Envelope,
  HelloBody,
  MediaStates,
  OfferBody,
  SignalBody,
  SignalMessage,
  StateBody,
} from './signaling/message.js';
export type { SignalingChannel, SignalingContext, SignalingTransport } from './signaling/transport.js';
export type { TimelineEntry } from './timeline.js';
