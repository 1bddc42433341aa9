import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLOSE } from './close-code.js';
import { createHub, type Hub } from './hub.js';
import type { IceServerEntry, TurnOptions } from './ice-answer.js';
import type { Authorize } from './join-request.js';
import { DEFAULT_LIMITS, type HubLimits } from './limits.js';
import type { Origins } from './origins.js';
import { SocketDoor } from './socket-door.js';
import type { StaticFolders } from './static-files.js';
import { answer } from './web-pages.js';
import { loadWs } from './ws-package.js';

/** What `createServer()` takes; all of it has defaults. */
export interface ServerOptions {
  /** The port; 0 takes a free one. @defaultValue `8080` */
  readonly port?: number;
  /** The address to listen on. @defaultValue all of this machine */
  readonly host?: string;
  /** Where WebSockets are taken. @defaultValue `'/signal'` */
  readonly path?: string;
  /** Decides who may come in, as whom, and who gets ICE servers. @defaultValue everybody, as whom they say */
  readonly authorize?: Authorize;
  /** Pages that may use the server. @defaultValue those of the same host name */
  readonly origins?: Origins;
  /** Bounds per client, room and hub; what is left out keeps its default. */
  readonly limits?: Partial<HubLimits>;
  /** Between two WebSocket pings, in milliseconds; a client that misses one is dropped with the next. @defaultValue `10000` */
  readonly heartbeatMs?: number;
  /** Folders to serve, by the prefix of the address. @defaultValue none */
  readonly files?: StaticFolders;
  /** Servers that `GET /ice` names as they are. @defaultValue none */
  readonly iceServers?: readonly IceServerEntry[];
  /** The TURN server that `GET /ice` makes credentials for. @defaultValue none */
  readonly turn?: TurnOptions;
  /** Key and certificate in PEM, for https and wss. @defaultValue plain http */
  readonly tls?: { readonly cert: string | Uint8Array; readonly key: string | Uint8Array };
}

/** How a server ends. */
export interface CloseOptions {
  /** Clients are told 1012 instead of 1001. Sessions come back after either. @defaultValue `false` */
  readonly restarting?: boolean;
  /** How long clients have for the closing handshake before they are cut off, in milliseconds. @defaultValue `2000` */
  readonly graceMs?: number;
}

/** A running server. */
export interface SignalingServer {
  /** The port it listens on. */
  readonly port: number;
  /** The address of its pages on this machine, e.g. `http://localhost:8080/`. */
  readonly url: string;
  /** The address for `webSocket()` on this machine, e.g. `ws://localhost:8080/signal`. */
  readonly signalUrl: string;
  /** Rooms and presence. */
  readonly hub: Hub;
  /** Tells the clients, takes nobody new, and resolves when the port is free. Idempotent. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Starts the signaling server of Node: the hub behind a WebSocket at `/signal`, ICE servers at `GET /ice`, and files.
 * Needs the package ws.
 *
 * @throws SessionError `unsupported` where ws is not installed; the error of `listen()` where the port is taken (`EADDRINUSE`).
 * @example
 * ```ts
 * import { createServer } from 'peer-session/server';
 *
 * const server = await createServer({ port: 8080, origins: ['https://app.example.com'] });
 * process.once('SIGTERM', () => void server.close());
 * ```
 */
export async function createServer(options: ServerOptions = {}): Promise<SignalingServer> {
  const { port = 8080, host, path = '/signal', authorize, origins, heartbeatMs = 10_000, turn, tls } = options;
  const { files = {}, iceServers = [] } = options;
  const limits: HubLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const { WebSocketServer } = await loadWs();
  const listener: RequestListener = (request, response) =>
    void answer(request, response, { authorize, origins, files, iceServers, turn });
  const http = tls
    ? (await import('node:https')).createServer({ cert: asPem(tls.cert), key: asPem(tls.key) }, listener)
    : (await import('node:http')).createServer(listener);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false, // a few kB of it can become gigabytes
    // The name of our protocol rather than the token beside it, which would come back in the answer.
    handleProtocols: (offered) => (offered.has('peer-session') ? 'peer-session' : ([...offered][0] ?? false)),
  });
  await listen(http, port, host);
  const hub = createHub({ limits });
  const door = new SocketDoor(sockets, { path, hub, authorize, origins, heartbeatMs });
  http.on('upgrade', (request, socket, head) => door.upgrade(request, socket, head));
  const { port: actual } = http.address() as AddressInfo;
  const place = `${nameOf(host)}:${actual}`;
  let closed: Promise<void> | undefined;
  return {
    port: actual,
    url: `${tls ? 'https' : 'http'}://${place}/`,
    signalUrl: `${tls ? 'wss' : 'ws'}://${place}${path}`,
    hub,
    close: (how) => (closed ??= shutDown(http, hub, door, how)),
  };
}

async function shutDown(
  http: Server,
  hub: Hub,
  door: SocketDoor,
  { restarting = false, graceMs = 2_000 }: CloseOptions = {},
): Promise<void> {
  const code = restarting ? CLOSE.restarting : CLOSE.goingAway;
  const reason = restarting ? 'the server restarts' : 'the server stops';
  const freed = new Promise<void>((resolve) => void http.close(() => resolve()));
  hub.close(code, reason);
  await door.close(code, reason, graceMs);
  http.closeAllConnections();
  await freed;
}

function listen(http: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ port, ...(host !== undefined && { host }) }, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

/** How this machine calls the address it listens on. */
function nameOf(host: string | undefined): string {
  if (host === undefined || ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

const asPem = (pem: string | Uint8Array): string => (typeof pem === 'string' ? pem : new TextDecoder().decode(pem));
