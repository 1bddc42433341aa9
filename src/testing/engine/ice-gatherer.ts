import type { StunBody } from '../network/ice-server.js';
import { type Endpoint, sameEndpoint } from '../network/network-host.js';
import type { EngineContext } from './engine-context.js';
import { type CandidateFields, priorityOf } from './ice-candidate.js';
import { hostPath, type IcePath, openRelay, type PathListener } from './ice-path.js';
import type { ServerUrl } from './ice-server-url.js';

/** A candidate of this side. */
export interface LocalCandidate {
  readonly id: string;
  readonly fields: CandidateFields;
  /** Where packets really come from; the fields may show an mDNS name. */
  readonly endpoint: Endpoint;
  readonly base: IcePath;
  readonly url: string | null;
}

/** Told to the connection in the order found. */
export interface GatherEvents {
  found(candidate: LocalCandidate): void;
  failed(error: { address: string | null; port: number | null; url: string; errorCode: number; errorText: string }): void;
  done(): void;
}

/** Gathers the candidates of one generation (RFC 8445 5.1). */
export class IceGatherer {
  readonly candidates: LocalCandidate[] = [];
  done = false;
  readonly #context: EngineContext;
  readonly #ufrag: string;
  readonly #events: GatherEvents;
  readonly #receive: PathListener;
  readonly #closers: (() => void)[] = [];
  readonly #waiting = new Map<number, (body: StunBody) => void>();
  #open = 1;
  #tx = 0;
  #count = 0;
  #closed = false;

