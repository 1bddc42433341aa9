import type { Platform } from '../platform.js';
import { type Route, routeOf, sameRoute } from './route.js';

/** `getStats()` is asked at most so often. */
const EVERY_MS = 3_000;

/** Keeps the live route. */
export class RouteWatcher {
  readonly #platform: Platform;
  readonly #changed: (route: Route) => void;
  #at = Number.NEGATIVE_INFINITY;
  #route: Route | null = null;

  constructor(platform: Platform, changed: (route: Route) => void) {
    this.#platform = platform;
    this.#changed = changed;
  }

  /** The route read last. */
  get route(): Route | null {
    return this.#route;
  }

  /** Reads it again, at once or if the last reading is old. */
  async read(peer: RTCPeerConnection | undefined, now = true): Promise<void> {
    const at = this.#platform.now();
    if (!peer || (!now && at - this.#at < EVERY_MS)) return;
    this.#at = at;
    const route = routeOf(await peer.getStats());
    if (!route || peer.connectionState === 'closed') return;
    const changed = !sameRoute(route, this.#route);
    this.#route = route;
    if (changed) this.#changed(route);
  }
}
