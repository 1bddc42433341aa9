import { type Carrier, type Endpoint, endpointKey, sameEndpoint } from './network-host.js';
import type { Packet } from './virtual-host.js';

/** How a STUN and TURN server is made. */
export interface IceServerOptions {
  /** The name in its URLs: `stun:NAME`, `turn:NAME`. */
  readonly name: string;
  /** With a username and a credential it is a TURN server. */
  readonly username?: string;
  /** The password that goes with it. */
  readonly credential?: string;
  /** What it listens to. @defaultValue UDP and TCP on 3478, TLS on 5349 and 443 */
  readonly ports?: Readonly<Record<Carrier, readonly number[]>>;
}

/** What is said to a STUN or TURN server, and by it. */
export type StunBody =
  | { readonly stun: 'binding'; readonly tx: number }
  | { readonly stun: 'bound'; readonly tx: number; readonly mapped: Endpoint }
  | { readonly stun: 'allocate'; readonly tx: number; readonly username: string; readonly credential: string }
  | { readonly stun: 'allocated'; readonly tx: number; readonly mapped: Endpoint; readonly relayed: Endpoint }
  | { readonly stun: 'refused'; readonly tx: number; readonly code: number }
  | { readonly stun: 'send'; readonly to: Endpoint; readonly body: unknown }
  | { readonly stun: 'data'; readonly from: Endpoint; readonly body: unknown };

export function isStun(body: unknown): body is StunBody {
  return typeof body === 'object' && body !== null && 'stun' in body;
}

interface Allocation {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly carrier: Carrier;
  readonly relayed: Endpoint;
  /** Addresses that may send to it (RFC 8656 section 9: permissions are by address). */
  readonly permitted: Set<string>;
  expiresAt: number;
}

/** RFC 8656 7.2: the default lifetime of an allocation. */
const LIFETIME_MS = 600_000;
const DEFAULT_PORTS = { udp: [3478], tcp: [3478, 443], tls: [5349, 443] } as const;

interface ServerHooks {
  readonly address: string;
  now(): number;
  send(packet: Packet): void;
}

/** A STUN and TURN server, RFC 8489 and RFC 8656 without their bytes. */
export class IceServer {
  /** Its name in the network. */
  readonly name: string;
  /** Its public address. */
  readonly address: string;
  /** Drops everything while true; allocations live on, as under SIGSTOP. */
  frozen = false;
  /** Not there at all: allocations are lost. Nothing answers. */
  down = false;
  readonly #options: IceServerOptions;
  readonly #hooks: ServerHooks;
  readonly #allocations = new Map<string, Allocation>();
  #credential: string | undefined;
  #nextPort = 49_152;

  constructor(options: IceServerOptions, hooks: ServerHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.name = options.name;
    this.address = hooks.address;
    this.#credential = options.credential;
  }

  /** Refuses the old credential from now on with 401, and gives up what was allocated with it when it is refreshed. */
  changeCredential(credential: string): void {
    this.#credential = credential;
  }

  /** Loses all allocations, as a restart of the server does. */
  restart(): void {
    this.#allocations.clear();
  }

  /** Allocations that live. */
  get allocations(): number {
    return this.#allocations.size;
  }

  /** Called by the network with each packet for it. */
  receive(packet: Packet): void {
    if (this.frozen || this.down) return;
    const relay = [...this.#allocations.values()].find((other) => sameEndpoint(other.relayed, packet.to));
    if (relay) this.#relayIn(relay, packet);
    else if (isStun(packet.body) && (this.#options.ports ?? DEFAULT_PORTS)[packet.carrier].includes(packet.to.port)) {
      this.#serve(packet, packet.body);
    }
  }

  #serve(packet: Packet, body: StunBody): void {
    if (body.stun === 'binding') this.#reply(packet, { stun: 'bound', tx: body.tx, mapped: packet.from });
    else if (body.stun === 'allocate') this.#allocate(packet, body);
    else if (body.stun === 'send') this.#relayOut(packet, body);
  }

  #allocate(packet: Packet, body: Extract<StunBody, { stun: 'allocate' }>): void {
    const key = `${endpointKey(packet.from)} ${packet.carrier} ${packet.to.port}`;
    if (body.username !== this.#options.username || body.credential !== this.#credential || this.#credential === undefined) {
      // RFC 8656 7.2: a refresh with wrong credentials is refused; the allocation ends at its lifetime.
      this.#reply(packet, { stun: 'refused', tx: body.tx, code: 401 });
      return;
    }
    let allocation = this.#allocations.get(key);
    if (!allocation || allocation.expiresAt < this.#hooks.now()) {
      const relayed = { address: this.address, port: this.#nextPort++ };
      allocation = {
        client: packet.from,
        server: packet.to,
        carrier: packet.carrier,
        relayed,
        permitted: new Set(),
        expiresAt: 0,
      };
      this.#allocations.set(key, allocation);
    }
    allocation.expiresAt = this.#hooks.now() + LIFETIME_MS;
    this.#reply(packet, { stun: 'allocated', tx: body.tx, mapped: packet.from, relayed: allocation.relayed });
  }

  #relayOut(packet: Packet, body: Extract<StunBody, { stun: 'send' }>): void {
    const allocation = this.#allocations.get(`${endpointKey(packet.from)} ${packet.carrier} ${packet.to.port}`);
    if (!allocation || allocation.expiresAt < this.#hooks.now()) return;
    allocation.permitted.add(body.to.address);
    this.#hooks.send({ carrier: 'udp', from: allocation.relayed, to: body.to, body: body.body, bytes: packet.bytes });
  }

  #relayIn(allocation: Allocation, packet: Packet): void {
    if (allocation.expiresAt < this.#hooks.now() || !allocation.permitted.has(packet.from.address)) return;
    const body: StunBody = { stun: 'data', from: packet.from, body: packet.body };
    this.#hooks.send({ carrier: allocation.carrier, from: allocation.server, to: allocation.client, body, bytes: packet.bytes });
  }

  #reply(packet: Packet, body: StunBody): void {
    this.#hooks.send({ carrier: packet.carrier, from: packet.to, to: packet.from, body, bytes: 100 });
  }
}
