import type { CheckList } from './check-list.js';
import type { EngineContext } from './engine-context.js';

/** How long checks may stay without success until ICE says `failed` (CORRECTNESS 3.8): up to the personality. */
export class CheckPatience {
  readonly #context: EngineContext;
  readonly #failed: () => void;
  /** What each list waits for, as far as a deadline runs for it. */
  readonly #waits = new WeakMap<CheckList, 'pair' | 'answer'>();
  #cancel: () => void = () => undefined;

  constructor(context: EngineContext, failed: () => void) {
    this.#context = context;
    this.#failed = failed;
  }

  /** The list has no pair yet, or none of its pairs answered. The time begins anew when the first pair comes. */
  wait(list: CheckList, what: 'pair' | 'answer'): void {
    if (this.#waits.get(list) === what) return;
    this.#waits.set(list, what);
    this.#cancel();
    const { noPairFailsMs, noAnswerFailsMs } = this.#context.personality.ice;
    const ms = what === 'pair' ? noPairFailsMs : noAnswerFailsMs;
    if (Number.isFinite(ms)) this.#cancel = this.#context.quiet(this.#failed, ms);
  }

  stop(): void {
    this.#cancel();
  }
}
