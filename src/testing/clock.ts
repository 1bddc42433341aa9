import { createRandom, type Random } from './random.js';
import { type TimerEntry, TimerHeap } from './timer-heap.js';

/** Time that stands still until a test moves it. */
export interface VirtualClock {
  /** Milliseconds since the clock was made. */
  now(): number;
  /** Calls `fn` once after `ms` of virtual time; the returned function takes it back. */
  timer(fn: () => void, ms: number): () => void;
  /** Moves time forward by `ms`, runs what falls due in order, and lets promises settle in between. Rejects with what a timer threw. */
  advance(ms: number): Promise<void>;
  /** Moves time to the settling of `promise` and hands on its outcome. Rejects when `limitMs` passes or nothing is left to happen. */
  until<T>(promise: PromiseLike<T>, limitMs?: number): Promise<T>;
  /** Moves time until no timer is left, at most `limitMs`. Connections that live never fall idle: close them first. */
  runUntilIdle(limitMs?: number): Promise<void>;
  /** Timers that wait, those of the fakes included. */
  readonly pending: number;
}

/** How a clock is made. */
export interface VirtualClockOptions {
  /**
   * With a seed, timers that fall due in the same millisecond run in a random order, the same for each run of this seed. Those of
   * one page or one connection keep theirs, as in a browser. @defaultValue in the order of their making
   */
  readonly seed?: number;
}

/** What the fakes use beside the public part: quiet timers, between which no promise needs to settle. */
export class Clock implements VirtualClock {
  readonly #heap = new TimerHeap();
  readonly #random: Random | undefined;
  #now = 0;
  #order = 0;
  /** Something that user code may see happened: promises have to settle before time goes on. */
  #loud = true;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: VirtualClockOptions = {}) {
    this.#random = options.seed === undefined ? undefined : createRandom(options.seed);
  }

  now(): number {
    return this.#now;
  }

  get pending(): number {
    return this.#heap.size;
  }

  timer(fn: () => void, ms: number): () => void {
    return this.schedule(fn, ms, this, true);
  }

  /** `lane`: timers of one lane that fall due together keep their order. `loud`: `fn` reaches user code. */
  schedule(fn: () => void, ms: number, lane: object, loud: boolean): () => void {
    // A delay that is not a number counts as 0, as with `setTimeout` (HTML, 8.6 Timers).
    const entry: TimerEntry = { at: this.#now + (ms > 0 ? ms : 0), order: this.#order++, lane, loud, fn };
    this.#heap.push(entry);
    return () => this.#heap.remove(entry);
  }

  /** Called by whatever reaches user code out of a quiet timer. */
  touch(): void {
    this.#loud = true;
  }

  advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    return this.#exclusive((drain) => this.#run(drain, () => this.#heap.first !== undefined && this.#heap.first.at <= end)).then(
      () => {
        if (end > this.#now) this.#now = end;
      },
    );
  }

  runUntilIdle(limitMs = 60_000): Promise<void> {
    const end = this.#now + limitMs;
    return this.#exclusive((drain) => this.#run(drain, () => this.#heap.first !== undefined && this.#heap.first.at <= end));
  }

  async until<T>(promise: PromiseLike<T>, limitMs = 600_000): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    const start = this.#now;
    await this.#exclusive((drain) => {
      this.#loud = true;
      return this.#run(drain, () => !settled && this.#heap.first !== undefined && this.#heap.first.at <= start + limitMs);
    });
    if (settled) return promise;
    const why = this.#heap.size === 0 ? 'nothing is left to happen' : `${limitMs} ms of virtual time passed`;
    throw new Error(`The promise did not settle: ${why}.`);
  }

  /** Runs what is due while `goOn` says so. */
  async #run(drain: () => Promise<void>, goOn: () => boolean): Promise<void> {
    this.#loud = true;
    for (;;) {
      if (this.#loud) {
        this.#loud = false;
        await drain();
        // What the promises scheduled may be due before what was next.
        continue;
      }
      if (!goOn()) return;
      const entry = this.#heap.pop(this.#random);
      if (!entry) return;
      if (entry.at > this.#now) this.#now = entry.at;
      if (entry.loud) this.#loud = true;
      entry.fn();
    }
  }

  /** One mover of time after the other. Lends a function that lets every promise settle. */
  #exclusive(work: (drain: () => Promise<void>) => Promise<void>): Promise<void> {
    const turn = this.#queue.then(async () => {
      // Runners replace setTimeout and its kin by their own fakes, none of them MessageChannel. Its message is a task of its own:
      // by then every microtask has run, however long their chain. Closed at the end, or Node would never exit.
      const { port1, port2 } = new MessageChannel();
      let done: (() => void) | undefined;
      port1.onmessage = () => done?.();
      try {
        await work(
          () =>
            new Promise<void>((resolve) => {
              done = resolve;
              port2.postMessage(null);
            }),
        );
      } finally {
        port1.close();
        port2.close();
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

/**
 * Makes a clock for tests: nothing waits in real time, and the same test runs the same way each time. It stands beside the fake
 * timers of a test runner and does not need them.
 *
 * @example
 * ```ts
 * import { createVirtualClock } from 'peer-session/testing';
 *
 * const clock = createVirtualClock();
 * clock.timer(() => console.log('a minute later'), 60_000);
 * await clock.advance(60_000);
 * ```
 */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  return new Clock(options);
}

/** The fakes need the inner side of the clock; a clock of another make cannot drive them. */
export function clockOf(clock: VirtualClock): Clock {
  if (clock instanceof Clock) return clock;
  throw new TypeError('The fakes run on a clock made by createVirtualClock().');
}
