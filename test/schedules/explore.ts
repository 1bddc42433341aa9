// Every order of delivery, instead of a sample: a tree of choices, walked by playing prefixes again.
import { createSession } from 'peer-session';
import { createVirtualClock, createVirtualNetwork, fakePlatform, type VirtualHost } from 'peer-session/testing';
import { App } from './app.js';
import { ChoiceBus } from './choice-bus.js';
import { type EngineLog, watchEngine } from './engine-log.js';
import { judgeConverged } from './judge-pair.js';

export const STEPS = ['publish', 'remove', 'channel', 'restart', 'reload', 'close'] as const;
export type Step = (typeof STEPS)[number];

export interface Case {
  /** What each side does, one after the other in one task. */
  readonly alice: readonly Step[];
  readonly bob: readonly Step[];
  /** While the first offers cross, or on a live connection. */
  readonly when: 'start' | 'live';
  /** One message may be lost or repeated. */
  readonly faulty: boolean;
}

export interface Bounds {
  /** Choices that are enumerated; after them the oldest message is next. */
  readonly depth: number;
  /** Messages on their way that are candidates for each choice, the oldest first. */
  readonly width: number;
}

const SIDES = ['alice', 'bob'] as const;
/** Between two deliveries: the engines do what the last one began. */
const STEP_MS = 6;
/** A peer that vanished without a word is given up after 120 s. */
const LIMIT_MS = 130_000;

class Side {
  readonly peerId: string;
  readonly #make: () => App;
  #gone: () => void = () => {};
  app: App;
  lives = 1;

  constructor(peerId: string, bus: ChoiceBus, host: VirtualHost, { clock, network, log }: Surroundings) {
    this.peerId = peerId;
    this.#make = () => {
      const platform = fakePlatform({ clock, network, host, personality: peerId === 'alice' ? 'chromium' : 'firefox' });
      watchEngine(platform, log);
      this.#gone = () => {
        platform.unload();
        bus.vanish(peerId);
      };
      const timeouts = { peerMs: 30_000, connectingMs: 30_000 };
      const session = createSession({ transport: bus.transport, platform, peerId, timeouts });
      return new App(`${peerId}${this.lives}`, session, async (kind) => {
        const [track] = (await platform.mediaDevices.getUserMedia({ [kind]: true })).getTracks();
        if (!track) throw new Error('no track');
        return track;
      });
    };
    this.app = this.#make();
  }

  do(step: Step): void {
    const { app } = this;
    if (step === 'publish') app.do({ act: 'publish', name: 'camera', kind: 'video', own: true });
    if (step === 'remove') app.do({ act: 'remove', name: 'camera' });
    if (step === 'channel') app.do({ act: 'send', channel: `r-${this.peerId}`, count: 1, bytes: 0 });
    if (step === 'restart') app.do({ act: 'restart' });
    if (step === 'close') app.do({ act: 'close', reason: 'closed' });
    if (step !== 'reload' || app.over) return;
    this.#gone();
    this.lives++;
    this.app = this.#make();
    this.app.start();
  }
}

interface Surroundings {
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly network: ReturnType<typeof createVirtualNetwork>;
  readonly log: EngineLog;
}

/** Plays one branch. `degrees`: how many ways there were at each choice. */
export async function playBranch(
  { when, faulty, ...steps }: Case,
  { depth, width }: Bounds,
  path: readonly number[],
): Promise<{ wrong: string[]; degrees: number[] }> {
  const clock = createVirtualClock();
  const log: EngineLog = { rollbacks: 0, offers: new Map() };
  const around = { clock, network: createVirtualNetwork({ clock, seed: 3 }), log };
  const bus = new ChoiceBus();
  const [alice, bob] = SIDES.map((name) => new Side(name, bus, around.network.host(name), around)) as [Side, Side];
  const degrees: number[] = [];
  let spent = !faulty;
  const report = (): Parameters<typeof judgeConverged>[0] => ({ alice: alice.app.report(), bob: bob.app.report(), past: [] });
  const closes = [...steps.alice, ...steps.bob].includes('close');
  const missing = (): string[] => {
    if (!closes) return judgeConverged(report());
    return [alice, bob].flatMap(({ app }) => (app.over ? [] : [`${app.life} is ${app.session.state.status}`]));
  };
  const act = (): void => {
    for (const side of [alice, bob]) for (const step of steps[side.peerId as 'alice' | 'bob']) side.do(step);
  };
  const oldest = async (done: () => boolean): Promise<void> => {
    for (const end = clock.now() + LIMIT_MS; !done() && clock.now() < end; ) {
      bus.do(['deliver', 0]);
      await clock.advance(bus.pending.length > 0 ? STEP_MS : closes ? 500 : 50);
    }
  };
  for (const { app } of [alice, bob]) app.start();
  await clock.advance(STEP_MS);
  if (when === 'live') await oldest(() => judgeConverged(report()).length === 0);
  act();
  for (let waits = 0; degrees.length < depth && waits < 10; ) {
    await clock.advance(STEP_MS);
    const choices = bus.choices(width, !spent);
    if (choices.length === 0) waits++;
    const choice = choices[choices.length > 1 ? (path[degrees.length] ?? 0) : 0];
    if (!choice) continue;
    if (choices.length > 1) degrees.push(choices.length);
    if (choice[0] !== 'deliver') spent = true;
    bus.do(choice);
  }
  await oldest(() => missing().length === 0);
  const wrong = missing();
  for (const { app } of [alice, bob]) {
    for (const { code, text } of app.report().warnings) wrong.push(`${app.life} warned: ${code} ${text}`);
    wrong.push(...app.report().unexpected);
    app.dispose();
    await app.session.close();
  }
  if (log.rollbacks > 0) wrong.push(`${log.rollbacks} rollbacks`);
  return { wrong, degrees };
}

/** Walks the whole tree of one case, leftmost branch first. */
export async function explore(
  one: Case,
  bounds: Bounds,
): Promise<{ branches: number; failures: { path: number[]; wrong: string[] }[] }> {
  const failures: { path: number[]; wrong: string[] }[] = [];
  let branches = 0;
  for (let path: number[] | null = []; path; ) {
    const taken: number[] = path;
    const { wrong, degrees } = await playBranch(one, bounds, taken);
    branches++;
    if (wrong.length > 0) failures.push({ path: taken, wrong });
    path = null;
    for (let at = degrees.length - 1; at >= 0 && !path; at--) {
      const next = (taken[at] ?? 0) + 1;
      if (next < (degrees[at] ?? 0)) path = [...degrees.slice(0, at).map((_, index) => taken[index] ?? 0), next];
    }
  }
  return { branches, failures };
}
