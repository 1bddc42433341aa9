import type { Endpoint } from '../network/network-host.js';
import { type CandidatePair, isIce } from './candidate-pair.js';
import { CheckList } from './check-list.js';
import { CheckPatience } from './check-patience.js';
import { Consent } from './consent.js';
import { EarlyChecks } from './early-checks.js';
import type { EngineContext } from './engine-context.js';
import type { CandidateFields } from './ice-candidate.js';
import { type GatherEvents, IceGatherer } from './ice-gatherer.js';
import type { IcePath } from './ice-path.js';
import type { ServerUrl } from './ice-server-url.js';
import type { Credentials } from './peer-state.js';
import { RemoteGenerations } from './remote-generations.js';

/** What the agent tells its connection. */
export interface IceAgentHooks {
  gathering(ufrag: string): GatherEvents;
  stateChanged(): void;
  pairChanged(): void;
  data(data: unknown, bytes: number): void;
  /** The interface of the selected pair is gone. */
  interfaceLost(): void;
}

interface LocalGeneration {
  readonly credentials: Credentials;
  readonly gatherer: IceGatherer;
}

/** How long the path from before a restart is still listened to. */
const RETIRE_MS = 500;

/** The ICE agent of one connection (RFC 8445): everything is bundled, one component. */
export class IceAgent {
  /** As the machine sees it; what the script sees is up to the personality. */
  state: RTCIceTransportState = 'new';
  servers: readonly ServerUrl[] = [];
  relayOnly = false;
  controlling: boolean | null = null;
  list: CheckList | null = null;
  /** The list in use before a restart, until the new one has a pair. */
  previous: CheckList | null = null;
  readonly remotes: RemoteGenerations;
  readonly #context: EngineContext;
  readonly #hooks: IceAgentHooks;
  readonly #consent: Consent;
  readonly #locals = new Map<string, LocalGeneration>();
  readonly #early = new EarlyChecks();
  readonly #patience: CheckPatience;
  #cancelRetire: () => void = () => undefined;
  readonly #stopListening: () => void;

