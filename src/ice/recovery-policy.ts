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
  /** For how long that has been so. */
  readonly reachableMs: number;
  /** The peer's DTLS or SCTP is gone, or the engine cannot restart: an ICE restart would be of no use. */
  readonly dead: boolean;
  /** Our signaling channel was opened anew since the trouble began: both were silent, so our own network has changed. */
  readonly renewed: boolean;
  /** Since the ICE restart the peer answers through other addresses, which the browser does not use yet: Chromium takes three seconds. */
  readonly elsewhere: boolean;
  /**
   * With a silent path an ICE restart is the better first step: a channel without `resume` would lose what is on its way in it, or this
   * is Firefox, which looks for another path at once. Chromium does so only when the old one has been silent for 2.5 s.
   */
  readonly restartFirst: boolean;
  /** How long ICE, DTLS and SCTP took together when the first connection of this session came about. */
  readonly usualMs: number;
}

/** What to do now. `wait` is asked again after `ms`, or earlier when something changes. */
export type RecoveryStep =
  | { readonly step: 'wait'; readonly ms: number }
  | { readonly step: 'restart' }
  | { readonly step: 'rebuild' }
  | { readonly step: 'give-up' };

/** Decides what is tried after the path is lost. Pure: the session acts. */
export interface RecoveryPolicy {
  /**
   * Called when the trouble begins, when something changes, and after each wait. Also when packets come on the old path again, as if
   * the peer were `reachable`: the trouble is over then, unless the answer is `rebuild`, the trouble younger than five seconds, and no
   * message can be lost.
   */
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

/** An old path that came back, with signaling or alone, shows itself within this time; most do in the short one. */
const GRACE_MS = 400;
const SHORT_GRACE_MS = 200;
/** After so long a silence SCTP and the decoders of libwebrtc need seconds: a new connection is there sooner. */
const LONG_SILENCE_MS = 1_000;
/** A new connection may take so many times what one usually takes, and at least so long. */
const REBUILD_FACTOR = 6;
const MIN_REBUILD_MS = 2_000;
/** After so many steps the patience with a new connection grows, up to this. */
const EAGER_STEPS = 6;
const MAX_REBUILD_MS = 15_000;

/**
 * The default policy: nothing while the peer cannot be reached through signaling (a restart into a dead network is fatal in Firefox);
 * then one ICE restart if the trouble is young, the transports live, our own network is the old one, and a new connection would lose
 * messages or the path is not just silent; else a new connection, again and again, at intervals that grow after a while.
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
    nextStep({
      reason,
      attempt,
      elapsedMs,
      sinceStepMs,
      lastStep,
      reachable,
      reachableMs,
      dead,
      renewed,
      elsewhere,
      restartFirst,
      usualMs,
    }) {
      const limitMs = reason === 'peer-left' ? Math.min(peerReturnMs, giveUpAfterMs) : giveUpAfterMs;
      if (elapsedMs >= limitMs) return { step: 'give-up' };
      if (!reachable) return { step: 'wait', ms: Math.min(1_000, limitMs - elapsedMs) };
      const orWait = (patienceMs: number, passedMs: number): RecoveryStep =>
        passedMs >= patienceMs ? { step: 'rebuild' } : { step: 'wait', ms: patienceMs - passedMs };
      if (dead && lastStep !== 'rebuild') return { step: 'rebuild' };
      if (lastStep === null) {
        const replaceable = reason === 'silent' && !restartFirst;
        if (elapsedMs >= (replaceable ? Math.min(LONG_SILENCE_MS, rebuildAfterMs) : rebuildAfterMs)) return { step: 'rebuild' };
        if (renewed || replaceable) return orWait(restartFirst ? GRACE_MS : SHORT_GRACE_MS, reachableMs);
        return { step: 'restart' };
      }
      if (lastStep === 'restart') return elsewhere ? { step: 'rebuild' } : orWait(restartMs, sinceStepMs);
      const patienceMs = Math.max(usualMs * REBUILD_FACTOR, MIN_REBUILD_MS) * 1.5 ** Math.max(0, attempt - EAGER_STEPS);
      return orWait(Math.min(patienceMs, MAX_REBUILD_MS), sinceStepMs);
    },
  };
}
