import { Liveness } from './ice/liveness.js';
import { Recovery } from './ice/recovery.js';
import { RouteWatcher } from './ice/route-watcher.js';
import { refreshPictures } from './media/key-frames.js';
import type { Parts } from './session-parts.js';
import type { TroubleReason } from './session-state.js';
import { byFirefox } from './shared/by-firefox.js';
import type { Link } from './signaling/link.js';

/** What a connection takes, as long as there was none. */
const FIRST_USUAL_MS = 700;

/** What a path needs of those who make connections and find peers. */
export interface PathHooks {
  /** The present connection. */
  peer(): RTCPeerConnection | undefined;
  /** How long the peer has not been reachable through signaling. */
  missing(ms: number): void;
  /** The network is back, and we need the peer to be reachable. */
  needed(): void;
  restart(): void;
  rebuild(): void;
  /** Bytes have come back from the peer. */
  proved(): void;
  giveUp(reason: TroubleReason, elapsedMs: number): void;
}

/** Whether the present connection works, and what is tried when it does not. */
export class Path {
  readonly #o: Parts;
  readonly #hooks: PathHooks;
  readonly recovery: Recovery;
  readonly routes: RouteWatcher;
  readonly #liveness: Liveness;
  /** Since when both descriptions are there; and the time from there to the first bytes, of the first connection. */
  #describedAt = 0;
  #usualMs: number | null = null;
  #stopPictures = (): void => {};

  constructor(parts: Parts, link: Link, hooks: PathHooks) {
    this.#o = parts;
    this.#hooks = hooks;
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
        // A path with media is silent only where something is wrong: by then it is worth knowing whether signaling works.
        this.recovery.asked();
        link.sync();
      },
      silent: () => this.recovery.trouble('silent'),
      read: async () => {
        const agoMs = await this.read();
        if (agoMs === null && this.routes.elsewhere) this.recovery.elsewhere();
        return agoMs;
      },
      rtt: () => this.routes.route?.rttMs ?? 0,
      flows: () => this.#flows(),
    });
    this.recovery = new Recovery({
      platform,
      policy,
      missing: hooks.missing,
      restart: hooks.restart,
      rebuild: hooks.rebuild,
      giveUp: hooks.giveUp,
      restartFirst: () => channels.plain || byFirefox(hooks.peer()),
      usualMs: () => this.#usualMs ?? FIRST_USUAL_MS,
      ask: () => {
        link.sync();
        channels.ping();
      },
      tell: (trouble, attempt) => {
        timeline.add('ice', 'trouble', `${trouble}, attempt ${attempt}`);
        if (!parts.facts().paused) this.#liveness.watch(true);
        const { trouble: known, since } = parts.facts();
        parts.learn({ proved: false, trouble, attempt, since: known ? since : platform.wall() });
      },
    });
  }

  /** Both descriptions of a new connection are there. */
  described(): void {
    this.#describedAt = this.#o.platform.now();
  }

  /** Bytes came through the path. */
  heard(): void {
    this.#liveness.heard();
    if (!this.#o.facts().proved) this.proved();
  }

  /** Bytes have gone both ways. */
  proved(): void {
    this.#hooks.proved();
    this.#usualMs ??= this.#o.platform.now() - this.#describedAt;
    if (this.recovery.reason) this.#refresh();
    this.recovery.over();
    if (!this.#o.facts().paused) this.#liveness.watch();
    this.#o.learn({ proved: true, everProved: true, trouble: null, attempt: 0 });
  }

  /** Something hints at trouble: asks at once. */
  probe(): void {
    if (this.#o.facts().proved) this.#liveness.ask();
  }

  /** Reads the counters: how long ago the last came of what is new. */
  read(): Promise<number | null> {
    return this.routes.read(this.#hooks.peer());
  }

  hold(held: boolean): void {
    const { everProved, proved } = this.#o.facts();
    this.recovery.hold(held);
    if (held) this.#liveness.stop();
    else if (everProved && !proved) this.recovery.trouble('requested');
    else if (proved) {
      this.#liveness.watch();
      this.#liveness.ask();
    }
  }

  /** The connection is gone. */
  stop(): void {
    this.#liveness.stop();
    this.#stopPictures();
  }

  /** Packets come again. They prove an old path, one on which the control channel is open; a new one is proved by DTLS. */
  #flows(): void {
    if (this.#o.facts().proved) this.#refresh();
    else if (this.recovery.dead) this.#hooks.needed();
    else if (this.#o.channels.ready) this.proved();
  }

  #refresh(): void {
    this.#stopPictures();
    this.#stopPictures = refreshPictures(this.#hooks.peer(), this.#o.platform);
  }
}
