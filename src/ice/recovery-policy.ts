import type { TroubleReason } from '../session-state.js';

/** What the policy decides on: plain facts of the moment. */
export interface RecoveryContext {
  /** What went wrong first. */
  readonly reason: TroubleReason;
  /** Steps tried since the trouble began. */
  readonly attempt: number;
  /** Since the trouble began. */
  readonly elapsedMs: number;
  /** Since the last step began, or since the trouble began. */
  readonly sinceStepMs: number;
  /** The step tried last, if any. */
  readonly lastStep: 'restart' | 'rebuild' | null;
  /** A message of the peer arrived through signaling since the trouble began: there is somebody, and a network. */
  readonly reachable: boolean;
  /** The peer's DTLS or SCTP is gone, or the engine cannot restart: an ICE restart would be of no use. */
  readonly dead: boolean;
}

/** What to do now. `wait` is asked again after `ms`, or earlier when something changes. */
export type RecoveryStep =
  | { readonly step: 'wait'; readonly ms: number }
  | { readonly step: 'restart' }
  | { readonly step: 'rebuild' }
  | { readonly step: 'give-up' };

/** Decides what is tried after the path is lost. Pure: the session acts. */
export interface RecoveryPolicy {
  /** Called when the trouble begins, when something changes, and after each wait. */
  nextStep(context: RecoveryContext): RecoveryStep;
}

/** The numbers of the default policy, all in milliseconds. */
export interface RecoveryOptions {
  /** Give up when a trouble lasts longer. `Infinity`: never. @defaultValue `120000` */
  readonly giveUpAfterMs?: number;
  /** How long a peer that left its page may take to come back. @defaultValue `15000` */
  readonly peerReturnMs?: number;
  /** How long an ICE restart may take before a new connection is built. @defaultValue `3000` */
  readonly restartMs?: number;
  /** After so long a trouble a new connection is built at once: SCTP and DTLS would wait too long by themselves. @defaultValue `6000` */
  readonly rebuildAfterMs?: number;
}

/** How long a new connection may take, first and at most. */
const REBUILD_MS = 4_000;
const MAX_REBUILD_MS = 15_000;

/**
 * The default policy: nothing while the peer cannot be reached through signaling (a restart into a dead network is fatal in Firefox);
 * then one ICE restart if the trouble is young and the transports live; else a new connection, again at growing intervals.
 *
 * @example
 * ```ts
 * import { createSession, defaultRecovery, type SignalingTransport } from 'peer-session';
 *
 * const patient = (transport: SignalingTransport) =>
 *   createSession({ transport, recovery: defaultRecovery({ giveUpAfterMs: 10 * 60_000 }) });
 * ```
 */
export function defaultRecovery(options: RecoveryOptions = {}): RecoveryPolicy {
  const { giveUpAfterMs = 120_000, peerReturnMs = 15_000, restartMs = 3_000, rebuildAfterMs = 6_000 } = options;
  return {
    nextStep({ reason, attempt, elapsedMs, sinceStepMs, lastStep, reachable, dead }) {
      const limitMs = reason === 'peer-left' ? Math.min(peerReturnMs, giveUpAfterMs) : giveUpAfterMs;
      if (elapsedMs >= limitMs) return { step: 'give-up' };
      if (!reachable) return { step: 'wait', ms: Math.min(1_000, limitMs - elapsedMs) };
      if (lastStep === null) return { step: dead || elapsedMs >= rebuildAfterMs ? 'rebuild' : 'restart' };
      const patienceMs = lastStep === 'restart' ? restartMs : Math.min(REBUILD_MS * 1.5 ** (attempt - 1), MAX_REBUILD_MS);
      if (dead && lastStep === 'restart') return { step: 'rebuild' };
      return sinceStepMs >= patienceMs ? { step: 'rebuild' } : { step: 'wait', ms: patienceMs - sinceStepMs };
    },
  };
}
