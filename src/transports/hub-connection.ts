import { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import type { SignalMessage } from '../signaling/message.js';
import type { SignalingChannel, SignalingContext } from '../signaling/transport.js';
import { Heartbeat } from './heartbeat.js';
import { judgeClose } from './judge-close.js';
import { parseIncoming, type ServerFrame } from './server-frame.js';
import type { WebSocketLike } from './web-socket-like.js';

const OPEN = 1;

/** What one connection to the hub is made of. */
export interface HubConnectionOptions {
  readonly socket: WebSocketLike;
  readonly context: SignalingContext;
  /** Host and path, for messages. */
  readonly address: string;
  readonly heartbeatMs: number;
  readonly answerMs: number;
  readonly clock: Pick<Platform, 'now' | 'timer'>;
}

/** One socket to a hub, from its opening to its end. It ends once, and what happens after that is not told. */
export class HubConnection implements SignalingChannel {
  /** Settles with the hub's welcome, or with what stands in its way. */
  readonly opened: Promise<void>;
  readonly #options: HubConnectionOptions;
  #resolve: () => void = () => undefined;
  #reject: (error: SessionError) => void = () => undefined;
  #phase: 'opening' | 'open' | 'ended' = 'opening';
  #heartbeat: Heartbeat | undefined;
  #cause: unknown;

  constructor(options: HubConnectionOptions) {
    this.#options = options;
    this.opened = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { socket } = options;
    socket.addEventListener('message', ({ data }) => this.#take(data));
    socket.addEventListener('error', ({ error, message }) => {
      this.#cause = error ?? message; // browsers tell nothing here; `close` follows in any case
    });
    socket.addEventListener('close', ({ code = 1006, reason = '' }) => this.#closed(code, reason));
  }

  send(message: SignalMessage): void {
    const { socket, address } = this.#options;
    if (this.#phase !== 'open' || socket.readyState !== OPEN) {
      throw new SessionError('signaling-lost', `The connection to ${address} is closed.`);
    }
    socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#end(() => undefined);
    // The closing handshake comes after what was sent: the last word of the session still leaves.
    this.#options.socket.close(1000, 'closed');
  }

  /** Gives up on the socket: it is taking too long, is not wanted any more, or is half dead. */
  fail(error: SessionError): void {
    const { socket, context } = this.#options;
    const wasOpen = this.#phase === 'open';
    this.#end(() => (wasOpen ? context.lost(error) : this.#reject(error)));
    // The closing handshake of a half-dead socket would be waited for; where it can be torn down, it is.
    if (socket.terminate) socket.terminate();
    else socket.close();
  }

  #take(data: unknown): void {
    if (this.#phase === 'ended') return;
    this.#heartbeat?.heard();
    const incoming = parseIncoming(data);
    if ('frame' in incoming) this.#takeFrame(incoming.frame);
    else this.#options.context.receive(incoming.message);
  }

  #takeFrame(frame: ServerFrame): void {
    const { socket, context } = this.#options;
    if (frame.type === 'ping') socket.send('{"type":"pong"}');
    if (frame.type === 'welcome' || frame.type === 'peers') context.peers(frame.peers);
    if (frame.type === 'welcome' && this.#phase === 'opening') this.#welcome();
  }

  #welcome(): void {
    const { socket, address, heartbeatMs, answerMs, clock } = this.#options;
    this.#phase = 'open';
    this.#heartbeat = new Heartbeat({
      heartbeatMs,
      answerMs,
      clock,
      ask: () => {
        if (socket.readyState === OPEN) socket.send('{"type":"ping"}');
      },
      dead: () => this.fail(new SessionError('signaling-lost', `${address} did not answer within ${answerMs} ms.`)),
    });
    this.#resolve();
  }

  #closed(code: number, reason: string): void {
    const { address, context } = this.#options;
    const wasOpen = this.#phase === 'open';
    const cause = this.#cause;
    const error = judgeClose({ code, reason, wasOpen, address, ...(cause !== undefined && { cause }) });
    this.#end(() => (wasOpen ? context.lost(error) : this.#reject(error)));
  }

  #end(tell: () => void): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#heartbeat?.stop();
    tell();
  }
}
