import { type LivePath, pathOf, type Route, sameRoute } from './route.js';

/** Keeps the live route, and notices whether anything comes through it. */
export class RouteWatcher {
  readonly #changed: (route: Route) => void;
  #path: LivePath | null = null;
  /** Between the last two readings the peer answered through another pair than the one in use. */
  elsewhere = false;

  constructor(changed: (route: Route) => void) {
    this.#changed = changed;
  }

  /** The route read last. */
  get route(): Route | null {
    return this.#path?.route ?? null;
  }

  /** Reads `getStats()`. Resolves with how long ago the last came of what came through the path since the last reading, data or answers to checks: `null` if nothing did. */
  async read(peer: RTCPeerConnection | undefined): Promise<number | null> {
    const path = peer ? pathOf(await peer.getStats()) : null;
    if (!path || peer?.connectionState === 'closed') return null;
    const before = this.#path;
    this.#path = path;
    this.elsewhere = path.pair === before?.pair && path.others > before.others;
    if (!sameRoute(path.route, before?.route ?? null)) this.#changed(path.route);
    return path.pair === before?.pair && path.came > before.came ? path.agoMs : null;
  }
}
