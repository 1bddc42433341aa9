import type { Platform } from '../platform.js';

/** A path is asked for a sign of life when it was silent so long, and is in trouble when the question is not answered so long. */
const QUIET_MS = 2_000;
const ANSWER_MS = 2_500;
const TICK_MS = 1_000;

/** What liveness needs. */
export interface LivenessHooks {
  readonly platform: Platform;
  /** Asks through the path. */
  ping(): void;
  /** A question was not answered. */
  silent(): void;
  /** Once per tick, while the path is looked after. */
  tick(): void;
}

/**
 * Looks after a working path. Death is concluded only from a question that was sent and not answered, never from a timer that fired
 * late: hidden pages have their timers clamped to one a minute.
 */
export class Liveness {
  readonly #o: LivenessHooks;
  #heardAt = 0;
  #askedAt: number | null = null;
  #stop: () => void = () => {};

  constructor(hooks: LivenessHooks) {
    this.#o = hooks;
  }

  heard(): void {
    this.#heardAt = this.#o.platform.now();
    this.#askedAt = null;
  }

  /** Asks now: something hints at trouble. */
  ask(): void {
    this.#askedAt ??= this.#o.platform.now();
    this.#o.ping();
  }

  /** Begins to look after the path. */
  watch(): void {
    this.stop();
    this.heard();
    this.#arm();
  }

  stop(): void {
    this.#stop();
    this.#askedAt = null;
  }

  #arm(): void {
    this.#stop = this.#o.platform.timer(() => {
      this.#arm();
      const now = this.#o.platform.now();
      if (this.#askedAt !== null && now - this.#askedAt >= ANSWER_MS) return this.#o.silent();
      if (now - this.#heardAt >= QUIET_MS) this.ask();
      this.#o.tick();
    }, TICK_MS);
  }
}
