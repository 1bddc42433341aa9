import { isSessionError, SessionError } from '../errors.js';
import { browserPlatform } from '../platform.js';
import { aborted, orAborted } from '../shared/deadline.js';
import type { SignalingChannel, SignalingContext, SignalingTransport } from '../signaling/transport.js';
import { HubConnection } from './hub-connection.js';
import { shown, socketAddress } from './socket-address.js';
import type { WebSocketConstructor, WebSocketLike } from './web-socket-like.js';

/** What the functions of `webSocket()` are called with, once for each attempt. */
export interface AttemptContext {
  /** Aborted when the attempt is given up. */
  readonly signal: AbortSignal;
}

/** What `webSocket()` takes beside the address. Times in milliseconds. */
export interface WebSocketOptions {
  /** The room: sessions in the same room of the same server reach each other. 1 to 128 printable characters. */
  readonly room: string;
  /**
   * Subprotocols, or a function called at each attempt. The way to send a token that stays out of addresses and logs:
   * `['peer-session', token]`, RFC 6455 section 1.9. @defaultValue none
   */
  readonly protocols?: readonly string[] | ((context: AttemptContext) => readonly string[] | Promise<readonly string[]>);
  /** Silence after which the server is asked for a sign of life; `Infinity` switches that off. @defaultValue `5000` */
  readonly heartbeatMs?: number;
  /** How long it may take to give one before the socket counts as lost. @defaultValue `3000` */
  readonly answerMs?: number;
  /** From the start of an attempt to the server's welcome. @defaultValue `10000` */
  readonly openTimeoutMs?: number;
  /** Another implementation, e.g. that of the package ws. @defaultValue the global one */
  readonly WebSocket?: WebSocketConstructor;
}

/** The address of the server, or a function called at each attempt, for a fresh token or another server. */
export type WebSocketAddress = string | URL | ((context: AttemptContext) => string | URL | Promise<string | URL>);

/**
 * Speaks to the hub of `peer-session/server`, or to any server that speaks its protocol (guide "The signaling server"). It
 * knows presence. A half-dead socket is noticed `heartbeatMs + answerMs` after the last thing heard.
 *
 * @param url absolute, or relative to the page; ws, wss, http or https. `room`, `peer` and `attempt` are added to its query.
 * @throws SessionError `invalid-option` for a bad room. `connect` rejects with `signaling-open` where another try may help;
 * `signaling-refused`, `peer-id-taken`, `invalid-option` and `unsupported` are final; the first of them does not end a call that stands.
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { webSocket } from 'peer-session/transports';
 *
 * const token = async (): Promise<string> => (await fetch('/token')).text();
 * const session = createSession({
 *   transport: webSocket('wss://example.com/signal', {
 *     room: 'room-42',
 *     protocols: async () => ['peer-session', await token()],
 *   }),
 *   media: { audio: true, video: true },
 * });
 * ```
 */
export function webSocket(url: WebSocketAddress, options: WebSocketOptions): SignalingTransport {
  const { room } = options;
  if (typeof room !== 'string' || room === '' || room.length > 128) {
    throw new SessionError('invalid-option', 'webSocket(): "room" must be text of 1 to 128 characters.');
  }
  const client = browserPlatform().id();
  let attempts = 0;
  return { name: 'websocket', connect: (context) => open(url, options, context, `${client}.${++attempts}`) };
}

type Asked = [address: URL, protocols: string[]];

async function open(
  url: WebSocketAddress,
  options: WebSocketOptions,
  context: SignalingContext,
  attempt: string,
): Promise<SignalingChannel> {
  const { heartbeatMs = 5_000, answerMs = 3_000, openTimeoutMs = 10_000 } = options;
  if (context.signal.aborted) throw aborted(context.signal);
  const clock = browserPlatform();
  const life = new AbortController();
  const stop = (): void => life.abort(aborted(context.signal));
  context.signal.addEventListener('abort', stop, { once: true });
  const forget = clock.timer(() => life.abort(new SessionError('signaling-open', late(openTimeoutMs))), openTimeoutMs);
  try {
    const [address, protocols] = await ask(url, options, { peer: context.peerId, attempt }, life.signal);
    if (life.signal.aborted) throw life.signal.reason;
    const socket = createSocket(options.WebSocket, address, protocols);
    const connection = new HubConnection({ socket, context, address: shown(address), heartbeatMs, answerMs, clock });
    life.signal.addEventListener('abort', () => connection.fail(life.signal.reason as SessionError), { once: true });
    await connection.opened;
    return connection;
  } finally {
    forget();
    context.signal.removeEventListener('abort', stop);
  }
}

const late = (ms: number): string =>
  `No welcome from the server within ${ms} ms; is it a hub of peer-session/server, or one that speaks its protocol?`;

/** The app's own functions, side by side, each with the time that the attempt has. Where there are none, nothing is waited for. */
function ask(
  url: WebSocketAddress,
  { room, protocols = [] }: WebSocketOptions,
  query: { readonly peer: string; readonly attempt: string },
  signal: AbortSignal,
): Asked | Promise<Asked> {
  const made = (address: string | URL, list: readonly string[]): Asked => [socketAddress(address, { room, ...query }), [...list]];
  if (typeof url !== 'function' && typeof protocols !== 'function') return made(url, protocols);
  const called = async <T>(name: string, value: T | ((context: AttemptContext) => T | Promise<T>)): Promise<T> => {
    if (typeof value !== 'function') return value;
    try {
      return await (value as (context: AttemptContext) => T | Promise<T>)({ signal });
    } catch (cause) {
      if (isSessionError(cause)) throw cause; // the app's own word, final or not
      throw new SessionError('signaling-open', `webSocket(): the function "${name}" failed.`, { cause, hint: 'See `cause`.' });
    }
  };
  const asked = Promise.all([called<string | URL>('url', url), called<readonly string[]>('protocols', protocols)]);
  return orAborted(asked, signal).then(
    ([address, list]) => made(address, list),
    (error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    },
  );
}

function createSocket(given: WebSocketConstructor | undefined, address: URL, protocols: string[]): WebSocketLike {
  const Socket: WebSocketConstructor | undefined = given ?? (globalThis as Partial<typeof globalThis>).WebSocket;
  if (!Socket) {
    throw new SessionError('unsupported', 'There is no WebSocket here.', {
      hint: 'Hand in an implementation with the option `WebSocket`.',
    });
  }
  try {
    return new Socket(address.href, protocols);
  } catch (cause) {
    // A malformed subprotocol, or ws: from a page on https: the next try would throw the same.
    throw new SessionError('invalid-option', `webSocket(): the browser refuses to open ${shown(address)}.`, {
      cause,
      hint: 'Use wss: from a page on https; subprotocols are tokens without spaces and commas.',
    });
  }
}
