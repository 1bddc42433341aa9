import { Connection } from './connection.js';
import { EarlyWords } from './early-words.js';
import { SessionError } from './errors.js';
import { Liveness } from './ice/liveness.js';
import { Recovery } from './ice/recovery.js';
import { RouteWatcher } from './ice/route-watcher.js';
import { refreshPictures } from './media/key-frames.js';
import type { Parts } from './session-parts.js';
import type { TroubleReason } from './session-state.js';
import type { Link } from './signaling/link.js';
import type { NumberedBody } from './signaling/message.js';

/** Connections whose negotiation may fail in a row before the first one stands. */
const MAX_FIRST_TRIES = 3;
/** Browsers judge a path after 11 s (Firefox) or 15 s (Chromium), but not where there is no pair to check: so long may the first one take. */
const FIRST_PATH_MS = 16_000;
/** What a connection takes, as long as there was none. */
const FIRST_USUAL_MS = 700;

/** Which connection is the present one, whether it works, and what to do when it does not. */
export class Epochs {
  readonly #o: Parts;
  readonly #link: Link;
  readonly recovery: Recovery;
  readonly routes: RouteWatcher;
  readonly #liveness: Liveness;
  readonly #early = new EarlyWords();
  connection: Connection | null = null;
  /** Local media and ICE servers are there. */
  ready = false;
  /** The peer ended DTLS in order: it closed its connection, or its page is gone. */
  ended = false;
  #tries = 0;
  #failure: SessionError | undefined;
  /** Since both descriptions are there, and the shortest time from there to the first bytes. */
  #describedAt: number | null = null;
  #usualMs: number | null = null;
  /** Of the present connection: the time of its first path, later the second whole picture. */
  #stopTimer = (): void => {};

