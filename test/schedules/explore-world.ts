import { createHash } from 'node:crypto';
import { createSession, type SignalMessage } from 'peer-session';
import {
  createVirtualClock,
  createVirtualNetwork,
  type FakePlatform,
  fakePlatform,
  type VirtualHost,
} from 'peer-session/testing';
import { FakeMediaStreamTrack } from '../../src/testing/media/fake-track.js';
import { App, type AppReport } from './app.js';
import { ChoiceBus, NAMES, type Name } from './choice-bus.js';
import { type EngineLog, watchEngine } from './engine-log.js';
import type { Case, Step } from './explore-cases.js';
import type { Choice } from './explore-choices.js';
import { judgeConverged } from './judge-pair.js';
import { Labels } from './message-labels.js';
import { LinkRecord, watchLink } from './watched-link.js';

/** Between two deliveries: the engines do what the last one began. */
export const STEP_MS = 6;
/** A peer that vanished without a word is given up after 120 s. */
const LIMIT_MS = 130_000;
/** Long enough for acknowledgements that travel alone, and short enough for no question on a silent path. */
const SETTLE_MS = 300;

/** One side: its page, in whichever life, its app, and what it has still to do. */
class Side {
  readonly name: Name;
  readonly #world: World;
  readonly #host: VirtualHost;
  readonly #todo: Step[];
  #platform!: FakePlatform;
  #record!: LinkRecord;
  /** Earlier lives, as they were seen last. */
  readonly past: AppReport[] = [];
  app!: App;
  lives = 0;

  constructor(name: Name, world: World, todo: readonly Step[]) {
    this.name = name;
    this.#world = world;
    this.#host = world.network.host(name);
    this.#todo = [...todo];
    this.#load();
  }

  get next(): Step | undefined {
    return this.#todo[0];
  }

  /** Nothing is left to be done. */
  rest(): void {
    this.#todo.length = 0;
  }

  #load(): void {
    const { clock, network, log, bus, labels } = this.#world;
    const { name } = this;
    this.lives++;
    // The same ids in each life of each run: who insists when first offers cross must not depend on what came before.
    const seed = (name === 'alice' ? 100 : 200) + this.lives;
    const personality = name === 'alice' ? 'chromium' : 'firefox';
    const platform = fakePlatform({ clock, network, host: this.#host, personality, seed });
    watchEngine(platform, log);
    this.#platform = platform;
    this.#record = new LinkRecord(labels, () => session.timeline.filter(({ what }) => what === 'trouble').length);
    watchLink(platform, this.#record);
    const timeouts = { peerMs: 30_000, connectingMs: 30_000 };
    const session = createSession({ transport: bus.transport, platform, peerId: name, timeouts });
    // Drawn, not fetched: to ask the user takes half a second, and by then nothing would be on its way any more.
    let tracks = 0;
    const drawn = (kind: 'audio' | 'video'): MediaStreamTrack =>
      new FakeMediaStreamTrack({ kind, label: 'drawing', settings: {} }, () => `drawn-${++tracks}`);
    this.app = new App(`${name}${this.lives}`, session, async (kind) => drawn(kind));
  }

  /** Does what is next. */
  act(): void {
    const { app } = this;
    const step = this.#todo.shift();
    this.#record.note(`act ${step}`);
    if (step === 'publish') app.do({ act: 'publish', name: 'camera', kind: 'video', own: true });
    if (step === 'remove') app.do({ act: 'remove', name: 'camera' });
    if (step === 'channel') app.do({ act: 'send', channel: `r-${this.name}`, count: 1, bytes: 0 });
    if (step === 'restart') app.do({ act: 'restart' });
    if (step === 'close') app.do({ act: 'close', reason: 'closed' });
    if (step !== 'reload' || app.over) return;
    // What had come to this life died with it.
    this.past.push(app.report());
    this.#platform.unload();
    this.#world.bus.vanish(this.name);
    this.#load();
    this.app.start();
  }

  /** The link of this side keeps a message like this one for later if its predecessor has not come, and does nothing else. */
  putsAside({ me, epoch }: SignalMessage): boolean {
    return this.#record.keeps(me, epoch);
  }

  /** This very message has come. */
  took(message: SignalMessage): boolean {
    return this.#record.numbers.has(`${message.me} ${message.epoch} ${message.seq}`);
  }

  /** What this side is, as far as it can be told; the same in two orders that came to the same. */
  key(): unknown {
    const { history, came, confirmed, acked } = this.#record;
    const { connection } = this.app.session;
    const transports = [connection?.sctp?.state, connection?.sctp?.transport.state];
    const engine = connection && [connection.signalingState, connection.iceConnectionState, connection.connectionState];
    return [
      this.lives,
      this.past,
      this.#todo,
      history,
      [...came].sort(),
      acked,
      [...confirmed].sort((a, b) => a - b),
      engine,
      transports,
      this.outcome(),
      this.#told(),
    ];
  }

  /** What the app sees. */
  outcome(): unknown {
    return this.app.report();
  }

  /** How often the timeline says what. Not in which order: events of the engine fall into other milliseconds in another order. */
  #told(): string[] {
    return this.app.session.timeline.map(({ what, detail }) => `${what} ${detail}`).sort();
  }
}

/** Two sides, the bus between them, and a clock that only the walk moves. */
export class World {
  readonly clock = createVirtualClock();
  readonly network = createVirtualNetwork({ clock: this.clock, seed: 3 });
  readonly log: EngineLog = { rollbacks: 0, offers: new Map() };
  readonly labels = new Labels();
  readonly bus = new ChoiceBus((data) => void this.labels.message(data));
  readonly sides: Readonly<Record<Name, Side>>;
  readonly #closes: boolean;

