import type { SessionError } from './errors.js';

/** Why a session is not connected at the moment, as a literal. */
export type TroubleReason =
  /** Nothing was heard on a path that should carry packets. */
  | 'silent'
  /** The browser reports the path as lost (`connectionState`). */
  | 'path-lost'
  /** DTLS or SCTP ended: the peer closed, reloaded or crashed, or the engine gave up. */
  | 'transport-closed'
  /** The machine changed its network. */
  | 'network-changed'
  /** The other page unloaded or left the channel; it may be reloading. */
  | 'peer-left'
  /** Another instance of the peer came: it reloaded. */
  | 'peer-restarted'
  /** The peer asked for a new connection. */
  | 'peer-rebuilt'
  /** A description was refused. */
  | 'negotiation-failed'
  /** The app called `restart()` or `resume()`. */
  | 'requested';

/** Why a session was closed: `left` (the peer did not come back), `failed` (on its side), `aborted` (by a signal), or the word given to `close()`. */
export type CloseReason = 'closed' | 'left' | 'failed' | 'aborted' | (string & {});

/** What a session is doing, as one value. Switch on `status`. */
export type SessionState =
  /** Built; `start()` was not called. */
  | { readonly status: 'idle' }
  /** Stage 1: camera and microphone are being asked for. */
  | { readonly status: 'fetching' }
  /** Stage 2: reaching the signaling server, waiting for the peer, exchanging offer and answer. */
  | { readonly status: 'signaling' }
  /** Stage 3: ICE looks for a path, DTLS secures it. */
  | { readonly status: 'connecting' }
  /** Proved by bytes that came back from the peer. */
  | { readonly status: 'connected' }
  /** The path is lost and the session is mending it. `attempt` counts the steps tried, from 0; `since` is when the trouble was noticed, as `Date.now()` tells time. */
  | { readonly status: 'reconnecting'; readonly attempt: number; readonly reason: TroubleReason; readonly since: number }
  /** `pause()` was called: nothing is sent or tried until `resume()`. */
  | { readonly status: 'paused' }
  /** Over, in order. */
  | { readonly status: 'closed'; readonly by: 'local' | 'remote'; readonly reason: CloseReason }
  /** Over, by a failure. */
  | { readonly status: 'failed'; readonly error: SessionError };

/** The discriminant of {@link SessionState}. */
export type SessionStatus = SessionState['status'];

/** The whole life of a session, from -> where it may go; `closed` and `failed` are reached from everywhere. For the tests: no session reads it. */
export const NEXT: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  idle: ['fetching', 'signaling', 'closed', 'failed'],
  fetching: ['signaling', 'paused', 'closed', 'failed'],
  signaling: ['connecting', 'connected', 'paused', 'closed', 'failed'],
  connecting: ['connected', 'signaling', 'paused', 'closed', 'failed'],
  connected: ['reconnecting', 'paused', 'closed', 'failed'],
  reconnecting: ['connected', 'reconnecting', 'paused', 'closed', 'failed'],
  paused: ['fetching', 'signaling', 'connecting', 'connected', 'reconnecting', 'closed', 'failed'],
  closed: [],
  failed: [],
};

/** What the parts report. State is computed from these and from nothing else. */
export interface Facts {
  readonly started: boolean;
  /** Local media is being fetched. */
  readonly fetching: boolean;
  readonly paused: boolean;
  /** Both descriptions of this epoch are applied. */
  readonly described: boolean;
  /** Bytes came back from the peer in this epoch, and no trouble since. */
  readonly proved: boolean;
  /** `proved` was true once in this session. */
  readonly everProved: boolean;
  readonly trouble: TroubleReason | null;
  readonly attempt: number;
  /** When the trouble was noticed, Unix time in milliseconds. */
  readonly since: number;
  readonly closed: { readonly by: 'local' | 'remote'; readonly reason: string } | null;
  readonly error: SessionError | null;
}

/** The facts of a session that was just built. */
export const NO_FACTS: Facts = {
  started: false,
  fetching: false,
  paused: false,
  described: false,
  proved: false,
  everProved: false,
  trouble: null,
  attempt: 0,
  since: 0,
  closed: null,
  error: null,
};

/** Closed or failed: nothing is to be done any more. */
export const isOver = ({ closed, error }: Facts): unknown => closed ?? error;

/** State is computed from facts, never set by hand. */
export function stateOf(f: Facts): SessionState {
  if (f.error) return { status: 'failed', error: f.error };
  if (f.closed) return { status: 'closed', ...f.closed };
  if (!f.started) return { status: 'idle' };
  if (f.paused) return { status: 'paused' };
  if (f.proved) return { status: 'connected' };
  if (f.everProved) return { status: 'reconnecting', attempt: f.attempt, reason: f.trouble ?? 'path-lost', since: f.since };
  if (f.fetching) return { status: 'fetching' };
  return { status: f.described ? 'connecting' : 'signaling' };
}

/** Whether two states are the same to an onlooker. */
export function sameState(a: SessionState, b: SessionState): boolean {
  return a.status === b.status && (a.status !== 'reconnecting' || JSON.stringify(a) === JSON.stringify(b));
}
