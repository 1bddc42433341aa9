import type { CandidatePair } from './candidate-pair.js';
import type { EngineContext } from './engine-context.js';

interface ConsentHooks {
  ping(pair: CandidatePair): void;
  silent(): void;
  lost(): void;
  back(): void;
}

/** A pair that went silent is pinged faster (Chromium 156: 480 ms; the self-recovery of A3 needs about as much in Firefox). */
const SILENT_PING_MS = 500;

/** Watches the selected pair (RFC 7675), with the timing of the engine: CORRECTNESS 3.2. */
export class Consent {
  readonly #context: EngineContext;
  readonly #hooks: ConsentHooks;
  #pair: CandidatePair | null = null;
  #unansweredSince: number | null = null;
  #silent = false;
  #cancelPing: () => void = () => undefined;
  #cancelDeadlines: () => void = () => undefined;

  constructor(context: EngineContext, hooks: ConsentHooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  watch(pair: CandidatePair): void {
    this.stop();
    this.#pair = pair;
    this.#next();
  }

  stop(): void {
    this.#cancelPing();
    this.#cancelDeadlines();
    this.#pair = null;
    this.#unansweredSince = null;
    this.#silent = false;
  }

  /** Nothing is concluded any more, but pings go on: the path may come back. */
  answered(pair: CandidatePair): void {
    if (pair !== this.#pair) return;
    this.#cancelDeadlines();
    this.#unansweredSince = null;
    if (!this.#silent) return;
    this.#silent = false;
    this.#hooks.back();
  }

  #next(): void {
    const [shortest, longest] = this.#context.personality.ice.consentMs;
    const ms = this.#silent ? SILENT_PING_MS : this.#context.random.int(shortest, longest);
    this.#cancelPing = this.#context.quiet(() => {
      const pair = this.#pair;
      if (!pair) return;
      if (this.#unansweredSince === null) {
        this.#unansweredSince = this.#context.now();
        this.#deadlines();
      }
      this.#hooks.ping(pair);
      this.#next();
    }, ms);
  }

  #deadlines(): void {
    const { disconnectedMs, failedMs } = this.#context.personality.ice;
    const silent = this.#context.quiet(() => {
      this.#silent = true;
      this.#hooks.silent();
    }, disconnectedMs);
    const lost = this.#context.quiet(() => this.#hooks.lost(), failedMs);
    this.#cancelDeadlines = () => {
      silent();
      lost();
    };
  }
}
