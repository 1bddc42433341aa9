import { FakeErrorEvent, FakeEvent, FakeMessageEvent } from './fake-event.js';
import { FakeEventTarget } from './fake-event-target.js';
import { domError } from './rtc-error.js';

/** What `send` takes, made ready to travel. */
export type Payload = string | Uint8Array<ArrayBuffer>;

/** What a channel needs of its connection. */
export interface ChannelHooks {
  task(fn: () => void): void;
  maxMessageSize(): number;
  readonly sendQueueLimit: number;
  readonly blobsFallBehind: boolean;
  readonly sendsWhileClosing: boolean;
  /** Hands one message to the association; `sent` when it left the buffer. */
  send(channel: FakeDataChannel, payload: Payload, size: number, sent: () => void): void;
  /** The closing procedure of webrtc-pc 6.2.4 begins. */
  close(channel: FakeDataChannel): void;
}

type Handler<E extends Event> = ((this: RTCDataChannel, event: E) => unknown) | null;

function sizeOf(payload: Payload): number {
  return typeof payload === 'string' ? new TextEncoder().encode(payload).length : payload.byteLength;
}

/** A copy: what the script changes afterwards does not travel. */
function copyOf(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): Payload {
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  // WebIDL: anything else is a string, `send(null)` sends "null" (CORRECTNESS 6.1).
  return String(data);
}

/** webrtc-pc 6.2. */
export class FakeDataChannel extends FakeEventTarget implements RTCDataChannel {
  readonly label: string;
  readonly ordered: boolean;
  readonly maxPacketLifeTime: number | null;
  readonly maxRetransmits: number | null;
  readonly protocol: string;
  readonly negotiated: boolean;
  bufferedAmountLowThreshold = 0;
  /** `arraybuffer` by default in both browsers now (CORRECTNESS 6.8). */
  binaryType: BinaryType = 'arraybuffer';
  onbufferedamountlow: Handler<Event> = null;
  onclose: Handler<Event> = null;
  onclosing: Handler<Event> = null;
  onerror: Handler<RTCErrorEvent> = null;
  onmessage: Handler<MessageEvent> = null;
  onopen: Handler<Event> = null;
  /** Stream id; known when the DTLS role is, unless negotiated (RFC 8832 6). */
  streamId: number | null;
  messagesSent = 0;
  bytesSent = 0;
  messagesReceived = 0;
  bytesReceived = 0;
  readonly #hooks: ChannelHooks;
  #state: RTCDataChannelState = 'connecting';
  #buffered = 0;
  /** A Blob is read first; what comes behind it waits (webrtc-pc 6.2.3), or does not. */
  #blobs: Promise<void> | null = null;

  constructor(hooks: ChannelHooks, label: string, init: RTCDataChannelInit) {
    super();
    this.#hooks = hooks;
    this.label = label;
    this.ordered = init.ordered ?? true;
    this.maxPacketLifeTime = init.maxPacketLifeTime ?? null;
    this.maxRetransmits = init.maxRetransmits ?? null;
    this.protocol = init.protocol ?? '';
    this.negotiated = init.negotiated ?? false;
    this.streamId = init.id ?? null;
  }

  get id(): number | null {
    return this.streamId;
  }
  get readyState(): RTCDataChannelState {
    return this.#state;
  }
  get bufferedAmount(): number {
    return this.#buffered;
  }

  send(data: string | Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
    if (this.#state === 'closing' && this.#hooks.sendsWhileClosing) return;
    if (this.#state !== 'open') throw domError('InvalidStateError', `RTCDataChannel.readyState is not 'open'`);
    const isBlob = typeof Blob !== 'undefined' && data instanceof Blob;
    const payload = isBlob ? null : copyOf(data as string | ArrayBuffer | ArrayBufferView<ArrayBuffer>);
    const size = isBlob ? data.size : payload === null ? 0 : sizeOf(payload);
    if (size > this.#hooks.maxMessageSize()) {
      throw new TypeError(`The message of ${size} bytes is larger than maxMessageSize (${this.#hooks.maxMessageSize()}).`);
    }
    if (this.#buffered + size > this.#hooks.sendQueueLimit) throw domError('OperationError', 'RTCDataChannel send queue is full');
    this.#buffered += size;
    if (payload !== null && (this.#blobs === null || this.#hooks.blobsFallBehind)) {
      this.#hand(payload, size);
      return;
    }
    const bytes = isBlob ? data.arrayBuffer().then(copyOf) : Promise.resolve(payload ?? '');
    const queue = (this.#blobs ?? Promise.resolve()).then(async () => {
      this.#hand(await bytes, size);
      if (this.#blobs === queue) this.#blobs = null;
    });
    this.#blobs = queue;
  }

  #hand(payload: Payload, size: number): void {
    this.messagesSent += 1;
    this.bytesSent += size;
    this.#hooks.send(this, payload, size, () => {
      // "Queue a task to decrease [[BufferedAmount]]" (6.2.3): never in the same turn as `send`.
      this.#hooks.task(() => this.#drained(size));
    });
  }

  #drained(size: number): void {
    const before = this.#buffered;
    this.#buffered -= size;
    const threshold = this.bufferedAmountLowThreshold;
    if (before > threshold && this.#buffered <= threshold) this.dispatchEvent(new FakeEvent('bufferedamountlow'));
  }

  /** 6.2.2: does not wait; what is buffered is still sent. */
  close(): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#state = 'closing';
    this.#hooks.close(this);
  }

  /** 6.2.5 "announce the data channel as open". */
  announceOpen(): void {
    if (this.becomeOpen()) this.dispatchEvent(new FakeEvent('open'));
  }

  /** Open already when `datachannel` fires, whose listener sets the handlers; `open` follows (6.2.6, both browsers). */
  announceRemote(tell: () => void): void {
    const opened = this.becomeOpen();
    tell();
    if (opened && this.#state === 'open') this.dispatchEvent(new FakeEvent('open'));
  }

  becomeOpen(): boolean {
    if (this.#state !== 'connecting') return false;
    this.#state = 'open';
    return true;
  }

  /** The peer reset its stream: ours follows. */
  remoteClosing(): void {
    if (this.#state !== 'open' && this.#state !== 'connecting') return;
    this.#state = 'closing';
    this.dispatchEvent(new FakeEvent('closing'));
    this.#hooks.close(this);
  }

  /** 6.2.4 "announce the data channel as closed", with `error` if the transport broke. */
  announceClosed(error?: RTCError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    if (error) this.dispatchEvent(new FakeErrorEvent(error));
    this.dispatchEvent(new FakeEvent('close'));
  }

  /** The transport under it ended. */
  transportEnded(tellsClosing: boolean, error?: RTCError): void {
    if (this.#state === 'open' && tellsClosing) {
      this.#state = 'closing';
      this.dispatchEvent(new FakeEvent('closing'));
    }
    this.announceClosed(error);
  }

  /** With its own connection, at once and silently (webrtc-pc 4.4.1.3). */
  closeSilently(): void {
    this.#state = 'closed';
  }

  deliver(payload: Payload): void {
    if (this.#state !== 'open' && this.#state !== 'closing') return;
    this.messagesReceived += 1;
    this.bytesReceived += sizeOf(payload);
    const data =
      typeof payload === 'string' ? payload : this.binaryType === 'blob' ? new Blob([payload]) : payload.slice().buffer;
    this.dispatchEvent(new FakeMessageEvent<string | Blob | ArrayBuffer>(data));
  }
}
