import type { RecoveryPolicy } from './ice/recovery-policy.js';
import type { IceServersSource } from './ice/servers.js';
import type { MediaSource } from './media/capture.js';
import type { Platform } from './platform.js';
import type { Candidate } from './signaling/message.js';
import type { SignalingTransport } from './signaling/transport.js';

/** What `createSession()` takes. Only `transport` is required. */
export interface SessionOptions {
  /** How messages reach the other peer. */
  readonly transport: SignalingTransport;
  /** The address of this side on the transport. @defaultValue a random id per session */
  readonly peerId?: string;
  /**
   * What to send from the start: constraints, a `MediaStream`, or tracks by slot name. What the session fetches it stops on
   * `close()`; what is handed in it never stops. @defaultValue nothing: data and receiving only
   */
  readonly media?: MediaSource;
  /** STUN and TURN servers, or a function that fetches them, asked again before they expire. @defaultValue none */
  readonly iceServers?: IceServersSource;
  /** `relay` sends everything through TURN and hides this side's addresses. @defaultValue `'all'` */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** Which of our own candidates may be told to the peer. @defaultValue all */
  readonly candidateFilter?: (candidate: Candidate) => boolean;
  /** Time limits of `start()`; `Infinity` switches one off. */
  readonly timeouts?: TimeoutOptions;
  /** What to try, and when, after the path is lost. @defaultValue `defaultRecovery()` */
  readonly recovery?: RecoveryPolicy;
  /** Parts of the surroundings to replace: another WebRTC implementation, a test's clock. @defaultValue the browser */
  readonly platform?: Partial<Platform>;
}

/** Time limits, in milliseconds. */
export interface TimeoutOptions {
  /** Until camera and microphone are there, the question to the user included. @defaultValue `60000` */
  readonly fetchingMs?: number;
  /** Until the signaling server is reached for the first time. @defaultValue `15000` */
  readonly signalingMs?: number;
  /** Until somebody is there on the other side. @defaultValue `60000` */
  readonly peerMs?: number;
  /** From the first sign of the peer until bytes flow. @defaultValue `30000` */
  readonly connectingMs?: number;
}

/** Options with every default filled in. @internal */
export interface SessionSetup {
  readonly transport: SignalingTransport;
  readonly peerId: string;
  readonly source: MediaSource | undefined;
  readonly iceServers: IceServersSource;
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly candidateFilter: (candidate: Candidate) => boolean;
  readonly timeouts: Required<TimeoutOptions>;
  readonly recovery: RecoveryPolicy;
  readonly platform: Platform;
}

/** @internal */
export const DEFAULT_TIMEOUTS: Required<TimeoutOptions> = {
  fetchingMs: 60_000,
  signalingMs: 15_000,
  peerMs: 60_000,
  connectingMs: 30_000,
};
