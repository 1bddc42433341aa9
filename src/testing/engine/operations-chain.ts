/** webrtc-pc 4.4.1.2 "chain an operation": one at a time, and nothing settles once the connection is closed. */
export class OperationsChain {
  readonly #onEmpty: () => void;
  readonly #waiting: (() => void)[] = [];
  #closed = false;
  /** Something asked for a look at the negotiation-needed flag while operations were under way. */
  updateOnEmpty = false;

  /** @param onEmpty runs when the chain fell empty and {@link updateOnEmpty} was set. */
  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  close(): void {
    this.#closed = true;
  }

  chain<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new DOMException('The RTCPeerConnection is closed.', 'InvalidStateError'));
    return new Promise<T>((resolve, reject) => {
      const execute = (): void => {
        // "Upon fulfillment or rejection of the promise returned by the operation: if [[IsClosed]] is true, abort these steps."
        operation().then(
          (value) => this.#settle(() => resolve(value)),
          (error: unknown) => this.#settle(() => reject(error)),
        );
      };
      this.#waiting.push(execute);
      if (this.#waiting.length === 1) execute();
    });
  }

  #settle(settle: () => void): void {
    if (this.#closed) return;
    settle();
    // "Upon fulfillment or rejection of p": one microtask later than the continuation of whoever awaits it was queued, so that
    // `pc.localDescription` read right after `await setLocalDescription()` is still that of this operation.
    void Promise.resolve().then(() => {
      if (this.#closed) return;
      this.#waiting.shift();
      const next = this.#waiting[0];
      if (next) next();
      else if (this.updateOnEmpty) {
        this.updateOnEmpty = false;
        this.#onEmpty();
      }
    });
  }
}