  constructor({ alice, bob }: Case) {
    this.sides = { alice: new Side('alice', this, alice), bob: new Side('bob', this, bob) };
    this.#closes = [...alice, ...bob].includes('close');
  }

  async start(when: Case['when']): Promise<void> {
    for (const name of NAMES) this.sides[name].app.start();
    if (when === 'start') return;
    await this.#oldest(() => this.#apart().length === 0);
    await this.#oldest(() => false, SETTLE_MS);
  }

  /** All that is left goes its way, the oldest to each side first, until both are as they must be. Says what is wrong then. */
  async end(): Promise<string[]> {
    await this.#oldest(() => this.#missing().length === 0);
    const wrong = this.#missing();
    for (const name of NAMES) {
      const { app } = this.sides[name];
      for (const { code, text } of app.report().warnings) wrong.push(`${app.life} warned: ${code} ${text}`);
      wrong.push(...app.report().unexpected);
    }
    if (this.log.rollbacks > 0) wrong.push(`${this.log.rollbacks} rollbacks`);
    return wrong;
  }

  /** Forgets what is on its way to a session that is over, and what its app would still do. */
  dropVoid(): void {
    for (const name of NAMES) {
      if (!this.sides[name].app.over) continue;
      this.bus.pending[name].length = 0;
      this.sides[name].rest();
    }
  }

  async close(): Promise<void> {
    for (const name of NAMES) {
      this.sides[name].app.dispose();
      await this.sides[name].app.session.close();
    }
  }

  /**
   * The state as a short text. `since`: messages sent from then on count as new. `ordered`: the order of what is on its way decides which
   * choice is the first.
   */
  key(since: number, ordered: boolean): string {
    const { bus, log, labels } = this;
    const pools = NAMES.map((to) => bus.pending[to].map(({ data, order }) => `${order >= since} ${labels.message(data)}`));
    if (!ordered) for (const pool of pools) pool.sort();
    const state = [log.rollbacks, NAMES.map((name) => this.sides[name].key()), pools];
    return createHash('sha1').update(JSON.stringify(state)).digest('base64');
  }

  /** A choice in words. */
  tell([what, side, pending]: Choice): string {
    return [what, side, what === 'act' ? this.sides[side].next : pending && this.labels.message(pending.data)].join(' ');
  }

  async #oldest(done: () => boolean, limitMs = LIMIT_MS): Promise<void> {
    const { bus, clock } = this;
    for (const end = clock.now() + limitMs; !done() && clock.now() < end; ) {
      for (const to of NAMES) bus.deliver(to);
      await clock.advance(bus.empty ? (this.#closes ? 500 : 50) : STEP_MS);
    }
  }

  #apart(): string[] {
    const { alice, bob } = this.sides;
    return judgeConverged({ alice: alice.app.report(), bob: bob.app.report(), past: [...alice.past, ...bob.past] });
  }

  #missing(): string[] {
    if (!this.#closes) return this.#apart();
    return NAMES.map((name) => this.sides[name].app).flatMap((app) =>
      app.over ? [] : [`${app.life} is ${app.session.state.status}`],
    );
  }
}
