import type { FakeEvent } from './fake-event.js';

type Callback = (event: Event) => unknown;
/** What the typed overloads of the DOM accept, seen from the inside. */
export type Listener = ((event: never) => unknown) | EventListenerObject | null;

interface Entry {
  readonly type: string;
  readonly listener: NonNullable<Listener>;
  readonly once: boolean;
  removed: boolean;
}

/**
 * DOM section 2.7. Of our own make and not the global one: happy-dom, jsdom and Node each refuse the events of the others, and
 * the listeners have to be counted.
 */
export class FakeEventTarget {
  #entries: Entry[] = [];

  /** How many listeners hang here, the `on...` attributes included. */
  get listenerCount(): number {
    return this.#entries.length + this.#attributes().length;
  }

  addEventListener(type: string, listener: Listener, options?: AddEventListenerOptions | boolean): void {
    const { once = false, signal } = typeof options === 'object' ? options : {};
    if (listener === null || signal?.aborted || this.#find(type, listener)) return;
    const entry: Entry = { type, listener, once, removed: false };
    this.#entries.push(entry);
    signal?.addEventListener('abort', () => this.#remove(entry), { once: true });
  }

  removeEventListener(type: string, listener: Listener, _options?: EventListenerOptions | boolean): void {
    const entry = this.#find(type, listener);
    if (entry) this.#remove(entry);
  }

  dispatchEvent(event: Event): boolean {
    const fired = event as FakeEvent;
    fired.target = this;
    fired.srcElement = this;
    fired.currentTarget = this;
    // The handler attribute stands where a listener would; browsers put it at the place of its first setting. First is near enough.
    const handler = this.#handler(event.type);
    if (handler) this.#call(handler, event);
    for (const entry of [...this.#entries]) {
      if (entry.removed || entry.type !== event.type || fired.stopped) continue;
      if (entry.once) this.#remove(entry);
      const { listener } = entry;
      this.#call(typeof listener === 'function' ? (listener as Callback) : (e) => listener.handleEvent(e), event);
    }
    fired.currentTarget = null;
    return true;
  }

  #handler(type: string): Callback | undefined {
    const handler: unknown = Reflect.get(this, `on${type}`);
    return typeof handler === 'function' ? (handler as Callback) : undefined;
  }

  #attributes(): string[] {
    return Object.keys(this).filter((key) => key.startsWith('on') && this.#handler(key.slice(2)));
  }

  /** DOM 2.10: an exception of a listener is reported, never handed to whoever dispatched. */
  #call(callback: Callback, event: Event): void {
    try {
      callback.call(this, event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #find(type: string, listener: Listener): Entry | undefined {
    return this.#entries.find((entry) => entry.type === type && entry.listener === listener);
  }

  #remove(entry: Entry): void {
    entry.removed = true;
    this.#entries = this.#entries.filter((other) => other !== entry);
  }
}
