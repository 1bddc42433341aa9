import { isStun, type StunBody } from '../network/ice-server.js';
import type { Carrier, Endpoint, NetworkHost, Socket } from '../network/network-host.js';

/** Called with what arrives on a path. */
export type PathListener = (path: IcePath, from: Endpoint, body: unknown, bytes: number) => void;

/** One way out of this machine: a socket, or an address on a relay. The base of candidates (RFC 8445 4). */
export interface IcePath {
  readonly kind: 'host' | 'relay';
  /** Where the peer's packets have to go. */
  readonly local: Endpoint;
  readonly relayProtocol: Carrier | null;
  send(to: Endpoint, body: unknown, bytes: number): void;
  close(): void;
}

/** A path over a socket of our own; STUN answers are taken out of its stream. */
export function hostPath(
  host: NetworkHost,
  address: string,
  receive: PathListener,
  onStun: (body: StunBody) => void,
): IcePath & { readonly socket: Socket } {
  const socket = host.bind(address, 'udp', (from, body, bytes) => {
    if (isStun(body)) onStun(body);
    else receive(path, from, body, bytes);
  });
  const path = {
    kind: 'host' as const,
    local: socket.local,
    relayProtocol: null,
    socket,
    send: (to: Endpoint, body: unknown, bytes: number) => socket.send(to, body, bytes),
    close: () => socket.close(),
  };
  return path;
}

/** How a TURN server is reached. */
export interface RelayTarget {
  readonly server: Endpoint;
  readonly carrier: Carrier;
  readonly username: string;
  readonly credential: string;
}

/** RFC 8656 7.2: refreshed well before the ten minutes are over. */
const REFRESH_MS = 540_000;

/** Asks a TURN server for an address. `settle` hears the path, or the code of the refusal; neither where nothing answers. */
export function openRelay(
  host: NetworkHost,
  address: string,
  target: RelayTarget,
  receive: PathListener,
  quiet: (fn: () => void, ms: number) => () => void,
  settle: (result: { path: IcePath; mapped: Endpoint } | { code: number }) => void,
): () => void {
  let cancelTimer: () => void = () => undefined;
  let path: IcePath | null = null;
  let settled = false;
  const ask = (): void => {
    const { username, credential } = target;
    socket.send(target.server, { stun: 'allocate', tx: 0, username, credential } satisfies StunBody, 150);
    // Until it is answered every half second (RFC 8489 6.2.1), later as a refresh.
    cancelTimer = quiet(ask, settled ? REFRESH_MS : 500);
  };
  const socket = host.bind(address, target.carrier, (_from, body, bytes) => {
    if (!isStun(body)) return;
    if (body.stun === 'data') {
      if (path) receive(path, body.from, body.body, bytes);
    } else if (!settled && body.stun === 'refused') {
      settled = true;
      close();
      settle({ code: body.code });
    } else if (!settled && body.stun === 'allocated') {
      settled = true;
      cancelTimer();
      cancelTimer = quiet(ask, REFRESH_MS);
      path = {
        kind: 'relay',
        local: body.relayed,
        relayProtocol: target.carrier,
        send: (to, inner, size) => socket.send(target.server, { stun: 'send', to, body: inner } satisfies StunBody, size + 36),
        close,
      };
      settle({ path, mapped: body.mapped });
    }
  });
  const close = (): void => {
    cancelTimer();
    socket.close();
  };
  ask();
  return close;
}
