import type { Platform } from '../platform.js';

/** Later than this, and it was not the server that slept but this side. */
const SUSPENDED_MS = 1_000;

/** What a heartbeat needs. Times in milliseconds; `Infinity` for `heartbeatMs` switches it off. */
export interface HeartbeatOptions {
  readonly heartbeatMs: number;
  readonly answerMs: number;
  readonly clock: Pick<Platform, 'now' | 'timer'>;
  /** Asks the other end for a sign of life. */
  ask(): void;
  /** Nothing came. */
  dead(): void;
}

/**
 * Notices a half-dead socket: one whose network vanished without a FIN, or behind a proxy that forgot it. Browsers cannot send
 * WebSocket pings and tell nothing of those they answer (RFC 6455, section 5.5.2), so the question is a message. Asked only
 * after silence: `heartbeatMs` after the last thing heard, dead `answerMs` later.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #forget: () => void = () => undefined;
  #stopped = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.heard();
  }

  /** Anything at all came in. */
  heard(): void {
    const { clock, heartbeatMs } = this.#options;
    this.#forget();
    if (!this.#stopped && heartbeatMs !== Number.POSITIVE_INFINITY) this.#forget = clock.timer(() => this.#ask(), heartbeatMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#forget();
  }

  #ask(again = false): void {
    const { clock, answerMs } = this.#options;
    const due = clock.now() + answerMs;
    this.#forget = clock.timer(() => {
      // A page that was frozen or a laptop that slept finds this timer overdue before it reads the answer that lies there.
      // Once: in a tab in the background timers may be late each time.
      if (!again && clock.now() > due + SUSPENDED_MS) this.#ask(true);
      else this.#options.dead();
    }, answerMs);
    this.#options.ask();
  }
}
