import { type Endpoint, endpointKey, sameEndpoint } from '../network/network-host.js';
import { CandidatePair, type IceBody, type RemoteCandidate } from './candidate-pair.js';
import type { EngineContext } from './engine-context.js';
import { priorityOf } from './ice-candidate.js';
import type { IceGatherer, LocalCandidate } from './ice-gatherer.js';
import type { IcePath } from './ice-path.js';
import type { Credentials } from './peer-state.js';
import type { RemoteGeneration } from './remote-generations.js';

interface CheckListHooks {
  /** This pair carries the data from now on. */
  selected(pair: CandidatePair): void;
  /** A check of this pair was answered. */
  answered(pair: CandidatePair): void;
}

/** Pings of a pair that is not answered: soon at first, then slower (RFC 8445 14; Chromium 156 pings weak pairs each 48 ms). */
const FIRST_PING_MS = 50;
const SLOWEST_PING_MS = 500;
/** A pair that another one beat is not tried for ever. */
const PINGS_AFTER_SELECTION = 8;

/** The checks between one generation of ours and one of the peer (RFC 8445 6.1.2). */
export class CheckList {
  readonly local: IceGatherer;
  readonly credentials: Credentials;
  readonly remote: RemoteGeneration;
  readonly controlling: boolean;
  readonly pairs: CandidatePair[] = [];
  selected: CandidatePair | null = null;
  /** The engine gave this list up: nothing is sent or answered on it. */
  dead = false;
  readonly #context: EngineContext;
  readonly #hooks: CheckListHooks;
  readonly #timers = new Map<CandidatePair, () => void>();
  #tx: number;

  constructor(
    context: EngineContext,
    init: { local: IceGatherer; credentials: Credentials; remote: RemoteGeneration; controlling: boolean },
    hooks: CheckListHooks,
  ) {
    this.#context = context;
    this.#hooks = hooks;
    this.local = init.local;
    this.credentials = init.credentials;
    this.remote = init.remote;
    this.controlling = init.controlling;
    this.#tx = context.random.int(1, 1e9) * 1000;
    this.formPairs();
  }

  /** Pairs each base with each remote candidate (RFC 8445 6.1.2.2: reflexive ones are replaced by their base). */
  formPairs(): void {
    if (this.dead) return;
    for (const local of this.local.candidates) {
      if (local.fields.type === 'srflx') continue;
      for (const remote of this.remote.candidates) this.#pair(local, remote);
    }
  }

