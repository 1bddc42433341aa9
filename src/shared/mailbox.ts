/**
 * One task at a time, in order. Promises of a closed `RTCPeerConnection` never settle (webrtc-pc section 4.4.1.2), so nobody
 * waits for a mailbox: `close()` drops what is queued, and the task that hangs is forgotten with it.
 */
export class Mailbox {
  #tail: Promise<unknown> = Promise.resolve();
  #open = true;
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  put(task: () => Promise<void> | void): void {
    this.#tail = this.#tail
      .then(() => (this.#open ? task() : undefined))
      .catch((error: unknown) => this.#open && this.#onError(error));
  }

  /** What the promise gives, but nothing after `close()`: of a connection that is left and not closed yet, promises still settle. */
  still<T>(promise: Promise<T>): Promise<T> {
    return promise.then((value) => (this.#open ? value : new Promise<never>(() => {})));
  }

  close(): void {
    this.#open = false;
  }
}