  constructor(context: EngineContext, hooks: IceAgentHooks) {
    this.#context = context;
    this.#hooks = hooks;
    this.remotes = new RemoteGenerations(context.host);
    this.#consent = new Consent(context, {
      ping: (pair) => this.#listOf(pair)?.ping(pair),
      silent: () => this.#silent(),
      lost: () => this.#fail(),
      back: () => this.#set('connected'),
    });
    this.#patience = new CheckPatience(context, () => this.#fail());
    this.#stopListening = context.host.onChange(() => this.#interfacesChanged());
  }

  /** The pair that carries data. */
  get selected(): CandidatePair | null {
    return this.list?.selected ?? this.previous?.selected ?? null;
  }

  get pairs(): readonly CandidatePair[] {
    return [...(this.previous?.pairs ?? []), ...(this.list?.pairs ?? [])];
  }

  gatherer(ufrag: string): IceGatherer | undefined {
    return this.#locals.get(ufrag)?.gatherer;
  }

  /** A local description with these credentials is set: gathers, unless that is done or under way. Returns whether it began. */
  gather(credentials: Credentials): boolean {
    if (this.#locals.has(credentials.ufrag)) return false;
    const events = this.#hooks.gathering(credentials.ufrag);
    const gatherer = new IceGatherer(
      this.#context,
      credentials.ufrag,
      this.servers,
      this.relayOnly,
      (path, from, body, bytes) => this.#receive(credentials, path, from, body, bytes),
      {
        ...events,
        found: (candidate) => {
          if (this.list?.local === gatherer) {
            this.list.formPairs();
            this.#paired();
          }
          events.found(candidate);
        },
      },
    );
    this.#locals.set(credentials.ufrag, { credentials, gatherer });
    return true;
  }

  /** A candidate of the peer came: pairs are made of it. */
  addRemote(ufrag: string, fields: CandidateFields): void {
    if (!this.remotes.add(ufrag, fields) || this.list?.remote.credentials.ufrag !== ufrag) return;
    this.list.formPairs();
    this.#paired();
  }

  /** Both descriptions are in force: checks begin, or begin anew after a restart. */
  begin(localUfrag: string, remoteUfrag: string, controlling: boolean): void {
    this.controlling ??= controlling;
    const local = this.#locals.get(localUfrag);
    const remote = this.remotes.get(remoteUfrag);
    if (!local || !remote || (this.list?.local === local.gatherer && this.list.remote === remote)) return;
    if (this.list?.selected) {
      this.#cancelRetire();
      this.#retire();
      this.previous = this.list;
    } else this.list?.close();
    this.list = new CheckList(
      this.#context,
      { local: local.gatherer, credentials: local.credentials, remote, controlling: this.controlling },
      { selected: (pair) => this.#selected(pair), answered: (pair) => this.#consent.answered(pair) },
    );
    for (const { path, from, use } of this.#early.take(remoteUfrag)) this.list.checked(path, from, use);
    this.#paired();
    for (const ufrag of [...this.#locals.keys()]) if (ufrag !== localUfrag && !this.#inUse(ufrag)) this.forget(ufrag);
  }

  /** Gives up a generation that a rollback undid. */
  forget(localUfrag: string): void {
    this.#locals.get(localUfrag)?.gatherer.close();
    this.#locals.delete(localUfrag);
  }

  send(data: unknown, bytes: number): void {
    this.selected?.send({ ice: 'data', data }, bytes, this.#context.now());
  }

  close(): void {
    this.#stopListening();
    this.#consent.stop();
    this.#patience.stop();
    this.#cancelRetire();
    this.list?.close();
    this.previous?.close();
    for (const ufrag of [...this.#locals.keys()]) this.forget(ufrag);
    this.state = 'closed';
  }

  #inUse(ufrag: string): boolean {
    const gatherer = this.#locals.get(ufrag)?.gatherer;
    return gatherer !== undefined && (this.list?.local === gatherer || this.previous?.local === gatherer);
  }

  #listOf(pair: CandidatePair): CheckList | null {
    return [this.list, this.previous].find((list) => list?.pairs.includes(pair)) ?? null;
  }

  #receive(credentials: Credentials, path: IcePath, from: Endpoint, body: unknown, bytes: number): void {
    if (!isIce(body)) return;
    const gatherer = this.#locals.get(credentials.ufrag)?.gatherer;
    const lists = [this.list, this.previous].filter((list) => list?.local === gatherer);
    // An engine that gave a direct pair up does not even answer (A3: no self-recovery after 25 s).
    if (lists.length > 0 && lists.every((list) => list?.dead)) return;
    if (body.ice === 'data') {
      const pair = lists.map((list) => list?.pairOf(path, from)).find((known) => known !== undefined);
      pair?.received(bytes, this.#context.now());
      if (pair || lists.length > 0) this.#hooks.data(body.data, bytes);
    } else if (body.ice === 'reply') {
      for (const list of lists) list?.answered(path, from, body);
    } else if (body.to === credentials.ufrag && body.pwd === credentials.pwd) {
      path.send(from, { ice: 'reply', tx: body.tx, mapped: from }, 100);
      const list = lists.find((other) => other?.remote.credentials.ufrag === body.from);
      if (list) {
        list.checked(path, from, body.use);
        this.#paired();
      }
      // The answer is still on its way through signaling: remembered until it is here (RFC 8445 7.3).
      else this.#early.remember({ path, from, use: body.use, ufrag: body.from });
    }
  }

  #selected(pair: CandidatePair): void {
    this.#patience.stop();
    this.#cancelRetire();
    // What is under way on the old path still arrives.
    if (this.previous) this.#cancelRetire = this.#context.quiet(() => this.#retire(), RETIRE_MS);
    this.#consent.watch(pair);
    this.#hooks.pairChanged();
    this.#set('connected');
  }

  /** Closes what served before the restart. */
  #retire(): void {
    const old = this.previous;
    this.previous = null;
    old?.close();
    for (const [ufrag, { gatherer }] of [...this.#locals])
      if (gatherer === old?.local && gatherer !== this.list?.local) this.forget(ufrag);
  }

  #silent(): void {
    this.#set('disconnected');
    // Another pair of the same list may still work: it takes over when it answers.
    this.list?.retry();
  }

  #fail(): void {
    const { ice } = this.#context.personality;
    const relayed = this.selected?.relayed === true;
    if (!(relayed ? ice.relayRecovers : ice.directRecovers)) {
      this.#consent.stop();
      this.list?.close();
      this.previous?.close();
    }
    this.#set('failed');
  }

  /**
   * `checking` begins with the first pair (webrtc-pc 5.6.3; both browsers stay `new` before). A path that lives goes on carrying data while
   * the new one is sought (RFC 8445 2.4).
   */
  #paired(): void {
    const { list } = this;
    if (!list || list.selected) return;
    const waits = list.pairs.length > 0 ? 'answer' : 'pair';
    if (waits === 'answer' && this.state !== 'connected' && this.state !== 'completed') this.#set('checking');
    this.#patience.wait(list, waits);
  }

  #interfacesChanged(): void {
    const address = this.selected?.path.local.address;
    const base = this.list?.local.candidates.find((candidate) => candidate.base === this.selected?.path);
    if (address === undefined || base?.base.kind === 'relay') return;
    if (!this.#context.host.addresses.includes(address)) this.#hooks.interfaceLost();
  }

  #set(state: RTCIceTransportState): void {
    if (this.state === state || this.state === 'closed') return;
    this.state = state;
    this.#hooks.stateChanged();
  }
}