  constructor(parts: Parts, link: Link, missing: (ms: number) => void) {
    this.#o = parts;
    this.#link = link;
    const { platform, recovery: policy, channels, timeline } = parts;
    this.routes = new RouteWatcher((route) => {
      timeline.add('ice', 'route', `${route.kind} ${route.protocol}`);
      parts.emit('routechange', { route });
    });
    this.#liveness = new Liveness({
      platform,
      ping: (flowing) => {
        channels.ping();
        if (!flowing) return;
        // A path with media is silent only where something is wrong: whether signaling works is worth knowing by then.
        this.recovery.asked();
        link.sync();
      },
      silent: () => this.recovery.trouble('silent'),
      read: async () => {
        const grew = await this.routes.read(this.connection?.peer);
        if (!grew && this.routes.elsewhere) this.recovery.elsewhere();
        return grew;
      },
      rtt: () => this.routes.route?.rttMs ?? 0,
      flows: () => this.#flows(),
    });
    this.recovery = new Recovery({
      platform,
      policy,
      missing,
      usualMs: () => this.#usualMs ?? FIRST_USUAL_MS,
      restart: () => this.connection?.restart(),
      rebuild: () => void this.#rebuild(),
      giveUp: (reason, elapsedMs) => this.#giveUp(reason, elapsedMs),
      ask: () => {
        link.sync();
        channels.ping();
      },
      tell: (trouble, attempt) => {
        timeline.add('ice', 'trouble', `${trouble}, attempt ${attempt}`);
        if (!parts.facts().paused) this.#liveness.watch(true);
        parts.learn({ proved: false, trouble, attempt });
      },
    });
  }

  /** Why the present connection finds no path, or the last one that came so far as to look for one. */
  get failure(): SessionError | undefined {
    return (this.#o.facts().described ? this.connection?.failure() : undefined) ?? this.#failure;
  }

  /** Bytes came through the path. */
  heard(): void {
    this.#liveness.heard();
    if (!this.#o.facts().proved) this.proved();
  }

  proved(): void {
    this.#tries = 0;
    const tookMs = this.#o.platform.now() - (this.#describedAt ?? Number.NEGATIVE_INFINITY);
    this.#usualMs = Math.min(this.#usualMs ?? tookMs, tookMs);
    this.#describedAt = null;
    this.#stopTimer();
    this.#link.vacant = false;
    if (this.recovery.reason) this.#refresh();
    this.recovery.over();
    if (!this.#o.facts().paused) this.#liveness.watch();
    this.#o.learn({ proved: true, everProved: true, trouble: null, attempt: 0 });
    void this.routes.read(this.connection?.peer);
  }

  /** Packets come again. They prove an old path; a new one is proved by its control channel. */
  #flows(): void {
    if (this.#o.facts().proved) this.#refresh();
    else if (this.#o.channels.ready && !this.recovery.dead) this.proved();
  }

  #refresh(): void {
    this.#stopTimer();
    this.#stopTimer = refreshPictures(this.connection?.peer, this.#o.platform);
  }

  /** SCTP or DTLS ended. */
  lost(): void {
    if (this.connection) this.recovery.trouble('transport-closed', true);
  }

  /** Something hints at trouble: asks at once. */
  probe(): void {
    if (this.#o.facts().proved) this.#liveness.ask();
  }

  /** The peer's word on the present connection. */
  hear(body: NumberedBody): void {
    if (body.kind === 'candidates' && !this.#o.facts().described) this.#early.keep(body);
    if (this.connection) this.connection.hear(body);
    else if (body.kind === 'offer') {
      this.#early.keep(body);
      this.connect(false);
    }
  }

  /** Makes the connection of this epoch if there is none: ours to offer (`lead`), or to answer on. */
  connect(lead: boolean): void {
    if (this.connection || !this.ready) return;
    const { platform, servers, iceTransportPolicy, media, remote, channels, timeline, emit } = this.#o;
    const offers = lead && !this.#early.offered;
    const connection: Connection = new Connection(
      {
        platform,
        media,
        remote,
        channels,
        config: { iceServers: servers.current, iceTransportPolicy, bundlePolicy: 'max-bundle' },
        filter: this.#o.candidateFilter,
        me: this.#link.me,
        them: () => this.#link.peer?.instance,
        states: () => media.states,
        say: (body) => this.#link.say(body),
        offered: (offer) => (this.#link.peer ? this.#link.say(offer) : this.#link.hello()),
        described: () => this.#described(),
        yielded: (offer) => {
          this.drop();
          this.hear(offer);
        },
        negotiationFailed: (error) => {
          // Closed under us, by the app or the engine: no description is to blame.
          if (connection.peer.signalingState === 'closed') return this.lost();
          emit('warning', { error });
          if (this.#o.facts().everProved) this.recovery.trouble('negotiation-failed', true);
          else this.#again(error, MAX_FIRST_TRIES);
        },
        pathChanged: (state) => this.connection === connection && this.#pathChanged(state),
        log: (what, detail) => timeline.add(what.startsWith('cand') ? 'ice' : 'signaling', what, detail),
        warn: (error) => emit('warning', { error }),
      },
      offers,
    );
    this.connection = connection;
    this.ended = false;
    if (offers) connection.offerFirst();
    for (const body of this.#early.take()) connection.hear(body);
  }

  drop(): void {
    this.#failure = this.failure;
    this.#end();
    this.#o.learn({ described: false, proved: false });
  }

  /** Another instance, or another epoch of the same: the old connection is void, theirs will come. */
  superseded(reason: TroubleReason): void {
    this.drop();
    this.#early.forget();
    if (this.#o.facts().everProved) this.recovery.trouble(reason, false, true);
    this.recovery.rebuilding();
  }

  hold(held: boolean): void {
    const { everProved, proved, closed, error } = this.#o.facts();
    if (closed || error) return;
    this.recovery.hold(held);
    if (held) this.#liveness.stop();
    else if (everProved && !proved) this.recovery.trouble('requested');
    else if (proved) {
      this.#liveness.watch();
      this.#liveness.ask();
    }
  }

  renewed(servers: RTCIceServer[]): void {
    this.connection?.renew(servers, this.routes.route?.kind === 'relay');
  }

  close(): void {
    this.recovery.over();
    this.#end();
  }

  #end(): void {
    this.#liveness.stop();
    this.#stopTimer();
    this.connection?.close();
    this.connection = null;
  }

  #described(): void {
    const { described, everProved } = this.#o.facts();
    this.#early.forget();
    this.#o.learn({ described: true });
    if (!described) this.#describedAt = this.#o.platform.now();
    if (!described && !everProved) this.#stopTimer = this.#o.platform.timer(() => this.#noPath(), FIRST_PATH_MS);
  }

  /** The first connection came to nothing: once more, or the end. */
  #again(error: SessionError, max: number): void {
    void (++this.#tries > max ? this.#o.fail(error) : this.#rebuild());
  }

  async #rebuild(): Promise<void> {
    const { servers, emit, facts } = this.#o;
    this.drop();
    this.#early.forget();
    this.#link.nextEpoch();
    const { epoch } = this.#link;
    if (servers.stale) await servers.fetch('rebuild').catch((error: SessionError) => emit('warning', { error }));
    // Read again: the peer may have begun an epoch of its own, or the session may be over.
    if (!facts().closed && !facts().error && this.#link.epoch === epoch) this.connect(true);
  }

  #pathChanged(state: RTCPeerConnectionState | 'dtls-closed' | 'dtls-failed'): void {
    this.#o.timeline.add('ice', 'path', state);
    if (state === 'dtls-closed') this.ended = true;
    if (/^dtls/.test(state)) this.lost();
    if (state === 'connected') void this.routes.read(this.connection?.peer);
    if (state === 'disconnected') this.probe();
    if (state !== 'failed') return;
    if (this.#o.facts().everProved) this.recovery.trouble('path-lost');
    else this.#noPath();
  }

  /** One side may have changed its network in between: once more. */
  #noPath(): void {
    if (this.failure) this.#again(this.failure, 1);
  }

  #giveUp(reason: TroubleReason, ms: number): void {
    if (reason === 'peer-left') return this.#o.closed('left');
    const what = `no way back to the peer for ${Math.round(ms / 1000)} s (${reason})`;
    this.#o.fail(new SessionError('connection-lost', what, { cause: this.connection?.failure() }));
  }
}
