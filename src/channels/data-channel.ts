import { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { aborted, orAborted } from '../shared/deadline.js';
import type { Unsubscribe } from '../shared/events.js';
import { type ChannelData, type ChannelOptions, RESUME_PROTOCOL } from './channel-options.js';
import { Inbox } from './inbox.js';
import { Resume } from './resume.js';

/** The browser's buffer is filled up to `HIGH_BYTES` and again when it has drained to `LOW_BYTES`. */
const HIGH_BYTES = 1024 * 1024;
const LOW_BYTES = 256 * 1024;
/** How long a channel that the peer closed may take to hand over what was sent before. */
const DRAIN_MS = 5_000;
interface Waiting {
  readonly data: string | Uint8Array<ArrayBuffer>;
  readonly done: () => void;
  readonly fail: (error: SessionError) => void;
}

/**
 * A named data channel that outlives the connection under it. Made by `session.channel(name)` on both sides.
 *
 * @example
 * ```ts
 * import type { PeerSession } from 'peer-session';
 *
 * async function chat(session: PeerSession): Promise<void> {
 *   const channel = session.channel('chat');
 *   await channel.send('hello');
 *   for await (const text of channel) console.log(text);
 * }
 * ```
 */
export class DataChannel {
  /** The name that both sides use. */
  readonly name: string;
  /** As given to `session.channel()`. */
  readonly options: ChannelOptions;
  /** Resolves when the channel is open for the first time; rejects if it is closed before. */
  readonly opened: Promise<void>;
  readonly #platform: Platform;
  readonly #onClose: () => void;
  readonly #warn: (error: SessionError) => void;
  #resolveOpened!: () => void;
  #rejectOpened!: (error: SessionError) => void;
  #dc: RTCDataChannel | null = null;
  #resume: Resume | null = null;
  #closed = false;
  #stopDrain: () => void = () => {};
  readonly #queue: Waiting[] = [];
  readonly #inbox = new Inbox<ChannelData>();
  /** Plain messages handed to, and taken from, the present connection: both sides compare after a rebuild. @internal */
  counts: { sent: number; received: number } = { sent: 0, received: 0 };

  /** @internal */
  constructor(
    name: string,
    options: ChannelOptions,
    hooks: { platform: Platform; closed(): void; warn(error: SessionError): void },
  ) {
    this.name = name;
    this.options = options;
    this.#platform = hooks.platform;
    this.#onClose = hooks.closed;
    this.#warn = hooks.warn;
    this.opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#rejectOpened = reject;
    });
    this.opened.catch(() => {});
  }

  /** `connecting` also while a lost connection is being rebuilt. */
  get state(): 'connecting' | 'open' | 'closed' {
    if (this.#closed) return 'closed';
    return this.#dc?.readyState === 'open' ? 'open' : 'connecting';
  }

  /** Bytes accepted by `send()` that have not left yet. */
  get bufferedAmount(): number {
    return (this.#resume?.keptBytes ?? 0) + (this.#dc?.bufferedAmount ?? 0);
  }

  /** @internal */
  get attached(): boolean {
    return this.#dc !== null;
  }

  /**
   * Sends one message. Resolves when it was handed to the browser and there is room for more: await it and memory stays flat. Waits
   * while the channel is not open.
   *
   * @throws SessionError `message-type`, `message-size` (plain channels: above the peer's limit, 256 kB in Chromium),
   * `channel-closed`, `aborted`
   */
  send(data: string | ArrayBuffer | ArrayBufferView, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    let message: string | Uint8Array<ArrayBuffer>;
    if (typeof data === 'string') message = data;
    else if (ArrayBuffer.isView(data)) message = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    else if (Object.prototype.toString.call(data) === '[object ArrayBuffer]') message = new Uint8Array(data);
    else return Promise.reject(new SessionError('message-type', `cannot send ${data === null ? 'null' : typeof data}`));
    if (this.#closed) return Promise.reject(this.#closedError());
    if (signal?.aborted) return Promise.reject(aborted(signal));
    let waiting: Waiting | undefined;
    const sent = new Promise<void>((done, fail) => {
      waiting = { data: message, done, fail };
      this.#queue.push(waiting);
    });
    this.#pump();
    signal?.addEventListener(
      'abort',
      () => {
        const at = waiting ? this.#queue.indexOf(waiting) : -1;
        if (at >= 0) this.#queue.splice(at, 1);
      },
      { once: true },
    );
    return orAborted(sent, signal);
  }

  /** Hears every message from now on; the first listener also hears those that came before it. Returns its undoing. */
  onMessage(listener: (data: ChannelData) => void): Unsubscribe {
    return this.#inbox.listen(listener);
  }

  /** Every message, until the channel is closed. */
  [Symbol.asyncIterator](): AsyncGenerator<ChannelData, void, void> {
    return this.#inbox.iterate();
  }

  /** Closes it on both sides. What `send()` has not handed over yet is rejected. */
  close(): void {
    if (this.#closed) return;
    this.#onClose();
    this.end();
  }

  /** The peer closed it: what it sent before is still on its way, on a stream of its own. @internal */
  ending(): void {
    const dc = this.#dc;
    if (!dc || dc.readyState === 'closed') return this.end();
    dc.onclose = () => this.end();
    this.#stopDrain = this.#platform.timer(() => this.end(), DRAIN_MS);
  }

  /** It is over. @internal */
  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopDrain();
    const dc = this.#dc;
    this.detach();
    dc?.close();
    const error = this.#closedError();
    for (const { fail } of this.#queue.splice(0)) fail(error);
    this.#rejectOpened(error);
    this.#inbox.close();
  }

  /** Takes over the channel of a new connection. @internal */
  attach(dc: RTCDataChannel, lost: () => void): void {
    this.#dc = dc;
    this.counts = { sent: 0, received: 0 };
    dc.binaryType = 'arraybuffer';
    dc.bufferedAmountLowThreshold = LOW_BYTES;
    if (dc.protocol === RESUME_PROTOCOL) {
      this.#resume ??= new Resume(this.#platform, {
        message: (data) => this.#deliver(data),
        write: (bytes) => this.#write(bytes),
        room: () => this.#pump(),
      });
    }
    const open = (): void => {
      if (this.#dc !== dc) return;
      this.#resume?.opened();
      this.#resolveOpened();
      this.#pump();
    };
    dc.onbufferedamountlow = () => {
      this.#resume?.flush();
      this.#pump();
    };
    dc.onmessage = ({ data }: MessageEvent<ChannelData>) => {
      this.counts.received++;
      if (!this.#resume) this.#deliver(data);
      else if (typeof data !== 'string') this.#resume.receive(data);
    };
    dc.onopen = open;
    dc.onclose = () => this.#dc === dc && lost();
    if (dc.readyState === 'open') open();
  }

  /** The connection is gone; another may come. @internal */
  detach(): void {
    const dc = this.#dc;
    this.#dc = null;
    this.#resume?.detached();
    if (dc) dc.onopen = dc.onclose = dc.onmessage = dc.onbufferedamountlow = null;
  }

  /** Another instance of the peer is on the other side. @internal */
  restarted(): void {
    this.#resume?.restarted();
    if (this.#resume?.lost) this.lose(this.#resume.lost);
    if (this.#resume) this.#resume.lost = 0;
  }

  /** So many messages never arrived. @internal */
  lose(count: number): void {
    this.#warn(
      new SessionError('messages-lost', `${count} messages on the channel "${this.name}" were lost with the connection`),
    );
  }

  #pump(): void {
    while (this.#queue[0] && this.#dc?.readyState === 'open') {
      if (this.#resume ? this.#resume.full : this.#dc.bufferedAmount >= HIGH_BYTES) return;
      const { data, done, fail } = this.#queue.shift() as Waiting;
      try {
        if (this.#resume) this.#resume.push(data);
        else {
          // The overloads of send() take a string or bytes, not either.
          if (typeof data === 'string') this.#dc.send(data);
          else this.#dc.send(data);
          this.counts.sent++;
        }
        done();
      } catch (cause) {
        fail(new SessionError('message-size', `the browser refused a message on "${this.name}"`, { cause }));
      }
    }
  }

  #write(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#dc?.readyState !== 'open' || this.#dc.bufferedAmount >= HIGH_BYTES) return false;
    this.#dc.send(bytes);
    return true;
  }

  #deliver(data: ChannelData): void {
    if (!this.#inbox.deliver(data)) this.lose(1);
  }

  #closedError(): SessionError {
    return new SessionError('channel-closed', `the channel "${this.name}" is closed`);
  }
}
