import { parseClientMessage } from './client-message.js';
import { CLOSE } from './close-code.js';
import type { HubLimits } from './limits.js';
import { TokenBucket } from './token-bucket.js';

/** What the hub needs of a socket. Those of ws, Bun, Deno and Workers fit as they are. */
export interface HubSocket {
  /** Sends one text frame. */
  send(data: string): unknown;
  /** Starts the closing handshake. */
  close(code?: number, reason?: string): unknown;
  /** Bytes not yet handed to the network, where the socket tells. */
  readonly bufferedAmount?: number;
}

/** What a member asks of its room. */
export interface MemberOptions {
  readonly socket: HubSocket;
  readonly room: string;
  readonly peerId: string;
  readonly attempt: string;
  readonly limits: HubLimits;
  now(): number;
  /** Hands a text to one peer of the room, or to all others. Says whether there was anybody. */
  forward(text: string, to: string | undefined): boolean;
  /** The member is out, by whatever way. Called once. */
  left(): void;
}

/** One client in one room. */
export class Member {
  readonly #options: MemberOptions;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #in = true;

  constructor(options: MemberOptions) {
    this.#options = options;
    const { limits } = options;
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messageBurst, options.now());
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.byteBurst, options.now());
  }

  get peerId(): string {
    return this.#options.peerId;
  }

  get attempt(): string {
    return this.#options.attempt;
  }

  get room(): string {
    return this.#options.room;
  }

  /** A frame came from the client. */
  receive(data: unknown): void {
    if (!this.#in) return;
    const fault = this.#judge(sizeOf(data));
    if (fault) this.expel(...fault);
    else this.#take(data);
  }

  /** The limit that a frame of this size breaks. */
  #judge(size: number): readonly [code: number, reason: string] | undefined {
    const { limits } = this.#options;
    const now = this.#options.now();
    if (size > limits.messageBytes) return [CLOSE.tooBig, `a message is longer than ${limits.messageBytes} bytes`];
    if (!this.#messages.take(1, now)) return [CLOSE.tooFast, `more than ${limits.messagesPerSecond} messages per second`];
    if (!this.#bytes.take(size, now)) return [CLOSE.tooFast, `more than ${limits.bytesPerSecond} bytes per second`];
    return undefined;
  }

  #take(data: unknown): void {
    const message = parseClientMessage(data);
    if (message.type === 'ping') this.send('{"type":"pong"}');
    else if (message.type === 'bad') this.#complain('bad-message', message.why);
    else if (message.type === 'signal') {
      const text = stamped(message.fields, this.peerId);
      if (text === undefined) this.#complain('bad-message', 'the message is nested too deeply');
      else if (!this.#options.forward(text, message.to) && message.to !== undefined) {
        this.#complain('unknown-peer', 'the peer that "to" names is not in this room', message.to);
      }
    }
  }

  /** Sends one text to the client, unless it reads too slowly to take more. */
  send(text: string): void {
    if (!this.#in) return;
    const { socket, limits } = this.#options;
    if ((socket.bufferedAmount ?? 0) > limits.bufferedBytes) {
      this.expel(CLOSE.tooSlow, 'reading too slowly');
      return;
    }
    try {
      socket.send(text);
    } catch {
      // Deno and Workers throw on a socket that closes; its end is told by closed().
    }
  }

  /** Out of the room, and the socket closed with a reason. */
  expel(code: number, reason: string): void {
    if (!this.#in) return;
    this.closed();
    closeSocket(this.#options.socket, code, reason);
  }

  /** The socket is gone. */
  closed(): void {
    if (!this.#in) return;
    this.#in = false;
    this.#options.left();
  }

  #complain(code: string, message: string, to?: string): void {
    this.send(JSON.stringify({ type: 'error', code, message, ...(to !== undefined && { to: to.slice(0, 128) }) }));
  }
}

/** Closes a socket that may be closed or broken already. */
export function closeSocket(socket: HubSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // It is gone, which is what was wanted.
  }
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data.byteLength : 0;
}

/** The message with the sender's true address. `undefined`: nested so deeply that it cannot be written. */
function stamped(fields: Readonly<Record<string, unknown>>, from: string): string | undefined {
  try {
    return JSON.stringify({ ...fields, from });
  } catch {
    return undefined; // RangeError: JSON.stringify recurses where JSON.parse does not
  }
}
