import { clockOf, type VirtualClock } from '../clock.js';
import { createRandom, type Random } from '../random.js';
import { IceServer, type IceServerOptions } from './ice-server.js';
import type { Endpoint } from './network-host.js';
import { type NatKind, Router } from './router.js';
import { type Packet, VirtualHost } from './virtual-host.js';

/** How a network is made. */
export interface VirtualNetworkOptions {
  /** The clock by which packets travel. */
  readonly clock: VirtualClock;
  /** @defaultValue `1` */
  readonly seed?: number;
  /** One way between two machines of one network, in milliseconds. @defaultValue `1` */
  readonly lanMs?: number;
  /** One way across the internet, in milliseconds. @defaultValue `10` */
  readonly wanMs?: number;
}

/** Machines, routers and servers with packets between them, on virtual time. */
export class VirtualNetwork {
  /** The source of all chance in the network. */
  readonly random: Random;
  readonly #clock: ReturnType<typeof clockOf>;
  readonly #lanMs: number;
  readonly #wanMs: number;
  readonly #hosts: VirtualHost[] = [];
  readonly #routers = new Map<string, Router>();
  readonly #servers: IceServer[] = [];
  #counter = 0;
  #home: Router | undefined;

  constructor(options: VirtualNetworkOptions) {
    this.#clock = clockOf(options.clock);
    this.random = createRandom(options.seed ?? 1).fork('network');
    this.#lanMs = options.lanMs ?? 1;
    this.#wanMs = options.wanMs ?? 10;
  }

  /** A router with a network of its own behind it. */
  router(name: string, kind: NatKind = 'cone'): Router {
    const router = new Router(name, kind, this.#publicAddress());
    this.#routers.set(router.address, router);
    return router;
  }

  /**
   * A machine. @param behind its router, the kind of a router of its own, or `'open'` for a public address. By default all stand behind
   * the same router: case 1.
   */
  host(name: string, behind?: Router | NatKind | 'open'): VirtualHost {
    this.#home ??= behind === undefined ? this.router('home') : undefined;
    const router =
      behind === undefined
        ? (this.#home ?? null)
        : behind === 'open'
          ? null
          : typeof behind === 'string'
            ? this.router(`router of ${name}`, behind)
            : behind;
    const host = new VirtualHost(
      name,
      {
        carry: (from, packet) => this.#carry(from, packet),
        resolve: (server) => this.#servers.find((other) => other.name === server)?.address ?? literal(server),
        newAddress: (at) => (at ? this.#privateAddress(at) : this.#publicAddress()),
        newName: () => `${this.random.text(8).toLowerCase()}-${this.random.text(12).toLowerCase()}.local`,
        neighbours: (of) => this.#hosts.filter((other) => other !== of && other.router === of.router),
      },
      router,
    );
    this.#hosts.push(host);
    return host;
  }

  /** A STUN and, with credentials, TURN server at a public address. */
  iceServer(options: IceServerOptions): IceServer {
    const server = new IceServer(options, {
      address: this.#publicAddress(),
      now: () => this.#clock.now(),
      send: (packet) => this.#fromInternet(packet, this.#wanMs),
    });
    this.#servers.push(server);
    return server;
  }

  #publicAddress(): string {
    this.#counter += 1;
    return `203.0.113.${this.#counter}`;
  }

  #privateAddress(router: Router): string {
    this.#counter += 1;
    const lan = [...this.#routers.keys()].indexOf(router.address) + 1;
    return `192.168.${lan}.${this.#counter}`;
  }

  #carry(from: VirtualHost, packet: Packet): void {
    if (from.faults.oneWay === 'out' || this.random.chance(from.faults.loss)) return;
    const delay = from.faults.delayMs + this.random.next() * from.faults.jitterMs;
    const neighbour = this.#hosts.find((host) => host.router === from.router && host.addresses.includes(packet.to.address));
    if (neighbour && (from.router !== null || neighbour === from)) {
      this.#deliver(neighbour, packet, delay + this.#lanMs);
      return;
    }
    const outside = from.router ? from.router.outbound(packet.from, packet.to, packet.carrier) : packet.from;
    if (outside) this.#fromInternet({ ...packet, from: outside }, delay + this.#wanMs);
  }

  /** A packet with public addresses on both ends. */
  #fromInternet(packet: Packet, delayMs: number): void {
    const server = this.#servers.find((other) => other.address === packet.to.address);
    if (server) {
      this.#clock.schedule(() => server.receive(packet), delayMs, server, false);
      return;
    }
    const router = this.#routers.get(packet.to.address);
    if (!router) {
      const open = this.#hosts.find((host) => host.router === null && host.addresses.includes(packet.to.address));
      if (open) this.#deliver(open, packet, delayMs);
      return;
    }
    this.#clock.schedule(
      () => {
        const inside = router.inbound(packet.from, packet.to, packet.carrier);
        const host = inside && this.#hosts.find((other) => other.router === router && other.addresses.includes(inside.address));
        if (host) this.#deliver(host, { ...packet, to: inside }, this.#lanMs);
      },
      delayMs,
      router,
      false,
    );
  }

  #deliver(host: VirtualHost, packet: Packet, delayMs: number): void {
    const { faults } = host;
    if (faults.oneWay === 'in' || this.random.chance(faults.loss)) return;
    const delay = delayMs + faults.delayMs + this.random.next() * faults.jitterMs;
    this.#clock.schedule(() => host.deliver(packet), delay, host, false);
  }
}

function literal(name: string): Endpoint['address'] | null {
  return /^[\d.]+$|:/.test(name) ? name : null;
}

/**
 * Makes a network for tests, in which the three cases of WebRTC can be played: the same router, two routers, TURN.
 *
 * @example
 * ```ts
 * import { createVirtualClock, createVirtualNetwork } from 'peer-session/testing';
 *
 * const clock = createVirtualClock();
 * const network = createVirtualNetwork({ clock });
 * const alice = network.host('alice', 'cone');
 * const bob = network.host('bob', 'symmetric');
 * const turn = network.iceServer({ name: 'turn.test', username: 'user', credential: 'secret' });
 * ```
 */
export function createVirtualNetwork(options: VirtualNetworkOptions): VirtualNetwork {
  return new VirtualNetwork(options);
}
