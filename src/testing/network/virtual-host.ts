import type { Carrier, Endpoint, NetworkHost, PacketListener, Socket } from './network-host.js';
import { endpointKey } from './network-host.js';
import type { Router } from './router.js';

/** What a link does to packets. All may be changed at any time. */
export interface LinkFaults {
  /** Share of packets that vanish, 0 to 1. */
  loss: number;
  /** Added to the way of each packet, in milliseconds. */
  delayMs: number;
  /** Up to so much more, by chance: packets overtake each other. */
  jitterMs: number;
  /** Drops packets of one direction: `out` those that this host sends. */
  oneWay: 'in' | 'out' | null;
}

/** A packet on its way. */
export interface Packet {
  readonly carrier: Carrier;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly body: unknown;
  readonly bytes: number;
}

/** What a host needs of the network. */
export interface HostHooks {
  carry(host: VirtualHost, packet: Packet): void;
  resolve(name: string): string | null;
  /** A free address in the network behind this router, or a public one. */
  newAddress(router: Router | null): string;
  newName(): string;
  neighbours(host: VirtualHost): readonly VirtualHost[];
}

/** A machine in a virtual network. */
export class VirtualHost implements NetworkHost {
  /** Its name in the network. */
  readonly name: string;
  /** What its link does to packets. */
  readonly faults: LinkFaults = { loss: 0, delayMs: 0, jitterMs: 0, oneWay: null };
  readonly #hooks: HostHooks;
  readonly #sockets = new Map<string, { receive: PacketListener }>();
  readonly #listeners = new Set<() => void>();
  readonly #names = new Map<string, string>();
  #router: Router | null;
  #address: string;
  #up = true;
  #nextPort = 50_000;

  constructor(name: string, hooks: HostHooks, router: Router | null, address?: string) {
    this.name = name;
    this.#hooks = hooks;
    this.#router = router;
    this.#address = address ?? hooks.newAddress(router);
  }

  /** The router in front of it, or `null` where it has a public address. */
  get router(): Router | null {
    return this.#router;
  }
  get addresses(): readonly string[] {
    return this.#up ? [this.#address] : [];
  }

  /** Takes the interface down: no address, no packet, and the engine hears of it. */
  down(): void {
    this.#set(() => {
      this.#up = false;
    });
  }

  /** Brings the interface back, with the same address. */
  up(): void {
    this.#set(() => {
      this.#up = true;
    });
  }

  /** Gives it another address in the same network: old sockets are dead. */
  changeAddress(): void {
    this.moveTo(this.#router);
  }

  /** Moves it to another network, as from Wi-Fi to mobile data. */
  moveTo(router: Router | null): void {
    this.#set(() => {
      this.#router = router;
      this.#address = this.#hooks.newAddress(router);
      this.#up = true;
    });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens a socket. */
  bind(address: string, carrier: Carrier, receive: PacketListener): Socket {
    const local: Endpoint = { address, port: this.#nextPort++ };
    const key = `${endpointKey(local)} ${carrier}`;
    this.#sockets.set(key, { receive });
    return {
      local,
      carrier,
      send: (to, body, bytes) => {
        if (this.#sockets.has(key) && this.addresses.includes(address)) {
          this.#hooks.carry(this, { carrier, from: local, to, body, bytes });
        }
      },
      close: () => this.#sockets.delete(key),
    };
  }

  /** The network brings a packet to this machine. */
  deliver(packet: Packet): void {
    if (!this.addresses.includes(packet.to.address)) return;
    this.#sockets.get(`${endpointKey(packet.to)} ${packet.carrier}`)?.receive(packet.from, packet.body, packet.bytes);
  }

  /** How many sockets are open, for leak tests. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  resolve(name: string): string | null {
    return this.#hooks.resolve(name);
  }

  mdnsName(address: string): string {
    let name = this.#names.get(address);
    if (!name) {
      name = this.#hooks.newName();
      this.#names.set(address, name);
    }
    return name;
  }

  /** Multicast DNS stays in the local network (RFC 6762): nobody beyond the router hears the question. */
  mdnsResolve(name: string): string | null {
    for (const host of [this, ...this.#hooks.neighbours(this)]) {
      for (const [address, known] of host.#names) if (known === name && host.addresses.includes(address)) return address;
    }
    return null;
  }

  #set(change: () => void): void {
    change();
    for (const listener of [...this.#listeners]) listener();
  }
}
