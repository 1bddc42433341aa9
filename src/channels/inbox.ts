import type { Unsubscribe } from '../shared/events.js';
import { tell } from '../shared/tell.js';

/** Messages that wait for a first listener. */
const MAX_HELD = 10_000;

/** What arrived, for listeners and iterators. Holds what comes before anybody listens. */
export class Inbox<T> {
  readonly #listeners = new Set<(data: T) => void>();
  readonly #ends = new Set<() => void>();
  readonly #held: T[] = [];
  #closed = false;

  /** Hands one message to all listeners; false if an older one had to go for it. */
  deliver(data: T): boolean {
    for (const listener of [...this.#listeners]) tell(listener, data);
    if (this.#listeners.size > 0 || this.#held.push(data) <= MAX_HELD) return true;
    this.#held.shift();
    return false;
  }

  listen(listener: (data: T) => void): Unsubscribe {
    this.#listeners.add(listener);
    for (const data of this.#held.splice(0)) tell(listener, data);
    return () => void this.#listeners.delete(listener);
  }

  async *iterate(): AsyncGenerator<T, void, void> {
    const queue: T[] = [];
    let wake = (): void => {};
    const end = (): void => wake();
    this.#ends.add(end);
    const stop = this.listen((data) => {
      queue.push(data);
      wake();
    });
    try {
      for (;;) {
        const next = queue.shift();
        if (next !== undefined) yield next;
        else if (this.#closed) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      stop();
      this.#ends.delete(end);
    }
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    for (const end of this.#ends) end();
  }
}
