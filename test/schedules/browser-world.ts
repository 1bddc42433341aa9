import type { BrowserPlace } from './browser-place.js';
import type { PairReport } from './judge-pair.js';
import { type Act, type AppDeed, isAppDeed, SIDES, type SideName, type WorldDeed } from './schedule.js';
import type { LifeReport } from './soak-page.js';
import type { SoakWire } from './soak-wire.js';

/** Two apps in real pages, and what a schedule may do to them. */
export class BrowserWorld {
  readonly places: Readonly<Record<SideName, BrowserPlace>>;
  readonly wire: SoakWire;
  /** What is broken now, by its depth: things of one kind that overlap are undone together, by the last. */
  readonly #broken = new Map<string, number>();
  /** What undoes what is broken now. */
  readonly #heals = new Set<() => void>();
  /** What is under way in a browser. */
  readonly #pending = new Set<Promise<unknown>>();
  readonly #failures: unknown[] = [];

  constructor(places: Readonly<Record<SideName, BrowserPlace>>, wire: SoakWire) {
    this.places = places;
    this.wire = wire;
  }

  start(side: SideName): void {
    const place = this.places[side];
    if (place.lives === 1 && place.runs) this.#track(place.start());
  }

  /** One side closes its session, unless it is away. `told`: whether everything was there for the other to hear of it. */
  close(act: Act & AppDeed, told: (clean: boolean) => void): void {
    const place = this.places[act.side];
    const close = async (): Promise<void> => {
      const met = await Promise.all(SIDES.map((side) => this.places[side].met()));
      if (!place.runs) return;
      told(met.every(Boolean) && this.signalingWorks);
      await place.do(act);
    };
    if (place.runs) this.#track(close());
  }

  /** Does one act now. */
  do(act: Act): void {
    const place = this.places[act.side];
    if (!isAppDeed(act)) this.#world(place, act);
    else if (place.runs) this.#track(place.do(act));
  }

  #world(place: BrowserPlace, act: Act & WorldDeed): void {
    const { side } = act;
    const { wire } = this;
    switch (act.act) {
      case 'reload':
      case 'crash':
        if (place.runs) this.#leave(place, act.act, act.forMs);
        return;
      case 'cut':
        return this.#break(
          `cut ${side}`,
          act.forMs,
          () => wire.cut(side),
          () => wire.restore(side),
        );
      case 'freeze':
        if (place.runs || place.frozen) this.#freeze(place, side, act.forMs);
        return;
      case 'pause':
        if (place.runs) this.#pause(place, side, act.forMs);
    }
  }

  #leave(place: BrowserPlace, how: 'reload' | 'crash', forMs: number): void {
    const { come, done } = place[how]();
    this.#track(done);
    this.#later(forMs, come);
  }

  #freeze(place: BrowserPlace, side: SideName, forMs: number): void {
    this.#break(
      `freeze ${side}`,
      forMs,
      () => this.#track(place.freeze(true)),
      () => this.#track(place.freeze(false)),
    );
  }

  #pause(place: BrowserPlace, side: SideName, forMs: number): void {
    const { lives } = place;
    this.#break(
      `pause ${side}${lives}`,
      forMs,
      () => this.#track(place.pause(true)),
      () => {
        // A page that is gone calls nothing; one that is frozen does it when it is thawed.
        if (!place.away && place.lives === lives) this.#track(place.pause(false));
      },
    );
  }

  #break(what: string, forMs: number, broke: () => void, mend: () => void): void {
    const depth = this.#broken.get(what) ?? 0;
    this.#broken.set(what, depth + 1);
    if (depth === 0) broke();
    this.#later(forMs, () => {
      const left = (this.#broken.get(what) ?? 1) - 1;
      this.#broken.set(what, left);
      if (left === 0) mend();
    });
  }

  #later(ms: number, fn: () => void): void {
    const once = (): void => {
      clearTimeout(timer);
      if (this.#heals.delete(once)) fn();
    };
    const timer = setTimeout(once, ms);
    this.#heals.add(once);
  }

  #track(promise: Promise<unknown>): void {
    const tracked = promise
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  /** Faults end, all that is broken is mended, who is away comes back. Resolves when both pages are there. */
  async heal(): Promise<void> {
    this.wire.faults = { loss: 0, repeat: 0, delayMs: [1, 1], echo: 0, stranger: 0 };
    for (const heal of [...this.#heals]) heal();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** Whether what one side says now arrives at the other. */
  get signalingWorks(): boolean {
    const { faults } = this.wire;
    return faults.loss === 0 && SIDES.every((side) => this.places[side].runs && this.wire.has(side));
  }

  async lives(): Promise<{ alice: LifeReport; bob: LifeReport; past: LifeReport[] }> {
    const { alice, bob } = this.places;
    const [a, b] = await Promise.all([alice.report(), bob.report()]);
    return { alice: a, bob: b, past: [...alice.past, ...bob.past] };
  }

  async reports(): Promise<PairReport> {
    const { alice, bob, past } = await this.lives();
    return { alice: alice.app, bob: bob.app, past: past.map(({ app }) => app) };
  }
}