  close(): void {
    this.dead = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** Tries everything again: the pair in use went silent. */
  retry(): void {
    for (const pair of this.pairs) {
      pair.pings = 0;
      this.#schedule(pair, 0);
    }
  }

  /** One check of this pair, `use` to nominate it. */
  ping(pair: CandidatePair, use: boolean = pair.nominated): void {
    if (this.dead) return;
    const tx = this.#tx++;
    pair.pending.set(tx, this.#context.now());
    // Answers that never came are forgotten, the newest matter.
    if (pair.pending.size > 20) pair.pending.delete(pair.pending.keys().next().value ?? tx);
    pair.pings += 1;
    pair.requestsSent += 1;
    if (pair.state === 'waiting') pair.state = 'in-progress';
    const { ufrag: to, pwd } = this.remote.credentials;
    pair.send(
      { ice: 'check', tx, to, from: this.credentials.ufrag, pwd, use: use && this.controlling },
      100,
      this.#context.now(),
    );
  }

  /** The peer checked a pair: it exists, and is checked in turn (RFC 8445 7.3.1.4). */
  checked(path: IcePath, from: Endpoint, use: boolean): void {
    if (this.dead) return;
    const pair = this.#pairOf(path, from) ?? this.#peerReflexive(path, from);
    if (!pair) return;
    if (use && !this.controlling) {
      if (pair.state === 'succeeded') this.#select(pair);
      else pair.wanted = true;
    }
    if (pair.state !== 'succeeded') this.#schedule(pair, 0);
  }

  /** An answer arrived. Returns whether the check was one of ours. */
  answered(path: IcePath, from: Endpoint, body: Extract<IceBody, { ice: 'reply' }>): boolean {
    const pair = this.#pairOf(path, from);
    const sentAt = pair?.pending.get(body.tx);
    if (this.dead || !pair || sentAt === undefined) return false;
    pair.pending.clear();
    pair.rttMs = this.#context.now() - sentAt;
    pair.totalRttMs += pair.rttMs;
    pair.responsesReceived += 1;
    const first = pair.state !== 'succeeded';
    pair.state = 'succeeded';
    if (first) this.#discoverLocal(pair, body.mapped);
    if (this.controlling && this.#better(pair)) this.#nominate(pair);
    else if (pair.wanted || (pair.nominated && this.controlling)) this.#select(pair);
    this.#hooks.answered(pair);
    return true;
  }

  pairOf(path: IcePath, from: Endpoint): CandidatePair | undefined {
    return this.#pairOf(path, from);
  }

  #pairOf(path: IcePath, from: Endpoint): CandidatePair | undefined {
    return this.pairs.find((pair) => pair.path === path && sameEndpoint(pair.remote.endpoint, from));
  }

  #pair(local: LocalCandidate, remote: RemoteCandidate): void {
    if (this.#pairOf(local.base, remote.endpoint)) return;
    const pair = new CandidatePair(`P${local.id}${remote.id}`, local, remote, this.controlling);
    this.pairs.push(pair);
    this.#schedule(pair, this.pairs.length > 1 ? 5 * (this.pairs.length - 1) : 0);
  }

  /** RFC 8445 7.3.1.3: packets from an address that nobody told us. */
  #peerReflexive(path: IcePath, from: Endpoint): CandidatePair | undefined {
    const local = this.local.candidates.find((candidate) => candidate.base === path && candidate.fields.type !== 'srflx');
    if (!local) return undefined;
    const remote: RemoteCandidate = {
      id: `R${this.remote.credentials.ufrag}${endpointKey(from)}`,
      endpoint: from,
      fields: {
        foundation: '0',
        component: 1,
        protocol: 'udp',
        priority: priorityOf('prflx', 65_534),
        address: from.address,
        port: from.port,
        type: 'prflx',
        relatedAddress: null,
        relatedPort: null,
        tcpType: null,
        ufrag: this.remote.credentials.ufrag,
      },
    };
    this.remote.candidates.push(remote);
    this.#pair(local, remote);
    return this.#pairOf(path, from);
  }

  /** RFC 8445 7.2.5.3.1: the peer sees us under an address that no server told us. */
  #discoverLocal(pair: CandidatePair, mapped: Endpoint): void {
    const known = this.local.candidates.find(
      (candidate) => candidate.base === pair.path && sameEndpoint(candidate.endpoint, mapped),
    );
    if (known) {
      pair.local = known;
      return;
    }
    const fields = { ...pair.local.fields, type: 'prflx' as const, address: mapped.address, port: mapped.port };
    pair.local = { ...pair.local, id: `${pair.local.id}P${mapped.port}`, fields, endpoint: mapped };
  }

  #better(pair: CandidatePair): boolean {
    if (this.selected === null) return !this.pairs.some((other) => other.nominated);
    // Both engines stay with what they chose until something of higher priority answers; Firefox does not look again.
    return this.#context.personality.name !== 'firefox' && pair.priority > this.selected.priority && !pair.nominated;
  }

  #nominate(pair: CandidatePair): void {
    pair.nominated = true;
    // Only the answer to the nomination itself proves that the peer knows.
    pair.pending.clear();
    this.ping(pair, true);
    this.#schedule(pair, FIRST_PING_MS);
  }

  #select(pair: CandidatePair): void {
    if (this.selected === pair) return;
    if (this.selected) this.selected.nominated = false;
    pair.nominated = true;
    pair.wanted = false;
    this.selected = pair;
    this.#hooks.selected(pair);
  }

  /** Pings until the pair is answered, and a nomination until it is confirmed. */
  #schedule(pair: CandidatePair, ms: number): void {
    this.#timers.get(pair)?.();
    const settled = pair.state === 'succeeded' && (!pair.nominated || this.selected === pair);
    const enough = this.selected !== null && pair.pings >= PINGS_AFTER_SELECTION;
    if (this.dead || ((settled || enough) && ms > 0)) {
      this.#timers.delete(pair);
      return;
    }
    this.#timers.set(
      pair,
      this.#context.quiet(() => {
        this.ping(pair);
        this.#schedule(pair, Math.min(FIRST_PING_MS * 2 ** Math.min(pair.pings - 1, 8), SLOWEST_PING_MS));
      }, ms),
    );
  }
}
