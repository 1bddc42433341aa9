import type { Platform } from '../platform.js';
import type { TroubleReason } from '../session-state.js';
import type { RecoveryPolicy, RecoveryStep } from './recovery-policy.js';

/** While in trouble the peer is asked through signaling so often whether it is there. */
const ASK_MS = 500;
const MIN_WAIT_MS = 20;
/** A question, and the answer to it, count for so long. */
const ASKED_MS = 2_000;
/** After so long a trouble an old path that comes back is taken: the peer has forgotten what would harm our decoder, and the browser may have forgotten our interfaces. */
const STALE_MS = 5_000;

/** What recovery needs. */
export interface RecoveryHooks {
  readonly platform: Platform;
  readonly policy: RecoveryPolicy;
  restart(): void;
  rebuild(): void;
  giveUp(reason: TroubleReason, elapsedMs: number): void;
  /** Asks the peer, through signaling and through the path, for a sign of life. */
  ask(): void;
  tell(reason: TroubleReason, attempt: number): void;
  /** How long the peer has not been reachable, told at each ask. */
  missing(ms: number): void;
  /** An ICE restart is the better first step. */
  restartFirst(): boolean;
  /** How long a connection takes to come about. */
  usualMs(): number;
}

/** Carries out what the policy says, from the first trouble until bytes flow again. */
export class Recovery {
  readonly #o: RecoveryHooks;
  #reason: TroubleReason | null = null;
  #since = 0;
  #stepAt = 0;
  #attempt = 0;
  #lastStep: 'restart' | 'rebuild' | null = null;
  #reachable = false;
  #dead = false;
  #renewed = false;
  #elsewhere = false;
  #reachableAt = 0;
  /** When the peer was asked through signaling, and when a word of it came last. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #heardAt = Number.NEGATIVE_INFINITY;
  #stopWait: () => void = () => {};
  #stopAsk: () => void = () => {};
  #held = false;

  constructor(hooks: RecoveryHooks) {
    this.#o = hooks;
  }

  /** What the trouble is, if there is one. */
  get reason(): TroubleReason | null {
    return this.#reason;
  }

  /** Packets that come do not help: the transports are gone, or a new connection is there sooner. */
  get dead(): boolean {
    if (this.#dead) return true;
    if (this.#lastStep !== null || this.#o.restartFirst() || this.#o.platform.now() - this.#since >= STALE_MS) return false;
    return this.#judge(true).step === 'rebuild';
  }

  /** Something is wrong. The first reason stands, unless the peer left, or is back. `replaced`: a new connection is under way. */
  trouble(reason: TroubleReason, dead = false, replaced = false): void {
    const now = this.#o.platform.now();
    const fresh = this.#reason === null;
    if (fresh) {
      this.#since = this.#stepAt = now;
      this.#attempt = 0;
      this.#lastStep = null;
      this.#dead = this.#renewed = false;
      if (now - this.#askedAt > ASKED_MS) this.#askedAt = now;
      // Asked with the path, and answered: there is somebody, and a network.
      this.#reachable = this.#heardAt > this.#askedAt;
      this.#reachableAt = now;
    }
    if (fresh || reason === 'peer-left' || (replaced && this.#reason === 'peer-left')) {
      if (!fresh && this.#reason !== reason) this.#since = now;
      this.#reason = reason;
    }
    if (reason === 'peer-left') this.#reachable = false;
    this.#dead ||= dead;
    if (replaced) this.rebuilding();
    this.#o.tell(this.#reason ?? reason, this.#attempt);
    if (fresh) this.#askAgain();
    this.#step();
  }

  /** The path is asked, and signaling with it: what comes now tells whether the peer can be reached. */
  asked(): void {
    this.#askedAt = this.#o.platform.now();
  }

  /** A word of the peer came through signaling. */
  reachable(): void {
    this.#heardAt = this.#o.platform.now();
    if (this.#reason === null || this.#reachable) return;
    this.#reachable = true;
    this.#reachableAt = this.#heardAt;
    this.#step();
  }

  /** Signaling came back: what was tried meanwhile may not have been heard, so a word of the peer makes it worth another try. */
  again(): void {
    if (this.#reason === null || this.#lastStep === 'rebuild') return;
    this.#renewed = true;
    this.#reachable = false;
    this.#lastStep = null;
    this.#askAgain();
  }

  /** The peer answers through addresses that are not in use. */
  elsewhere(): void {
    if (this.#reason === null || this.#lastStep !== 'restart') return;
    this.#elsewhere = true;
    this.#step();
  }

  /** A new connection is under way, by whoever's decision. */
  rebuilding(): void {
    if (this.#reason === null) return;
    this.#lastStep = 'rebuild';
    this.#dead = false;
    this.#stepAt = this.#o.platform.now();
  }

  /** Bytes flow. */
  over(): void {
    this.#reason = null;
    this.#stopWait();
    this.#stopAsk();
  }

  /** Nothing is tried until `hold(false)`. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) {
      this.#stopWait();
      this.#stopAsk();
    } else if (this.#reason !== null) {
      this.#since = this.#stepAt = this.#askedAt = this.#o.platform.now();
      // What was heard before the pause says nothing about the network after it.
      this.#reachable = false;
      this.#askAgain();
      this.#step();
    }
  }

  #step(): void {
    const reason = this.#reason;
    if (reason === null || this.#held) return;
    this.#stopWait();
    const now = this.#o.platform.now();
    const verdict = this.#judge();
    if (verdict.step === 'give-up') return this.#o.giveUp(reason, now - this.#since);
    if (verdict.step !== 'wait') {
      this.#attempt++;
      this.#lastStep = verdict.step;
      this.#stepAt = now;
      this.#elsewhere = false;
      this.#o.tell(reason, this.#attempt);
      if (verdict.step === 'rebuild') this.#dead = false;
      this.#o[verdict.step]();
    }
    const waitMs = verdict.step === 'wait' ? verdict.ms : 0;
    this.#stopWait = this.#o.platform.timer(() => this.#step(), Math.max(waitMs, MIN_WAIT_MS));
  }

  #judge(reachable = this.#reachable): RecoveryStep {
    const now = this.#o.platform.now();
    return this.#o.policy.nextStep({
      reason: this.#reason as TroubleReason,
      attempt: this.#attempt,
      elapsedMs: now - this.#since,
      sinceStepMs: now - this.#stepAt,
      lastStep: this.#lastStep,
      reachable,
      reachableMs: this.#reachable ? now - this.#reachableAt : 0,
      dead: this.#dead,
      renewed: this.#renewed,
      elsewhere: this.#elsewhere,
      restartFirst: this.#o.restartFirst(),
      usualMs: this.#o.usualMs(),
    });
  }

  #askAgain(): void {
    this.#stopAsk();
    if (this.#reason === null || this.#held) return;
    const missingMs = this.#o.platform.now() - Math.max(this.#askedAt, this.#heardAt);
    if (missingMs > ASKED_MS) this.#reachable = false;
    if (!this.#reachable) this.#o.missing(missingMs);
    this.#o.ask();
    this.#stopAsk = this.#o.platform.timer(() => this.#askAgain(), ASK_MS);
  }
}
