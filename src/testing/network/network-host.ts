/** What a packet travels in. */
export type Carrier = 'udp' | 'tcp' | 'tls';

/** A transport address. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Called with each packet: where it seems to come from, what is in it, its size. */
export type PacketListener = (from: Endpoint, body: unknown, bytes: number) => void;

/** A bound socket of a host. */
export interface Socket {
  readonly local: Endpoint;
  readonly carrier: Carrier;
  /** What cannot arrive is lost silently, as with UDP. */
  send(to: Endpoint, body: unknown, bytes: number): void;
  close(): void;
}

/** A machine as the engine sees it. */
export interface NetworkHost {
  readonly name: string;
  /** The addresses of its interfaces; none while they are down. */
  readonly addresses: readonly string[];
  bind(address: string, carrier: Carrier, receive: PacketListener): Socket;
  /** Heard when interfaces come, go, or change their address. */
  onChange(listener: () => void): () => void;
  /** The public address behind a name of a server, or `null`. */
  resolve(name: string): string | null;
  /** An mDNS name for one of its addresses, and back: only machines of the same network hear each other. */
  mdnsName(address: string): string;
  mdnsResolve(name: string): string | null;
}

export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port;
}

/** `address:port`, IPv6 in brackets; to use as a key. */
export function endpointKey(endpoint: Endpoint): string {
  return `${endpoint.address}|${endpoint.port}`;
}
