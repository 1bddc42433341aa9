import type { Platform } from '../platform.js';
import { aborted } from '../shared/deadline.js';

/** The life of one step. Whoever works in it stops, and tells what it has, when `signal` aborts. */
export interface Step {
  readonly platform: Platform;
  /** Aborted when the time is up, when the caller gives up, and when the step is done. */
  readonly signal: AbortSignal;
  /** The time limit. */
  readonly limitMs: number;
  /** Since the step began. */
  elapsedMs(): number;
}

/** The longest time that timers of browsers know; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Runs one step within its time limit. Throws only what `work` throws, and `aborted` where there is nothing to begin. */
export async function runStep<T>(
  platform: Platform,
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw aborted(signal);
  const life = new AbortController();
  const stop = (): void => life.abort();
  const startedAt = platform.now();
  const cancel = platform.timer(stop, Math.min(limitMs, LONGEST_MS));
  signal?.addEventListener('abort', stop);
  try {
    return await work({ platform, signal: life.signal, limitMs, elapsedMs: () => platform.now() - startedAt });
  } finally {
    cancel();
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** `promise`, or `null` once the step is over. Nothing of a closed connection ever settles. */
export function untilOver<T>(promise: Promise<T>, { signal }: Step): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(null);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject);
  });
}
