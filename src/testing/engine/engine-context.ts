import type { NetworkHost } from '../network/network-host.js';
import type { Random } from '../random.js';
import type { Personality } from './personality.js';

/** The ground one fake connection stands on. */
export interface EngineContext {
  readonly personality: Personality;
  readonly random: Random;
  readonly host: NetworkHost;
  now(): number;
  /** Queues a task (HTML 8.1.7) that may reach user code; the returned function takes it back. */
  task(fn: () => void, ms?: number): () => void;
  /** A timer of the engine's inside: no promise needs to settle after it. */
  quiet(fn: () => void, ms: number): () => void;
  /** Real addresses may be shown in candidates: the page was granted capture (RFC 8828 5.2, mode 2). */
  showsAddresses(): boolean;
}

/** One step of work inside the engine: what an operation needs at the very least. */
export const OPERATION_MS: number = 1;

/** "Queue a task" and wait for it. Never settles once `closed` says so (webrtc-pc 4.4.1.2). */
export function inTask<T>(context: EngineContext, closed: () => boolean, work: () => T, ms: number = OPERATION_MS): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    context.task(() => {
      if (closed()) return;
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    }, ms);
  });
}
