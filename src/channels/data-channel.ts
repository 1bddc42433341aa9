import { SessionError } from '../errors.js';
import type { Unsubscribe } from '../shared/events.js';
import type { ChannelHooks } from './channel-hooks.js';
import { type ChannelData, type ChannelOptions, isLossy, RESUME_PROTOCOL } from './channel-options.js';
import { Inbox } from './inbox.js';
import { type Message, Outbox } from './outbox.js';
import { createResume, type Resume } from './resume.js';
import { Tally } from './tally.js';

/** The browser's buffer is filled up to `HIGH_BYTES` and again when it has drained to `LOW_BYTES`. */
const HIGH_BYTES = 1_048_576;
const LOW_BYTES = 262_144;
/** The stream of a closed channel may take so long to close. */
const DRAIN_MS = 5_000;
/** A channel of the peer's that has not brought anything is written to so long after it came. */
const START_MS = 20;

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
  #started = false;
  #stopTimer: () => void = () => {};
  readonly #outbox: Outbox = new Outbox(
    () => this.#hasRoom(),
    (data) => this.#hand(data),
  );
  readonly #inbox = new Inbox<ChannelData>();
  /** Of plain messages. @internal */
  readonly tally: Tally = new Tally();
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
   * while the channel is not open; until the `signal` of `options` aborts.
   *
   * @throws SessionError `message-type`, `message-size` (plain channels: above the peer's limit, 256 kB in Chromium),
   * `channel-closed`, `aborted`
   */
  send(data: string | ArrayBuffer | ArrayBufferView, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#outbox.add(data, options.signal);
  }

  /** Hears every message from now on; the first listener also hears those that came before it. Returns its undoing. */
  onMessage(listener: (data: ChannelData) => void): Unsubscribe {
    return this.#inbox.listen(listener);
  }

  /** Every message, until the channel is closed. */
  [Symbol.asyncIterator](): AsyncGenerator<ChannelData, void, void> {
    return this.#inbox.iterate();
  }

  /** Closes it on both sides, when all that was sent has arrived. What `send()` has not handed over yet is rejected. */
  close(): void {
    if (this.#closed) return;
    this.#finish();
    this.#hooks.closed();
  }

  /** How many messages the peer is to have before the stream is closed; undefined where there is no stream. @internal */
  get sent(): number | undefined {
    return this.#dc ? (isLossy(this.options) ? 0 : (this.#resume?.sent ?? this.tally.sent)) : undefined;
  }

  /** How many messages of the present stream are here. @internal */
  get received(): number {
    return this.#resume?.received ?? this.tally.received;
  }

  /** Over, for the app and on the wire: closes the stream. @internal */
  end(gone: () => void = () => {}): void {
    this.#finish();
    const dc = this.#dc;
    const over = (): void => {
      this.detach();
      gone();
    };
    if (!dc || dc.readyState === 'closed') return over();
    this.#stopTimer();
    this.#stopTimer = this.#hooks.platform.timer(over, DRAIN_MS);
    dc.onclose = over;
    dc.close();
  }

  /** Over for the app. */
  #finish(): void {
    this.#closed = true;
    const error = new SessionError('channel-closed', `the channel "${this.name}" is closed`);
    this.#outbox.end(error);
    this.#rejectOpened(error);
    this.#inbox.close();
  }

  /** Takes over the channel of a new connection. @internal */
  attach(dc: RTCDataChannel): void {
    this.detach();
    this.#dc = dc;
    const { platform, met, lost, received } = this.#hooks;
    dc.binaryType = 'arraybuffer';
    dc.bufferedAmountLowThreshold = LOW_BYTES;
    if (dc.protocol === RESUME_PROTOCOL) {
      this.#resume ??= createResume({
        platform,
        message: (data) => this.#deliver(data),
        write: (bytes, before) => this.#write(bytes, before),
        room: () => this.#outbox.pump(),
      });
    }
    dc.onbufferedamountlow = () => {
      this.#resume?.flush();
      this.#outbox.pump();
    };
    dc.onmessage = ({ data }: MessageEvent<ChannelData>) => {
      met();
      if (dc.readyState === 'open') start();
      if (!this.#resume) {
        this.tally.received++;
        this.#deliver(data);
      } else if (typeof data !== 'string') this.#resume.receive(data);
      received();
    };
    const start = (): void => {
      if (this.#dc !== dc || this.#started) return;
      this.#started = true;
      this.#stopTimer();
      this.#resume?.opened();
      this.#outbox.pump();
    };
    // The peer created it. Chromium 156 calls it open before it is, and drops what is sent on it until then.
    const theirs = dc.readyState === 'open';
    const open = (): void => {
      met();
      this.#resolveOpened();
      if (theirs) this.#stopTimer = platform.timer(start, START_MS);
      else start();
    };
    dc.onclose = () => {
      if (!this.#closed) lost();
    };
    if (theirs) open();
    else dc.onopen = open;
  }

  /** The connection is gone; another may come. @internal */
  detach(): void {
    const dc = this.#dc;
    this.#dc = null;
    this.#started = false;
    this.#stopTimer();
    this.#resume?.detached();
    this.tally.carryOver();
    if (dc) dc.onopen = dc.onclose = dc.onmessage = dc.onbufferedamountlow = null;
  }

  /** Another instance of the peer is on the other side. @internal */
  restarted(): void {
    this.tally.restarted();
    if (this.#resume?.restarted()) this.#lose(1);
  }

  /** The peer has received so many plain messages over all connections before: sums, since the word of them may be lost too. @internal */
  compare(received: number): void {
    const lost = this.tally.missing(received);
    if (lost > 0 && !isLossy(this.options)) this.#lose(lost);
  }

  /** So many messages never arrived. */
  #lose(count: number): void {
    this.#hooks.warn(
      new SessionError('messages-lost', `${count} messages on the channel "${this.name}" were lost with the connection`),
    );
  }

  /** There is room in the browser's buffer, or in ours. */
  #hasRoom(): boolean {
    if (!this.#started || this.#dc?.readyState !== 'open') return false;
    return this.#resume ? !this.#resume.full : this.#dc.bufferedAmount < HIGH_BYTES;
  }

  #hand(data: Message): void {
    if (this.#resume) return this.#resume.push(data);
    // The overloads of send() take a string or bytes, not either.
    this.#dc?.send(data as string);
    this.tally.sent++;
  }

  #write(bytes: Uint8Array<ArrayBuffer>, before: number): boolean {
    // In Chromium 156 it may stay high for ever, without `bufferedamountlow`: what the peer acknowledged is not in it, whatever it says.
    if (this.#dc?.readyState !== 'open' || Math.min(this.#dc.bufferedAmount, before) >= HIGH_BYTES) return false;
    this.#dc.send(bytes);
    return true;
  }

  #deliver(data: ChannelData): void {
    if (!this.#closed && !this.#inbox.deliver(data)) this.#lose(1);
  }
}
