import { type BareConnection, bareConnection } from './bare-connection.js';
import { Connection, type PathState } from './connection.js';
import { EarlyWords } from './early-words.js';
import { SessionError } from './errors.js';
import { Path, type PathHooks } from './path.js';
import type { Parts } from './session-parts.js';
import { isOver, type TroubleReason } from './session-state.js';
import type { Link } from './signaling/link.js';
import type { NumberedBody } from './signaling/message.js';

/** Connections that may fail in a row, by their negotiation or after ICE found a path, before the first one stands. */
const MAX_FIRST_TRIES = 3;
/** Browsers judge a path after 11 s (Firefox) or 15 s (Chromium), but not where there is no pair to check: so long may the first one take. */
const FIRST_PATH_MS = 16_000;
/**
 * Chromium 156 never frees a connection that is closed between a change of its state and the event of that. By the end of this time the
 * changes that led to the closing are told; and the peer has heard our offer of a new connection, before DTLS of the old one ends.
 * The end of gathering is such a change: one that still gathers is given so long again, a few times.
 */
const LINGER_MS = 250;
const LINGERS = 8;

/** Which connection is the present one. */
export class Epochs {
  readonly #o: Parts;
  readonly #link: Link;
  readonly path: Path;
  readonly #early = new EarlyWords();
  connection: Connection | null = null;
  /** Made ahead for the first connection, with our tracks: in a fresh page a browser takes tens of milliseconds for it. */
  #spare: BareConnection | null = null;
  /** Local media and ICE servers are there. */
  #ready = false;
  /** The peer ended DTLS in order: it closed its connection, or its page is gone. */
  ended = false;
  #tries = 0;
  /** Why the last connection that was given up found no path. */
  #failure: SessionError | undefined;
  #stopFirst = (): void => {};
  /** Connections that are given up and not closed yet, each with what ends its time. */
  readonly #former = new Map<RTCPeerConnection, () => void>();

  constructor(parts: Parts, link: Link, hooks: Pick<PathHooks, 'missing' | 'needed'>) {
    this.#o = parts;
    this.#link = link;
    this.path = new Path(parts, link, {
      peer: () => this.connection?.peer,
      ...hooks,
      restart: () => this.connection?.restart(),
      rebuild: () => void this.#rebuild(),
      proved: () => {
        this.#tries = 0;
        this.#failure = undefined;
        this.#stopFirst();
        link.proved();
      },
      giveUp: (reason, elapsedMs) => this.#giveUp(reason, elapsedMs),
    });
  }

  /** Local media and ICE servers are there: connections may be made. */
  prepare(): void {
    this.#ready = true;
    this.#makeAhead();
  }

