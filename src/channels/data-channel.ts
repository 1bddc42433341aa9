import { SessionError } from '../errors.js';
import { aborted, orAborted } from '../shared/deadline.js';
import type { Unsubscribe } from '../shared/events.js';
import type { ChannelHooks } from './channel-hooks.js';
import { type ChannelData, type ChannelOptions, RESUME_PROTOCOL } from './channel-options.js';
import { Inbox } from './inbox.js';
import { messageOf, type Waiting } from './message-of.js';
import { createResume, type Resume } from './resume.js';

/** The browser's buffer is filled up to `HIGH_BYTES` and again when it has drained to `LOW_BYTES`. */
const HIGH_BYTES = 1_048_576;
const LOW_BYTES = 262_144;
/** What was sent before the end may take so long; the word of it may come so much later than the end itself. */
const DRAIN_MS = 5_000;
const CLOSE_WORD_MS = 1_000;

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
  declare readonly name: string;
  /** As given to `session.channel()`. */
  declare readonly options: ChannelOptions;
  /** Resolves when the channel is open for the first time; rejects if it is closed before. */
  declare readonly opened: Promise<void>;
  readonly #hooks: ChannelHooks;
  #resolveOpened!: () => void;
  #rejectOpened!: (error: SessionError) => void;
  #dc: RTCDataChannel | null = null;
  #resume: Resume | null = null;
  #closed = false;
  #stopTimer: () => void = () => {};
  readonly #queue: Waiting[] = [];
  readonly #inbox = new Inbox<ChannelData>();
  /** Plain messages handed to, and taken from, the present connection. */
  #counts = { sent: 0, received: 0 };
  /** The same of all those before it: both sides compare after a rebuild. What was lost is taken out of `sent` when it is told. @internal */
  before: { sent: number; received: number } = { sent: 0, received: 0 };
  /** The app has asked for it. @internal */
  claimed = false;

  /** @internal */
  constructor(name: string, options: ChannelOptions, hooks: ChannelHooks) {
    this.name = name;
    this.options = options;
    this.#hooks = hooks;
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
    const message = messageOf(data);
    if (message === null) return Promise.reject(new SessionError('message-type', `cannot send ${data && typeof data}`));
    if (this.#closed) return Promise.reject(this.#closedError());
    if (signal?.aborted) return Promise.reject(aborted(signal));
    const sent = new Promise<void>((done, fail) => {
      this.#queue.push({ data: message, signal, done, fail });
    });
    this.#pump();
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
    this.end();
    this.#hooks.closed();
  }

  /** One side closed it: what was sent before is on its way, on a stream of its own. Told when that has closed, too. @internal */
  ending(gone: () => void): void {
    const dc = this.#dc;
    const end = (): void => {
      this.end();
      this.detach();
      gone();
    };
    if (!dc || dc.readyState === 'closed') return end();
    this.#stopTimer = this.#hooks.platform.timer(end, DRAIN_MS);
    dc.onclose = end;
  }

  /** It is over for the app. @internal */
  end(): void {
    this.#closed = true;
    if (this.#dc) this.#dc.onmessage = null;
    this.#dc?.close();
    const error = this.#closedError();
    for (const { fail } of this.#queue.splice(0)) fail(error);
    this.#rejectOpened(error);
    this.#inbox.close();
  }

  /** Takes over the channel of a new connection. @internal */
  attach(dc: RTCDataChannel): void {
    this.detach();
    this.#dc = dc;
    const { platform, met, lost } = this.#hooks;
    dc.binaryType = 'arraybuffer';
    dc.bufferedAmountLowThreshold = LOW_BYTES;
    if (dc.protocol === RESUME_PROTOCOL) {
      this.#resume ??= createResume({
        platform,
        message: (data) => this.#deliver(data),
        write: (bytes, before) => this.#write(bytes, before),
        room: () => this.#pump(),
      });
    }
    dc.onbufferedamountlow = () => {
      this.#resume?.flush();
      this.#pump();
    };
    dc.onmessage = ({ data }: MessageEvent<ChannelData>) => {
      met();
      if (!this.#resume) {
        this.#counts.received++;
        this.#deliver(data);
      } else if (typeof data !== 'string') this.#resume.receive(data);
    };
    const open = (): void => {
      met();
      this.#resume?.opened();
      this.#resolveOpened();
      this.#pump();
    };
    dc.onclose = () => {
      this.#stopTimer = platform.timer(lost, CLOSE_WORD_MS);
    };
    // Of a channel that the peer created the event is still to come.
    if (dc.readyState === 'open') open();
    else dc.onopen = open;
  }

  /** The connection is gone; another may come. @internal */
  detach(): void {
    const dc = this.#dc;
    this.#dc = null;
    this.#stopTimer();
    this.#resume?.detached();
    this.before.sent += this.#counts.sent;
    this.before.received += this.#counts.received;
    this.#counts = { sent: 0, received: 0 };
    if (dc) dc.onopen = dc.onclose = dc.onmessage = dc.onbufferedamountlow = null;
  }

  /** Another instance of the peer is on the other side. @internal */
  restarted(): void {
    this.before = { sent: 0, received: 0 };
    if (this.#resume?.restarted()) this.#lose(1);
  }

  /** The peer has received so many plain messages over all connections before: sums, since the word of them may be lost too. @internal */
  compare(received: number): void {
    const { maxRetransmits, maxPacketLifeTime } = this.options;
    const lost = this.before.sent - received;
    // Never more than were sent; but the peer may speak of an older channel of this name.
    if (!(lost > 0)) return;
    this.before.sent = received;
    if (maxRetransmits === undefined && maxPacketLifeTime === undefined) this.#lose(lost);
  }

  /** So many messages never arrived. */
  #lose(count: number): void {
    this.#hooks.warn(
      new SessionError('messages-lost', `${count} messages on the channel "${this.name}" were lost with the connection`),
    );
  }

  #pump(): void {
    while (this.#queue[0] && this.#dc?.readyState === 'open') {
      if (this.#resume ? this.#resume.full : this.#dc.bufferedAmount >= HIGH_BYTES) return;
      const { data, signal, done, fail } = this.#queue.shift() as Waiting;
      if (signal?.aborted) continue;
      try {
        if (this.#resume) this.#resume.push(data);
        else {
          // The overloads of send() take a string or bytes, not either.
          this.#dc.send(data as string);
          this.#counts.sent++;
        }
        done();
      } catch (cause) {
        fail(new SessionError('message-size', `the browser refused a message on "${this.name}"`, { cause }));
      }
    }
  }

  #write(bytes: Uint8Array<ArrayBuffer>, before: number): boolean {
    // In Chromium 156 it may stay high for ever, without `bufferedamountlow`: what the peer acknowledged is not in it, whatever it says.
    if (this.#dc?.readyState !== 'open' || Math.min(this.#dc.bufferedAmount, before) >= HIGH_BYTES) return false;
    this.#dc.send(bytes);
    return true;
  }

  #deliver(data: ChannelData): void {
    if (!this.#inbox.deliver(data)) this.#lose(1);
  }

  #closedError(): SessionError {
    return new SessionError('channel-closed', `the channel "${this.name}" is closed`);
  }
}
