import { EventEmitter } from 'eventemitter3';
import { tell } from './tell.js';

/** Takes a listener back. */
export type Unsubscribe = () => void;

/** The doorbell: the only place that knows eventemitter3. `M` maps each event name to its one payload. */
export class Events<M extends object> {
  readonly #emitter = new EventEmitter<string>();
  /** listener -> its guarded form, so that `off` finds it. */
  readonly #guards = new WeakMap<object, (event: unknown) => void>();

  on<K extends keyof M & string>(type: K, listener: (event: M[K]) => void, once = false): Unsubscribe {
    // eventemitter3 calls listeners directly: unguarded, a bug in the app would surface inside our negotiation.
    const guarded = this.#guards.get(listener) ?? ((event: unknown): void => tell(listener, event as M[K]));
    this.#guards.set(listener, guarded);
    this.#emitter[once ? 'once' : 'on'](type, guarded);
    return () => void this.#emitter.off(type, guarded);
  }

  off<K extends keyof M & string>(type: K, listener: (event: M[K]) => void): void {
    const guarded = this.#guards.get(listener);
    if (guarded) this.#emitter.off(type, guarded);
  }

  emit<K extends keyof M & string>(type: K, event: M[K]): void {
    this.#emitter.emit(type, event);
  }

  clear(): void {
    this.#emitter.removeAllListeners();
  }
}
