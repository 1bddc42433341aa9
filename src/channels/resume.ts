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

/** What a resuming channel needs, and where it reports. */
export interface ResumeHooks {
  readonly platform: Platform;
  message(data: string | ArrayBuffer): void;
  /** Hands a frame to the connection; false where there is none, or no room behind so many bytes that the peer may not have. */
  write(bytes: Uint8Array<ArrayBuffer>, before: number): boolean;
  /** There may be room for more. */
  room(): void;
}

/** Numbers, keeps, repeats and reassembles: what a resuming channel adds to a plain one. */
export interface Resume {
  readonly full: boolean;
  readonly keptBytes: number;
  /** The number of the last frame taken, and of the last one heard. */
  readonly sent: number;
  readonly received: number;
  /** Takes one message; it is kept until acknowledged. */
  push(data: string | Uint8Array): void;
  /** Hands on as many kept frames as the connection takes. */
  flush(): void;
  /**
   * A connection is open: tell what we have. Nothing is repeated before the peer has told the same; it may have done so already
   * (Chromium 156: on a live connection, who creates a channel hears messages on it before `open`).
   */
  opened(): void;
  /** The connection is gone. */
  detached(): void;
  /**
   * Another instance of the peer: numbers begin anew, and what the old one did not acknowledge is for the new one. Says whether a message
   * was lost: one whose beginning the new one will never have.
   */
  restarted(): boolean;
  receive(buffer: ArrayBuffer): void;
}

const isLast = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & LAST) !== 0;

export function createResume({ platform, message, write, room }: ResumeHooks): Resume {
  /** Frames that the peer has not acknowledged. */
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let keptBytes = 0;
  /** The number of the first kept frame. */
  let first = 1;
  /** How many of the kept frames this connection was given. */
  let given = 0;
  let givenBytes = 0;
  let synced = false;
  /** The last frame that the peer acknowledged was not the end of its message. */
  let midMessage = false;
  let received = 0;
  let parts: Uint8Array[] = [];
  let unackedBytes = 0;
  let stopAck: (() => void) | null = null;

  const drop = (count: number): void => {
    for (const bytes of kept.splice(0, count)) {
      keptBytes -= bytes.byteLength;
      // Of an earlier connection, if none was given to this one.
      if (given > 0) {
        given--;
        givenBytes -= bytes.byteLength;
      }
      midMessage = !isLast(bytes);
      first++;
    }
  };

  const flush = (): void => {
    if (!synced) return;
    for (let next = kept[given]; next && write(next, givenBytes); next = kept[given]) {
      given++;
      givenBytes += next.byteLength;
    }
  };

  const calm = (): void => {
    stopAck?.();
    stopAck = null;
  };

  const ack = (): void => {
    calm();
    unackedBytes = 0;
    write(frame(ACK, received), 0);
  };

  return {
    get full() {
      return keptBytes >= KEEP;
    },
    get keptBytes() {
      return keptBytes;
    },
    get sent() {
      return first + kept.length - 1;
    },
    get received() {
      return received;
    },
    push(data) {
      const text = typeof data === 'string' ? TEXT : 0;
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
      for (let at = 0; at === 0 || at < bytes.byteLength; at += CHUNK) {
        const last = at + CHUNK >= bytes.byteLength ? LAST : 0;
        const made = frame(text | last, first + kept.length, bytes.subarray(at, at + CHUNK));
        kept.push(made);
        keptBytes += made.byteLength;
      }
      flush();
    },
    flush,
    opened() {
      synced ||= first === 1 && received === 0;
      write(frame(ACK, received), 0);
      flush();
    },
    detached() {
      synced = false;
      given = givenBytes = 0;
      calm();
    },
    restarted() {
      const lost = midMessage;
      // The rest of a message whose beginning was acknowledged by the old instance makes no sense to the new one.
      if (lost) drop(kept.findIndex(isLast) + 1);
      received = 0;
      parts = [];
      first = 1;
      kept.forEach((bytes, index) => void new DataView(bytes.buffer).setUint32(1, index + 1));
      return lost;
    },
    receive(buffer) {
      if (buffer.byteLength < HEAD) return;
      const view = new DataView(buffer);
      const flags = view.getUint8(0);
      const seq = view.getUint32(1);
      if (flags & ACK) {
        drop(Math.max(0, seq - first + 1));
        synced = true;
        flush();
        return room();
      }
      if (seq !== received + 1) return; // A repeat after a rebuild.
      received = seq;
      unackedBytes += buffer.byteLength;
      parts.push(new Uint8Array(buffer, HEAD));
      if (flags & LAST) {
        const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
        let at = 0;
        for (const part of parts.splice(0)) {
          whole.set(part, at);
          at += part.byteLength;
        }
        message(flags & TEXT ? new TextDecoder().decode(whole) : whole.buffer);
      }
      if (unackedBytes >= ACK_EVERY) ack();
      else stopAck ??= platform.timer(ack, ACK_MS);
    },
  };
}
