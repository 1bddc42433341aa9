import type { IncomingMessage } from 'node:http';
import { parseUrl } from './parse-url.js';

/** Who asks for what, as `authorize` sees it. Nothing in it is proven. */
export interface JoinRequest {
  /** `join`: a WebSocket into a room. `ice`: the ICE servers, with TURN credentials if the server has a secret. */
  readonly purpose: 'join' | 'ice';
  /** The whole address asked for. */
  readonly url: URL;
  /** The headers of the request, cookies and `authorization` among them. */
  readonly headers: Headers;
  /** The room asked for; empty where none is named. */
  readonly room: string;
  /** The peer id asked for; empty where none is named. */
  readonly peerId: string;
  /** Which attempt of which client this is, `<client>.<number>`: an older one that arrives late does not replace a newer. */
  readonly attempt: string;
  /** The subprotocols offered: the place of a token (`['peer-session', token]`). */
  readonly protocols: readonly string[];
  /** The page's origin; browsers always send it with a WebSocket. */
  readonly origin: string | undefined;
  /** The address of the next hop: behind a proxy, the proxy's. */
  readonly address: string | undefined;
}

/**
 * What `authorize` says: no; yes; or yes, as this peer and in this room. Where it names a peer id, a client that claims another
 * is refused; the room it names replaces the one asked for.
 */
export type Authorization = boolean | { readonly peerId?: string; readonly room?: string };

/** Decides about one request. What it throws closes the client with 1011, to come back later. */
export type Authorize = (request: JoinRequest) => Authorization | Promise<Authorization>;

/** The address asked for, or `undefined` for what no client of ours would send. */
export function urlOf(request: IncomingMessage): URL | undefined {
  const path = request.url ?? '';
  return path.startsWith('/') && !path.startsWith('//') ? parseUrl(path, 'http://localhost') : undefined;
}

/** Puts together what `authorize` sees. */
export function joinRequestOf(purpose: JoinRequest['purpose'], request: IncomingMessage, path: URL): JoinRequest {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const offered = request.headers['sec-websocket-protocol'];
  const url = parseUrl(path.pathname + path.search, `http://${request.headers.host ?? 'localhost'}`) ?? path;
  return {
    purpose,
    url,
    headers,
    room: url.searchParams.get('room') ?? '',
    peerId: url.searchParams.get('peer') ?? '',
    attempt: url.searchParams.get('attempt') ?? '',
    protocols: offered === undefined ? [] : offered.split(',').map((one) => one.trim()),
    origin: request.headers.origin,
    address: request.socket.remoteAddress,
  };
}
