import type { Channels } from './channels/channels.js';
import { Connection } from './connection.js';
import { SessionError } from './errors.js';
import { Recovery } from './ice/recovery.js';
import { type Route, routeOf, sameRoute } from './ice/route.js';
import type { IceServers } from './ice/servers.js';
import type { LocalMedia } from './media/local-media.js';
import type { RemoteMedia } from './media/remote-media.js';
import type { PageEvent } from './platform.js';
import type { SessionEvents } from './session-events.js';
import type { SessionSetup } from './session-options.js';
import type { Facts, TroubleReason } from './session-state.js';
import { Carrier } from './signaling/carrier.js';
import { Link, type Peer } from './signaling/link.js';
import type { MediaStates, OfferBody, SignalBody } from './signaling/message.js';
import type { Timeline } from './timeline.js';

/** A path is asked for a sign of life when it was silent so long, and is in trouble when the question is not answered so long. */
const QUIET_MS = 2_000;
const ANSWER_MS = 2_500;
const TICK_MS = 1_000;
/** A peer that cannot be reached so long, while we can, has lost its place: a reloaded page may come under another id. */
const VACANT_MS = 1_500;
const VACANT_SILENT_MS = 8_000;
const ROUTE_MS = 3_000;
/** Failures in a row before the first connection stands; more, and `start()` rejects. */
const MAX_FIRST_TRIES = 3;

/** What the conductor needs of the hall. */
export interface ConductorOptions extends SessionSetup {
  readonly media: LocalMedia;
  readonly remote: RemoteMedia;
  readonly channels: Channels;
  readonly servers: IceServers;
  readonly timeline: Timeline;
  learn(news: Partial<Facts>): void;
  facts(): Facts;
  emit<K extends keyof SessionEvents>(type: K, event: SessionEvents[K]): void;
  closed(reason: string): void;
  fail(error: SessionError): void;
}

/** Leads the three stages: who the peer is, which connection is the present one, and what to do when it is lost. */
export class Conductor {
  readonly #o: ConductorOptions;
  readonly link: Link;
  readonly carrier: Carrier;
  readonly recovery: Recovery;
  connection: Connection | null = null;
  route: Route | null = null;
  /** What the peer said last that it sends. */
  #ready = false;
  #presence: readonly string[] | null = null;
  #lastHeard = 0;
  #pingedAt: number | null = null;
  #stopTick: () => void = () => {};
  #tries = 0;
  #routeAt = 0;

  constructor(options: ConductorOptions) {
    this.#o = options;
    const { platform, peerId, transport, recovery: policy } = options;
    this.link = new Link(() => this.carrier, {
      peerId,
      platform,
      bound: (peer, previous) => this.#bound(peer, previous),
      hear: (body) => this.#hear(body),
      epoch: () => this.#replace('peer-rebuilt', false),
      heard: () => this.#heardSignal(),
      offer: () => this.connection?.firstOffer,
      warn: (error) => options.emit('warning', { error }),
    });
    this.carrier = new Carrier({
      transport,
      peerId,
      platform,
      receive: (data) => this.link.receive(data),
      peers: (present) => this.#peers(present),
      opened: () => this.#opened(),
      lost: (error) => options.emit('warning', { error }),
      refused: (error) => options.fail(error),
    });
    this.recovery = new Recovery({
      platform,
      policy,
      restart: () => this.connection?.restart(),
      rebuild: () => void this.#rebuild(),
      giveUp: (reason, elapsedMs) => this.#giveUp(reason, elapsedMs),
      ask: () => {
        this.link.sync();
        options.channels.ping();
      },
      tell: (trouble, attempt) => {
        options.timeline.add('ice', 'trouble', `${trouble}, attempt ${attempt}`);
        options.learn({ proved: false, trouble, attempt });
      },
      missing: (ms) => this.#missing(ms),
    });
  }

  /** Local media and ICE servers are there: offers may be made. */
  ready(): void {
    this.#ready = true;
    if (this.link.peer) this.#connect(true);
    else if (this.carrier.open) this.#opened();
  }

  restart(): void {
    if (this.connection) this.recovery.trouble('requested');
    this.recovery.reachable();
  }

  /** Says what we send, where the connection has no offer to say it with. */
  tellMedia(): void {
    if (this.link.peer && this.connection) this.link.say({ kind: 'media', media: this.states() });
  }

