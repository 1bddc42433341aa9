import { createVirtualClock, createVirtualNetwork, type PairSide, type SessionPair, sessionPair } from 'peer-session/testing';
import { App, type AppReport } from './app.js';
import { type EngineLog, watchEngine } from './engine-log.js';
import { type Act, isAppDeed, type Schedule, SIDES, type SideName, type WorldDeed } from './schedule.js';

/** One side: the pages that were there one after the other, and what is broken at the moment. */
interface Place {
  readonly side: PairSide;
  app: App;
  lives: number;
  /** The page is gone and not yet loaded again. */
  away: boolean;
  readonly past: AppReport[];
  readonly broken: Map<string, number>;
}

const OPTIONS = { timeouts: { peerMs: 150_000, connectingMs: 120_000, signalingMs: 60_000 } };

const FETCH = { media: { audio: true, video: true } };

/** Two apps over the fakes, and what a schedule may do to them. */
export class FakeWorld {
  readonly pair: SessionPair;
  readonly places: Readonly<Record<SideName, Place>>;
  readonly engine: EngineLog = { rollbacks: 0, offers: new Map() };
  readonly platforms: PairSide['platform'][] = [];
  /** What undoes what is broken now. */
  readonly #heals = new Set<() => void>();

  constructor(schedule: Schedule) {
    const { seed, personality, place, presence, faults, fetch } = schedule;
    const clock = createVirtualClock({ seed });
    const network = createVirtualNetwork({ clock, seed });
    const turn = { urls: ['stun:turn.test', 'turn:turn.test'], username: 'u', credential: 'c' };
    network.iceServer({ name: 'turn.test', username: 'u', credential: 'c' });
    this.pair = sessionPair({
      seed,
      personality,
      presence,
      faults,
      clock,
      network,
      ...(fetch[0] && { alice: FETCH }),
      ...(fetch[1] && { bob: FETCH }),
      ...(place !== 'lan' && { behind: [place, place] }),
      both: { ...OPTIONS, ...(place !== 'lan' && { iceServers: [turn] }) },
    });
    this.places = { alice: this.#place(this.pair.alice), bob: this.#place(this.pair.bob) };
  }

  #place(side: PairSide): Place {
    return { side, app: this.#app(side, 1), lives: 1, away: false, past: [], broken: new Map() };
  }

  #app(side: PairSide, life: number): App {
    const { platform } = side;
    this.platforms.push(platform);
    watchEngine(platform, this.engine);
    return new App(`${side.peerId}${life}`, side.session, async (kind) => {
      const [track] = (await platform.mediaDevices.getUserMedia({ [kind]: true })).getTracks();
      if (!track) throw new Error('no track');
      return track;
    });
  }

  /** Does one act now. */
  do(act: Act): void {
    const place = this.places[act.side];
    if (isAppDeed(act)) {
      if (this.runs(act.side)) place.app.do(act);
    } else this.#world(place, act);
  }

  #world(place: Place, deed: WorldDeed): void {
    const { side } = place;
    const { host, bus, peerId, platform } = side;
    switch (deed.act) {
      case 'reload':
      case 'crash':
        if (!place.away && !place.app.over) this.#leave(place, deed.act === 'crash', deed.forMs);
        return;
      case 'address-change':
        if (place.broken.get('network')) return;
        host.changeAddress();
        return platform.page('network');
      case 'cut':
        return this.#break(
          place,
          'signaling',
          deed.forMs,
          () => bus.cut(peerId),
          () => bus.restore(peerId),
        );
      case 'ice-failure':
        return this.#break(
          place,
          'path',
          deed.forMs,
          () => (host.faults.loss = 1),
          () => (host.faults.loss = 0),
        );
      case 'network-down':
        this.#break(
          place,
          'signaling',
          deed.forMs,
          () => bus.cut(peerId),
          () => bus.restore(peerId),
        );
        return this.#break(
          place,
          'network',
          deed.forMs,
          () => {
            host.down();
            side.platform.page('offline');
          },
          () => {
            host.up();
            side.platform.page('online');
          },
        );
      case 'freeze':
        if (place.away) return;
        return this.#break(
          place,
          `freeze ${place.lives}`,
          deed.forMs,
          () => {
            platform.freeze();
            bus.hold(peerId);
          },
          () => {
            platform.thaw();
            if (side.platform === platform) bus.release(peerId);
          },
        );
      case 'pause': {
        const { session } = place.app;
        return this.#break(
          place,
          `pause ${place.lives}`,
          deed.forMs,
          () => session.pause(),
          () => {
            // A page that is gone calls nothing.
            if (!place.away && place.app.session === session) session.resume();
          },
        );
      }
    }
  }

  /** The page goes, and is loaded again after `forMs`. */
  #leave(place: Place, crash: boolean, forMs: number): void {
    const { side } = place;
    place.past.push(place.app.report());
    place.away = true;
    if (crash) side.platform.crash();
    else side.platform.unload();
    side.bus.vanish(side.peerId);
    this.#later(forMs, () => {
      place.app.dispose();
      side.reload();
      place.lives++;
      place.app = this.#app(side, place.lives);
      place.away = false;
      place.app.start();
    });
  }

  /** Things of one kind that overlap are undone together, by the last. */
  #break(place: Place, what: string, forMs: number, broke: () => unknown, mend: () => unknown): void {
    const depth = place.broken.get(what) ?? 0;
    place.broken.set(what, depth + 1);
    if (depth === 0) broke();
    this.#later(forMs, () => {
      const left = (place.broken.get(what) ?? 1) - 1;
      place.broken.set(what, left);
      if (left === 0) mend();
    });
  }

  #later(ms: number, fn: () => void): void {
    const once = (): void => {
      cancel();
      if (this.#heals.delete(once)) fn();
    };
    this.#heals.add(once);
    const cancel = this.pair.clock.timer(once, ms);
  }

  /** Faults end, all that is broken is mended, who is away comes back. */
  heal(): void {
    Object.assign(this.pair.bus.faults, { loss: 0, repeat: 0, delayMs: [1, 1], echo: 0, stranger: 0 });
    for (const heal of [...this.#heals]) heal();
  }

  /** Whether what one side says on the channel arrives at the other at present. */
  get signalingWorks(): boolean {
    const { faults, present } = this.pair.bus;
    const frozen = SIDES.some((name) => this.#frozen(this.places[name]));
    return faults.loss === 0 && !frozen && SIDES.every((name) => present.includes(name));
  }

  /** Nothing of an app runs while its page is gone or frozen. */
  runs(name: SideName): boolean {
    return !this.places[name].away && !this.#frozen(this.places[name]);
  }

  #frozen({ broken, lives }: Place): boolean {
    return (broken.get(`freeze ${lives}`) ?? 0) > 0;
  }

  reports(): { alice: AppReport; bob: AppReport; past: AppReport[] } {
    const { alice, bob } = this.places;
    return { alice: alice.app.report(), bob: bob.app.report(), past: [...alice.past, ...bob.past] };
  }

  /** What the pages have not given back, in words. Empty after `close()`. */
  leaks(): string[] {
    return SIDES.flatMap((name) => {
      const { census } = this.places[name].side.platform;
      const { connections, timers, listeners, pageListeners, liveTracks } = census;
      const left = { connections: connections.length, timers, listeners, pageListeners, liveTracks };
      return Object.entries(left).flatMap(([what, count]) => (count > 0 ? [`${name} left ${count} ${what} behind`] : []));
    });
  }
}