  constructor(
    context: EngineContext,
    ufrag: string,
    servers: readonly ServerUrl[],
    relayOnly: boolean,
    receive: PathListener,
    events: GatherEvents,
  ) {
    this.#context = context;
    this.#ufrag = ufrag;
    this.#events = events;
    this.#receive = receive;
    // Browsers gather in a thread of their own: nothing is found before the description is set.
    this.#later(() => {
      for (const address of context.host.addresses) this.#fromInterface(address, servers, relayOnly);
      this.#later(() => this.#finish(), 0);
    }, 1);
  }

  close(): void {
    this.#closed = true;
    for (const close of this.#closers.splice(0)) close();
  }

  /** Paths of this generation on which packets may come and go. */
  get paths(): IcePath[] {
    return [...new Set(this.candidates.map((candidate) => candidate.base))];
  }

  #fromInterface(address: string, servers: readonly ServerUrl[], relayOnly: boolean): void {
    const path = hostPath(
      this.#context.host,
      address,
      this.#receive,
      (body) => 'tx' in body && this.#waiting.get(body.tx)?.(body),
    );
    this.#closers.push(path.close);
    if (!relayOnly) {
      this.#found('host', path.local, path, null, null);
      this.#activeTcp(address, path);
    }
    for (const server of servers) {
      const resolved = this.#context.host.resolve(server.host);
      const turn = server.scheme.startsWith('turn');
      if (!turn && relayOnly) continue;
      if (resolved === null) this.#unresolved(server);
      else if (turn) this.#relay(server, { address: resolved, port: server.port }, address, path, relayOnly);
      else this.#reflexive(server, { address: resolved, port: server.port }, path);
    }
  }

  /** RFC 6544 4.1: told by both browsers, port 9; between two browsers it makes no pair. */
  #activeTcp(address: string, path: IcePath): void {
    const { host } = this.#context;
    this.#count += 1;
    const shown = this.#context.showsAddresses() ? address : host.mdnsName(address);
    const fields: CandidateFields = {
      foundation: `${this.#context.random.int(1e8, 4e9)}`,
      component: 1,
      protocol: 'tcp',
      priority: priorityOf('host', 32_767 - this.#count),
      address: shown,
      port: 9,
      type: 'host',
      relatedAddress: null,
      relatedPort: null,
      tcpType: 'active',
      ufrag: this.#ufrag,
    };
    const endpoint = { address, port: 9 };
    const candidate: LocalCandidate = { id: `L${this.#ufrag}${this.#count}`, fields, endpoint, base: path, url: null };
    this.#later(() => this.#events.found(candidate), 0);
  }

  /** RFC 8445 5.1.1.2: a binding request, repeated until it is answered or given up. */
  #reflexive(server: ServerUrl, to: Endpoint, path: IcePath): void {
    const tx = this.#tx++;
    let cancel: () => void = () => undefined;
    const stop = this.#start(server, to, () => {
      cancel();
      this.#waiting.delete(tx);
    });
    this.#waiting.set(tx, (body) => {
      if (body.stun === 'bound' && stop()) this.#found('srflx', body.mapped, path, server, path.local);
    });
    const ask = (): void => {
      path.send(to, { stun: 'binding', tx } satisfies StunBody, 28);
      cancel = this.#context.quiet(ask, 500);
    };
    ask();
  }

  #relay(server: ServerUrl, to: Endpoint, address: string, base: IcePath, relayOnly: boolean): void {
    const { carrier, username, credential } = server;
    const stop = this.#start(server, to, () => undefined);
    const close = openRelay(
      this.#context.host,
      address,
      { server: to, carrier, username, credential },
      this.#receive,
      (fn, ms) => this.#context.quiet(fn, ms),
      (result) => {
        if (!stop()) return;
        if ('code' in result) this.#refused(server, to, result.code);
        else {
          // A TURN server over UDP tells the mapped address too (RFC 8656 7.3): both browsers make a srflx candidate of it.
          if (carrier === 'udp' && !relayOnly) this.#found('srflx', result.mapped, base, server, base.local);
          this.#found('relay', result.path.local, result.path, server, relayOnly ? null : result.mapped);
        }
      },
    );
    this.#closers.push(close);
  }

  /** One question to one server. Returns what ends it: true the first time. */
  #start(server: ServerUrl, to: Endpoint, end: () => void): () => boolean {
    const { ice } = this.#context.personality;
    this.#open += 1;
    let over = false;
    const stop = (): boolean => {
      if (over || this.#closed) return false;
      over = true;
      end();
      cancel();
      this.#context.task(() => this.#finish());
      return true;
    };
    const timeout = server.carrier === 'tls' ? ice.tlsTimeoutMs : ice.serverTimeoutMs;
    const cancel = this.#context.quiet(() => {
      if (!stop()) return;
      if (server.carrier !== 'tls' || ice.tellsTlsFailure) this.#error(server, to, 701, 'STUN binding request timed out.');
    }, timeout);
    this.#closers.push(() => {
      end();
      cancel();
    });
    return stop;
  }

  #unresolved(server: ServerUrl): void {
    this.#open += 1;
    this.#later(() => {
      this.#events.failed({
        address: null,
        port: null,
        url: server.url,
        errorCode: 701,
        errorText: 'STUN host lookup received error.',
      });
      this.#finish();
    }, this.#context.personality.ice.dnsTimeoutMs);
  }

  #refused(server: ServerUrl, to: Endpoint, code: number): void {
    this.#error(server, to, code, code === 401 ? this.#context.personality.ice.unauthorizedText : '');
  }

  #error(server: ServerUrl, to: Endpoint, errorCode: number, errorText: string): void {
    this.#later(() => this.#events.failed({ ...to, url: server.url, errorCode, errorText }), 0);
  }

  #found(
    type: 'host' | 'srflx' | 'relay',
    endpoint: Endpoint,
    base: IcePath,
    server: ServerUrl | null,
    related: Endpoint | null,
  ): void {
    const { host } = this.#context;
    // RFC 8445 5.1.3: redundant where address and base are those of another one, as srflx is without a NAT.
    const redundant = this.candidates.some((other) => other.base === base && sameEndpoint(other.endpoint, endpoint));
    if (redundant && this.#context.showsAddresses()) return;
    if (redundant && type !== 'srflx') return;
    const hidden = !this.#context.showsAddresses();
    this.#count += 1;
    const fields: CandidateFields = {
      foundation: `${this.#context.random.int(1e8, 4e9)}`,
      component: 1,
      protocol: 'udp',
      priority: priorityOf(type, 65_535 - this.#count),
      // RFC 8828, draft-ietf-mmusic-mdns-ice-candidates: without capture the address of an interface is hidden by a name.
      address: type === 'host' && hidden ? host.mdnsName(endpoint.address) : endpoint.address,
      port: endpoint.port,
      type,
      relatedAddress: related ? (hidden ? '0.0.0.0' : related.address) : null,
      relatedPort: related ? (hidden ? 0 : related.port) : null,
      tcpType: null,
      ufrag: this.#ufrag,
    };
    const candidate: LocalCandidate = { id: `L${this.#ufrag}${this.#count}`, fields, endpoint, base, url: server?.url ?? null };
    this.candidates.push(candidate);
    this.#later(() => this.#events.found(candidate), 0);
  }

  #later(work: () => void, ms: number): void {
    this.#context.task(() => {
      if (!this.#closed) work();
    }, ms);
  }

  #finish(): void {
    this.#open -= 1;
    if (this.#closed || this.#open > 0 || this.done) return;
    this.done = true;
    this.#events.done();
  }
}
