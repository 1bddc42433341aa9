import type { Platform } from '../platform.js';

/** Payload bytes of one frame: what every engine takes (CORRECTNESS: 64 KiB where `max-message-size` is absent). */
const CHUNK = 60 * 1024;
/** Bytes kept until the peer has them; `send()` waits beyond. */
const KEEP = 4 * 1024 * 1024;
const ACK_EVERY = 256 * 1024;
const ACK_MS = 100;
const LAST = 1;
const TEXT = 2;
const ACK = 128;
const HEAD = 5;

/** One frame: flags, then the number as 32 bits, then the payload. PROTOCOL.md, "Resuming channels". */
function frame(flags: number, seq: number, payload: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD + payload.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, flags);
  view.setUint32(1, seq);
  bytes.set(payload, HEAD);
  return bytes;
}

/** Numbers, keeps, repeats and reassembles: what a resuming channel adds to a plain one. */
export class Resume {
  readonly #platform: Platform;
  readonly #message: (data: string | ArrayBuffer) => void;
  /** Hands a frame to the connection; false where there is none. */
  readonly #write: (bytes: Uint8Array<ArrayBuffer>) => boolean;
  readonly #room: () => void;
  /** Frames that the peer has not acknowledged. */
  #kept: Uint8Array<ArrayBuffer>[] = [];
  #keptBytes = 0;
  /** The number of the first kept frame. */
  #first = 1;
  /** How many of the kept frames this connection was given. */
  #given = 0;
  #synced = false;
  #received = 0;
  #parts: Uint8Array[] = [];
  #unackedBytes = 0;
  #stop: (() => void) | null = null;
  /** Messages whose beginning a reloaded peer will never have. */
  lost = 0;

  constructor(
    platform: Platform,
    hooks: { message(data: string | ArrayBuffer): void; write(bytes: Uint8Array<ArrayBuffer>): boolean; room(): void },
  ) {
    this.#platform = platform;
    this.#message = hooks.message;
    this.#write = hooks.write;
    this.#room = hooks.room;
  }

  get full(): boolean {
    return this.#keptBytes >= KEEP;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Takes one message; it is kept until acknowledged. */
  push(data: string | Uint8Array): void {
    const text = typeof data === 'string' ? TEXT : 0;
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    for (let at = 0; at === 0 || at < bytes.byteLength; at += CHUNK) {
      const last = at + CHUNK >= bytes.byteLength ? LAST : 0;
      const made = frame(text | last, this.#first + this.#kept.length, bytes.subarray(at, at + CHUNK));
      this.#kept.push(made);
      this.#keptBytes += made.byteLength;
    }
    this.flush();
  }

  /** Hands on as many kept frames as the connection takes. */
  flush(): void {
    if (!this.#synced) return;
    for (let next = this.#kept[this.#given]; next && this.#write(next); next = this.#kept[this.#given]) this.#given++;
  }

  /** A connection is open: tell what we have. Nothing is repeated before the peer has told the same. */
  opened(): void {
    this.#given = 0;
    this.#synced = this.#first === 1 && this.#received === 0;
    this.#write(frame(ACK, this.#received));
    this.flush();
  }

  /** The connection is gone. */
  detached(): void {
    this.#synced = false;
    this.#given = 0;
    this.#stop?.();
    this.#stop = null;
  }

  /** Another instance of the peer: numbers begin anew, and what the old one did not acknowledge is for the new one. */
  restarted(): void {
    this.#received = 0;
    this.#parts = [];
    // The rest of a message whose beginning was acknowledged by the old instance makes no sense to the new one.
    if (this.#midMessage) {
      const end = this.#kept.findIndex((bytes) => ((bytes[0] ?? 0) & LAST) !== 0);
      for (const dropped of this.#kept.splice(0, end + 1)) this.#keptBytes -= dropped.byteLength;
      this.lost++;
    }
    this.#midMessage = false;
    this.#first = 1;
    this.#kept.forEach((bytes, index) => void new DataView(bytes.buffer).setUint32(1, index + 1));
  }
  #midMessage = false;

  receive(buffer: ArrayBuffer): void {
    if (buffer.byteLength < HEAD) return;
    const view = new DataView(buffer);
    const flags = view.getUint8(0);
    const seq = view.getUint32(1);
    if (flags & ACK) return this.#acknowledged(seq);
    if (seq !== this.#received + 1) return; // A repeat after a rebuild.
    this.#received = seq;
    this.#unackedBytes += buffer.byteLength;
    this.#parts.push(new Uint8Array(buffer, HEAD));
    if (flags & LAST) {
      const parts = this.#parts.splice(0);
      const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.byteLength;
      }
      this.#message(flags & TEXT ? new TextDecoder().decode(whole) : whole.buffer);
    }
    if (this.#unackedBytes >= ACK_EVERY) this.#ack();
    else this.#stop ??= this.#platform.timer(() => this.#ack(), ACK_MS);
  }

  #ack(): void {
    this.#stop?.();
    this.#stop = null;
    this.#unackedBytes = 0;
    this.#write(frame(ACK, this.#received));
  }

  #acknowledged(seq: number): void {
    const gone = this.#kept.splice(0, Math.max(0, seq - this.#first + 1));
    for (const bytes of gone) {
      this.#keptBytes -= bytes.byteLength;
      this.#midMessage = ((bytes[0] ?? 0) & LAST) === 0;
    }
    this.#first += gone.length;
    this.#given = this.#synced ? Math.max(0, this.#given - gone.length) : 0;
    this.#synced = true;
    this.flush();
    this.#room();
  }
}
