import { SessionError } from '../errors.js';

/** The rejection for an aborted signal. */
export const aborted = (signal: AbortSignal): SessionError =>
  new SessionError('aborted', 'aborted by the caller', { cause: signal.reason });

/** `promise`, unless `signal` aborts first. The promise itself is left alone. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(aborted(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