  states(): MediaStates {
    return Object.fromEntries(this.#o.media.list().map(({ name, muted }) => [name, muted ? 'muted' : 'on']));
  }

  /** Bytes came through the path. */
  heardPath(): void {
    this.#lastHeard = this.#o.platform.now();
    this.#pingedAt = null;
    if (!this.#o.facts().proved) this.proved();
  }

  /** The path works. */
  proved(): void {
    this.#lastHeard = this.#o.platform.now();
    this.#tries = 0;
    this.link.vacant = false;
    this.recovery.over();
    this.#o.learn({ proved: true, everProved: true, trouble: null, attempt: 0 });
    this.#tick();
    void this.#readRoute();
  }

  /** SCTP or DTLS ended. */
  transportLost(): void {
    if (this.connection) this.recovery.trouble('transport-closed', true);
  }

  /** The peer said goodbye, by whichever way. */
  bye(reason: string): void {
    const { peer } = this.link;
    if (!peer) return;
    this.#o.timeline.add('signaling', 'bye', reason);
    if (reason === 'busy') {
      this.#o.emit('warning', { error: new SessionError('peer-busy', `"${peer.peerId}" is paired with somebody else`) });
    } else if (reason !== 'unload') return this.#o.closed(reason);
    this.#left(peer);
  }

  page(event: PageEvent): void {
    if (event === 'pagehide') this.sayBye('unload');
    else if (event === 'pageshow' || event === 'resume' || event === 'visible' || event === 'online' || event === 'network') {
      if (!this.carrier.open) this.carrier.kick();
      else this.link.sync();
      if (this.#o.facts().proved) this.#ping();
    }
  }

  sayBye(reason: string): void {
    this.#o.channels.bye(reason);
    if (this.link.peer) this.link.tell({ kind: 'bye', reason });
  }

  hold(held: boolean): void {
    this.recovery.hold(held);
    if (held) this.#stopTick();
    else {
      this.carrier.kick();
      if (this.#o.facts().everProved && !this.#o.facts().proved) this.recovery.trouble('requested');
      this.#tick();
      this.#ping();
    }
  }

  renewed(servers: RTCIceServer[]): void {
    this.connection?.setServers(servers);
    // An allocation cannot be refreshed with credentials that have ended: move to a new one before they do.
    if (this.route?.kind === 'relay') this.connection?.restart();
  }

  close(): void {
    this.recovery.over();
    this.#stopTick();
    this.link.close();
    this.carrier.close();
    this.connection?.close();
    this.connection = null;
  }

  #opened(): void {
    const { link } = this;
    this.#o.timeline.add('signaling', 'channel open', this.#o.transport.name);
    if (link.peer) {
      link.resend();
      link.sync();
    }
    if (!this.#ready || (link.peer && !link.vacant)) return;
    if (link.vacant) return link.hello();
    // Where somebody waits, or may wait, the first offer goes with the first word.
    if (this.#presence?.length !== 0) this.#connect(true);
  }

  #peers(present: readonly string[]): void {
    const { link } = this;
    const first = this.#presence === null;
    this.#presence = present;
    if (link.peer && !present.includes(link.peer.peerId) && this.recovery.reason) link.vacant = true;
    if (first || !this.#ready || present.length === 0) return;
    // The newcomer offers; only if it does not, we do.
    if (!link.peer && !this.connection) {
      this.#o.platform.timer(() => !link.peer && this.carrier.open && !this.connection && this.#connect(true), 400);
    } else if (link.vacant) link.hello(400);
  }

  #bound(peer: Peer, previous: Peer | null): void {
    const { timeline, emit, channels, remote, learn } = this.#o;
    timeline.add('signaling', previous ? 'peer restarted' : 'peer joined', peer.peerId);
    if (previous) {
      channels.restarted();
      this.#drop();
      this.recovery.trouble('peer-restarted', true);
      if (!this.connection) remote.clear();
      this.recovery.rebuilding();
    }
    learn({});
    emit('peerchange', { peerId: peer.peerId, change: previous ? 'restarted' : 'joined' });
  }

  #hear(body: SignalBody): void {
    if (this.#o.facts().closed) return;
    switch (body.kind) {
      case 'bye':
        return this.bye(body.reason);
      case 'hello':
        if (body.offer) return this.#hearOffer(body.offer);
        if (this.#o.facts().proved) return;
        if (!this.connection) return this.#connect(true);
        return this.connection.firstOffer && this.link.say(this.connection.firstOffer);
      case 'offer':
        return this.#hearOffer(body);
      case 'media':
        return this.connection?.setRemote(body.media);
      case 'state':
        return;
      default:
        this.connection?.hear(body);
    }
  }

  #hearOffer(offer: OfferBody): void {
    if (!this.connection) {
      if (!this.#ready) return void this.#waiting.push(offer);
      this.#connect(false);
    }
    this.connection?.hear(offer);
  }
  /** Offers that came before our own media was there. */
  readonly #waiting: OfferBody[] = [];

  #heardSignal(): void {
    this.recovery.reachable();
    if (this.recovery.reason !== 'peer-left') this.link.vacant = false;
  }

  /** Makes the connection of this epoch if there is none: ours to offer (`lead`), or to answer on. */
  #connect(lead: boolean): void {
    if (this.connection || !this.#ready) return;
    const { platform, servers, iceTransportPolicy, candidateFilter: filter, media, remote, channels, timeline } = this.#o;
    const config = { iceServers: servers.current, iceTransportPolicy, bundlePolicy: 'max-bundle' as const };
    const offer = lead && this.#waiting.length === 0;
    const connection: Connection = new Connection(
      {
        platform, config, filter, media, remote, channels,
        me: this.link.me,
        them: () => this.link.peer?.instance,
        states: () => this.states(),
        say: (body) => this.link.say(body),
        offered: (first) => (this.link.peer ? this.link.say(first) : this.link.hello()),
        described: () => this.#o.learn({ described: true }),
        yielded: (theirs) => {
          this.#drop();
          this.#connect(false);
          this.connection?.hear(theirs);
        },
        insisted: (ours) => this.link.say(ours),
        negotiationFailed: (error) => {
          this.#o.emit('warning', { error });
          this.recovery.trouble('negotiation-failed', true);
        },
        pathChanged: (state) => this.connection === connection && this.#pathChanged(state),
        log: (what, detail) => timeline.add(what === 'candidate' ? 'ice' : 'signaling', what, detail),
        warn: (error) => this.#o.emit('warning', { error }),
      },
      offer,
    );
    this.connection = connection;
    if (offer) connection.offerFirst();
    for (const waiting of this.#waiting.splice(0)) connection.hear(waiting);
  }

  #drop(): void {
    this.connection?.close();
    this.connection = null;
    this.#pingedAt = null;
    this.#o.learn({ described: false, proved: false });
  }

  /** A new epoch was begun, by us or by the peer: a fresh connection for it. */
  #replace(reason: TroubleReason, lead: boolean): void {
    this.#drop();
    if (this.#o.facts().everProved) this.recovery.trouble(reason);
    this.recovery.rebuilding();
    if (lead) this.#connect(true);
  }

  async #rebuild(): Promise<void> {
    const { servers, emit, facts, fail } = this.#o;
    if (!facts().everProved && ++this.#tries > MAX_FIRST_TRIES) return fail(this.connection?.failure() ?? new SessionError('negotiation-failed', 'no connection could be negotiated'));
    this.#drop();
    this.link.nextEpoch();
    const { epoch } = this.link;
    if (servers.stale) await servers.fetch('rebuild').catch((error: SessionError) => emit('warning', { error }));
    if (!facts().closed && !facts().error && this.link.epoch === epoch && !this.connection) this.#replace('path-lost', true);
  }

  #pathChanged(state: RTCPeerConnectionState | 'dtls-closed'): void {
    this.#o.timeline.add('ice', 'path', state);
    if (state === 'dtls-closed') return this.transportLost();
    if (state === 'connected') void this.#readRoute();
    if (state === 'disconnected') this.#ping();
    if (state !== 'failed') return;
    const { facts, fail } = this.#o;
    if (facts().everProved) this.recovery.trouble('path-lost');
    else if (++this.#tries > 1) fail(this.connection?.failure() ?? new SessionError('ice-failed', 'no path was found'));
    else this.recovery.trouble('path-lost', true);
  }

  #left({ peerId }: Peer): void {
    this.link.vacant = true;
    this.#drop();
    this.#o.remote.clear();
    this.#o.emit('peerchange', { peerId, change: 'left' });
    if (this.#o.facts().everProved) this.recovery.trouble('peer-left', true);
    this.link.hello();
  }

  #missing(ms: number): void {
    const limitMs = this.recovery.reason === 'transport-closed' ? VACANT_MS : VACANT_SILENT_MS;
    if (!this.carrier.open || ms < limitMs || this.link.vacant) return;
    this.link.vacant = true;
    this.link.hello();
  }

  #giveUp(reason: TroubleReason, elapsedMs: number): void {
    if (reason === 'peer-left') return this.#o.closed('left');
    const cause = this.connection?.failure();
    const seconds = Math.round(elapsedMs / 1000);
    this.#o.fail(new SessionError('connection-lost', `no way back to the peer for ${seconds} s (${reason})`, { cause }));
  }

  #ping(): void {
    this.#pingedAt ??= this.#o.platform.now();
    this.#o.channels.ping();
  }

  /** Looks after the path: asks when it is silent, and calls it lost when the question is not answered. */
  #tick(): void {
    this.#stopTick();
    const { platform, facts } = this.#o;
    if (!facts().proved) return;
    this.#stopTick = platform.timer(() => {
      const now = platform.now();
      if (this.#pingedAt !== null && now - this.#pingedAt >= ANSWER_MS) this.recovery.trouble('silent');
      else if (now - this.#lastHeard >= QUIET_MS) this.#ping();
      if (now - this.#routeAt >= ROUTE_MS) void this.#readRoute();
      this.#tick();
    }, TICK_MS);
  }

  async #readRoute(): Promise<void> {
    const { connection } = this;
    this.#routeAt = this.#o.platform.now();
    const route = connection && routeOf(await connection.peer.getStats());
    if (!route || connection !== this.connection) return;
    const changed = !sameRoute(route, this.route);
    this.route = route;
    if (!changed) return;
    this.#o.timeline.add('ice', 'route', `${route.kind} ${route.protocol}`);
    this.#o.emit('routechange', { route });
  }
}