  /** Why the present connection finds no path, or the last one that came so far as to look for one. */
  get failure(): SessionError | undefined {
    return (this.#o.facts().described ? this.connection?.failure() : undefined) ?? this.#failure;
  }

  /** SCTP or DTLS ended. */
  lost(): void {
    if (this.connection) this.path.recovery.trouble('transport-closed', true);
  }

  /** The peer's word on the present connection; `called`: it came with a hello. */
  hear(body: NumberedBody, called = false): void {
    if (body.kind === 'candidates' && !this.#o.facts().described) this.#early.keep(body);
    // Closed under us: no event tells, and what it was doing never ends.
    if (this.connection?.peer.signalingState === 'closed') this.lost();
    else if (this.connection) this.connection.hear(body, called);
    else if (body.kind === 'offer') {
      this.#early.keep(body);
      this.connect(false);
    }
  }

  /** Takes the connection of this epoch into use if there is none: ours to offer (`lead`), or to answer on. */
  connect(lead: boolean): void {
    if (this.connection || !this.#ready) return;
    const { warn, timeline } = this.#o;
    const offers = lead && !this.#early.offered;
    const bare = this.#spare ?? bareConnection(this.#o);
    const { peer } = bare;
    this.#spare = null;
    const connection: Connection = new Connection(bare, offers, {
      ...this.#o,
      me: this.#link.me,
      them: () => this.#link.peer?.instance,
      say: (body) => this.#link.say(body),
      offered: (offer) => (this.#link.peer ? this.#link.say(offer) : this.#link.hello()),
      described: () => this.#described(),
      yielded: (offer) => {
        this.drop();
        this.hear(offer);
      },
      negotiationFailed: (error) => {
        // Closed under us, by the app or the engine: no description is to blame.
        if (peer.signalingState === 'closed') return this.lost();
        warn(error);
        if (this.#o.facts().everProved) this.path.recovery.trouble('negotiation-failed', true);
        else this.#again(error, MAX_FIRST_TRIES);
      },
      pathChanged: (state) => this.connection === connection && this.#pathChanged(connection, state),
      log: (what, detail) => timeline.add(what.startsWith('cand') ? 'ice' : 'signaling', what, detail),
    });
    this.connection = connection;
    this.ended = false;
    if (offers) connection.offerFirst();
    for (const body of this.#early.take()) connection.hear(body);
  }

  /** Takes back an offer that nobody has heard. The next connection is made ahead, for ours or for theirs. */
  withdraw(): void {
    if (!this.connection) return;
    this.drop();
    this.#link.hush();
    this.#link.nextEpoch(this.#link.epoch);
    this.#makeAhead();
  }

  drop(): void {
    this.#failure = this.failure;
    this.#end();
    this.#o.learn({ described: false });
  }

  /** Another instance, or another epoch of the same: the old connection is void, theirs will come. */
  superseded(reason: TroubleReason): void {
    this.drop();
    this.#early.forget();
    if (this.#o.facts().everProved) this.path.recovery.trouble(reason, false, true);
    else this.path.recovery.rebuilding();
  }

  /** A slot changed. What has no section yet gets one with the next offer. */
  setTrack(name: string, kind: string, track: MediaStreamTrack | null): void {
    if (this.connection) this.connection.setTrack(name, kind, track);
    else void this.#spare?.sections.set(name, kind, track)?.catch(() => {});
  }

  renewed(servers: RTCIceServer[]): void {
    this.#spare?.peer.close();
    this.#spare = null;
    this.connection?.renew(servers, this.path.routes.route?.kind === 'relay');
  }

  close(): void {
    this.path.recovery.over();
    this.#end();
    for (const [peer, stop] of this.#former) {
      stop();
      peer.close();
    }
    this.#former.clear();
    this.#spare?.peer.close();
  }

  #makeAhead(): void {
    this.#spare = bareConnection(this.#o);
    this.#spare.sections.beforeFirstOffer();
  }

  #end(): void {
    this.path.stop();
    this.#stopFirst();
    const { connection } = this;
    if (!connection) return;
    this.connection = null;
    connection.leave();
    this.#bury(connection.peer, LINGERS);
  }

  #bury(peer: RTCPeerConnection, lingers: number): void {
    const stop = this.#o.platform.timer(() => {
      if (lingers > 0 && peer.iceGatheringState === 'gathering') return this.#bury(peer, lingers - 1);
      this.#former.delete(peer);
      peer.close();
    }, LINGER_MS);
    this.#former.set(peer, stop);
  }

  #described(): void {
    const { described, everProved } = this.#o.facts();
    this.#early.forget();
    this.#o.learn({ described: true });
    if (described) return;
    this.path.described();
    if (!everProved) this.#stopFirst = this.#o.platform.timer(() => this.#noPath(), FIRST_PATH_MS);
  }

  /** The first connection came to nothing: once more, or the end. */
  #again(error: SessionError, max: number): void {
    void (++this.#tries > max ? this.#o.fail(error) : this.#rebuild());
  }

  async #rebuild(): Promise<void> {
    const { servers, warn, facts } = this.#o;
    this.drop();
    this.#early.forget();
    this.#link.nextEpoch();
    const { epoch } = this.#link;
    if (servers.stale) await servers.fetch('rebuild').catch(warn);
    // Read again: the peer may have begun an epoch of its own, or the session may be over.
    if (!isOver(facts()) && this.#link.epoch === epoch) this.connect(true);
  }

  #pathChanged(connection: Connection, state: PathState): void {
    this.#o.timeline.add('ice', 'path', state);
    if (state === 'dtls-closed') this.ended = true;
    if (/^dtls/.test(state)) this.lost();
    // While DTLS is under way: so the route is known by the time of the proof, or soon after.
    if (state === 'ice-connected') void this.path.read();
    // DTLS shakes hands once, by bytes that go both ways. That a state is reached again proves nothing.
    if (state === 'connected' && !connection.shaken) {
      connection.shaken = true;
      this.path.proved();
    }
    if (state === 'disconnected') this.path.probe();
    if (state !== 'failed') return;
    if (this.#o.facts().everProved) this.path.recovery.trouble('path-lost');
    else this.#noPath();
  }

  /** One side may have changed its network in between: once more; where there was a path, as often as for any other reason. */
  #noPath(): void {
    if (this.failure) this.#again(this.failure, this.connection?.paired ? MAX_FIRST_TRIES : 1);
  }

  #giveUp(reason: TroubleReason, ms: number): void {
    if (reason === 'peer-left') return this.#o.closed('left');
    const what = `${reason} for ${Math.round(ms / 1000)} s`;
    this.#o.fail(new SessionError('connection-lost', what, { cause: this.connection?.failure() }));
  }
}
