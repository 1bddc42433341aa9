import { type Carrier, type Endpoint, endpointKey, sameEndpoint } from './network-host.js';

/**
 * What a router does with packets (RFC 4787 in words of CORRECTNESS section 7).
 *
 * - `cone`: endpoint-independent mapping, address-and-port-dependent filtering; STUN works.
 * - `symmetric`: another public port for each destination; two of these need TURN.
 * - `udp-blocked`: `cone` for TCP and TLS, UDP is dropped.
 * - `tls-only`: lets out nothing but TCP and TLS to port 443.
 */
export type NatKind = 'cone' | 'symmetric' | 'udp-blocked' | 'tls-only';

interface Mapping {
  readonly inside: Endpoint;
  readonly carrier: Carrier;
  readonly outside: Endpoint;
  /** Where packets went: only from there may others come back. */
  readonly allowed: Set<string>;
}

/** A router with one public address and a network behind it. */
export class Router {
  /** Its name in the network. */
  readonly name: string;
  /** How it translates addresses. */
  readonly kind: NatKind;
  /** Its public address. */
  readonly address: string;
  /** Drops everything between inside and outside while true: a dead line. Nobody is told. */
  cut = false;
  readonly #mappings = new Map<string, Mapping>();
  #nextPort = 40_000;

  constructor(name: string, kind: NatKind, address: string) {
    this.name = name;
    this.kind = kind;
    this.address = address;
  }

  /** Forgets all mappings, as after a reboot or a long silence. */
  reboot(): void {
    this.#mappings.clear();
  }

  /** The public endpoint of a packet that leaves, or `null` where it is dropped. */
  outbound(from: Endpoint, to: Endpoint, carrier: Carrier): Endpoint | null {
    if (this.cut || !this.#lets(to, carrier)) return null;
    const key =
      this.kind === 'symmetric' ? `${endpointKey(from)} ${carrier} ${endpointKey(to)}` : `${endpointKey(from)} ${carrier}`;
    let mapping = this.#mappings.get(key);
    if (!mapping) {
      mapping = { inside: from, carrier, outside: { address: this.address, port: this.#nextPort++ }, allowed: new Set() };
      this.#mappings.set(key, mapping);
    }
    mapping.allowed.add(endpointKey(to));
    return mapping.outside;
  }

  /** The inner endpoint of a packet that comes, or `null` where it is filtered. */
  inbound(from: Endpoint, to: Endpoint, carrier: Carrier): Endpoint | null {
    if (this.cut) return null;
    for (const mapping of this.#mappings.values()) {
      if (mapping.carrier === carrier && sameEndpoint(mapping.outside, to)) {
        return mapping.allowed.has(endpointKey(from)) ? mapping.inside : null;
      }
    }
    return null;
  }

  #lets(to: Endpoint, carrier: Carrier): boolean {
    if (this.kind === 'udp-blocked') return carrier !== 'udp';
    if (this.kind === 'tls-only') return carrier !== 'udp' && to.port === 443;
    return true;
  }
}
