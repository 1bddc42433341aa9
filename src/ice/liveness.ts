import type { Platform } from '../platform.js';

/** The counters are read so often; more often while the path is in trouble. */
const TICK_MS = 300;
const TROUBLE_TICK_MS = 200;
const MIN_TICK_MS = 50;
/** A path is asked for a sign of life when it was silent so long, and is in trouble when the question is not answered so long. */
const QUIET_MS = 2_000;
const ANSWER_MS = 2_500;
/** The same for a path that carried something in each of the last `FLOWING_TICKS`, as one with media does. */
const FLOWING_MS = 550;
const FLOWING_TICKS = 5;
/** An answer may take so many round trips. */
const ROUND_TRIPS = 4;

/** What liveness needs. */
export interface LivenessHooks {
  readonly platform: Platform;
  /** Reads the path's counters: how long ago the last came of what came since the last reading, or `null`. */
  read(): Promise<number | null>;
  /** Asks through the path. `flowing`: it carried something all the time until now. */
  ping(flowing: boolean): void;
  /** The last measured round trip, in milliseconds. */
  rtt(): number;
  /** A question was not answered. */
  silent(): void;
  /** Packets come again: after a trouble, or after a gap too short to be one. */
  flows(): void;
}

/**
 * Looks after the path. Death is concluded only from a question that was sent and not answered, never from a timer that fired
 * late: hidden pages have their timers clamped to one a minute.
 */
export class Liveness {
  readonly #o: LivenessHooks;
  #heardAt = 0;
  #askedAt: number | null = null;
  /** Readings since the question. */
  #readings = 0;
  #flowing = 0;
  #stop: () => void = () => {};

  constructor(hooks: LivenessHooks) {
    this.#o = hooks;
  }

  /** A word came through the path. */
  heard(): void {
    this.#heardAt = this.#o.platform.now();
    this.#askedAt = null;
  }

  /** Asks now: something hints at trouble. */
  ask(): void {
    if (this.#askedAt === null) {
      this.#askedAt = this.#o.platform.now();
      this.#readings = 0;
    }
    this.#o.ping(this.#flowing >= FLOWING_TICKS);
  }

  /** Begins to look after a working path, or for the return of one in trouble. */
  watch(trouble = false): void {
    this.stop();
    this.heard();
    if (trouble) this.#flowing = 0;
    this.#arm(trouble, MIN_TICK_MS);
  }

  stop(): void {
    this.#stop();
    this.#askedAt = null;
  }

  /** @param dueMs when a reading would tell something that an earlier one could not. */
  #arm(trouble: boolean, dueMs: number): void {
    let current = true;
    const tick = async (): Promise<void> => {
      const agoMs = await this.#o.read();
      if (!current) return;
      const grew = agoMs !== null;
      const dueMs = (this.#askedAt ?? this.#heardAt) + FLOWING_MS - this.#o.platform.now();
      this.#arm(trouble, grew || this.#flowing < FLOWING_TICKS ? TICK_MS : Math.max(MIN_TICK_MS, dueMs));
      if (!trouble) this.#judge(agoMs);
      else if (grew) this.#o.flows();
    };
    const stopTimer = this.#o.platform.timer(() => void tick(), trouble ? TROUBLE_TICK_MS : Math.min(TICK_MS, dueMs));
    this.#stop = () => {
      current = false;
      stopTimer();
    };
  }

  #judge(agoMs: number | null): void {
    const now = this.#o.platform.now();
    const flowing = this.#flowing >= FLOWING_TICKS;
    if (agoMs !== null) {
      if (flowing && this.#askedAt !== null) this.#o.flows();
      this.#flowing++;
      this.heard();
      // An answer to a check may be newer than the last packet, but not older than the last reading.
      this.#heardAt -= Math.min(agoMs, TICK_MS);
      return;
    }
    this.#readings++;
    if (this.#askedAt === null) {
      if (now - this.#heardAt >= (flowing ? FLOWING_MS : QUIET_MS)) this.ask();
      else if (!flowing) this.#flowing = 0;
    } else if (this.#readings > 1) {
      const limitMs = flowing ? Math.max(FLOWING_MS, this.#o.rtt() * ROUND_TRIPS) : ANSWER_MS;
      if (now - this.#askedAt >= limitMs) this.#o.silent();
    }
  }
}
