import { SessionError } from '../errors.js';
import { aborted, orAborted } from '../shared/deadline.js';

/** What is handed to the browser: text, or a view of bytes. */
export type Message = string | Uint8Array<ArrayBuffer>;

/** Takes what an app may send, of another realm, too; `null` for anything else. */
function messageOf(data: string | ArrayBuffer | ArrayBufferView): Message | null {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return Object.prototype.toString.call(data) === '[object ArrayBuffer]' ? new Uint8Array(data) : null;
}

/** A message that waits for room. */
interface Waiting {
  readonly data: Message;
  readonly signal: AbortSignal | undefined;
  readonly done: () => void;
  readonly fail: (error: SessionError) => void;
}

/** Messages on their way to the browser, in order. `hand` gives it one, and throws where the browser refuses it; `hasRoom` says when. */
export class Outbox {
  readonly #queue: Waiting[] = [];
  readonly #hasRoom: () => boolean;
  readonly #hand: (data: Message) => void;
  #ended: SessionError | null = null;

  constructor(hasRoom: () => boolean, hand: (data: Message) => void) {
    this.#hasRoom = hasRoom;
    this.#hand = hand;
  }

  /** Resolves when it was handed over. */
  add(data: string | ArrayBuffer | ArrayBufferView, signal: AbortSignal | undefined): Promise<void> {
    const message = messageOf(data);
    if (message === null) return Promise.reject(new SessionError('message-type', `cannot send ${data && typeof data}`));
    if (this.#ended) return Promise.reject(this.#ended);
    if (signal?.aborted) return Promise.reject(aborted(signal));
    const sent = new Promise<void>((done, fail) => {
      this.#queue.push({ data: message, signal, done, fail });
    });
    this.pump();
    return orAborted(sent, signal);
  }

  /** There may be room. */
  pump(): void {
    while (this.#queue[0] && this.#hasRoom()) {
      const { data, signal, done, fail } = this.#queue.shift() as Waiting;
      if (signal?.aborted) continue;
      try {
        this.#hand(data);
        done();
      } catch (cause) {
        fail(new SessionError('message-size', 'the browser refused the message', { cause }));
      }
    }
  }

  /** Nothing goes any more. */
  end(error: SessionError): void {
    this.#ended = error;
    for (const { fail } of this.#queue.splice(0)) fail(error);
  }
}
