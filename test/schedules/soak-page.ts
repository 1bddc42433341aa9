// Runs in a real page: two sessions of it talk over a bus with faults, in real time, by the same schedules as on the fakes.
import { createSession } from 'peer-session';
import { createRandom } from '../../src/testing/random.js';
import { App, type AppReport } from './app.js';
import { generateSchedule } from './generate-schedule.js';
import { judgeConverged, judgeMessages } from './judge-pair.js';
import { judgeWarnings } from './judge-warnings.js';
import { PageBus } from './page-bus.js';
import { type Act, isAppDeed, type Schedule, SIDES, type SideName } from './schedule.js';

/** Schedules of the fakes are up to 12 s long; in real time they are squeezed into this. */
const LONGEST_MS = 3_000;
const HEAL_MS = 40_000;
const STABLE_MS = 1_000;

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const audio = new AudioContext();

function drawnTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')?.fillRect(0, 0, 9, 9);
  const stream = kind === 'video' ? canvas.captureStream(5) : audio.createMediaStreamDestination().stream;
  const [track] = stream.getTracks();
  if (!track) throw new Error('no track');
  return track;
}

/** What a page can do to itself: no reload, no crash, no network of its own. */
function playable({ act }: Act): boolean {
  return !['reload', 'crash', 'freeze', 'ice-failure', 'network-down', 'address-change'].includes(act);
}

function squeezed(schedule: Schedule): Schedule {
  const factor = Math.min(1, LONGEST_MS / schedule.endMs);
  const acts = schedule.acts.filter(playable).map((act) => ({
    ...act,
    atMs: act.atMs * factor,
    ...(act.act === 'publish' && { own: true }),
    ...('forMs' in act && { forMs: act.forMs * factor }),
  })) as Act[];
  const startMs = schedule.startMs.map((ms) => ms * factor) as [number, number];
  return { ...schedule, acts, startMs, endMs: schedule.endMs * factor, faults: { ...schedule.faults, stranger: 0 } };
}

function world(bus: PageBus, apps: Record<SideName, App>, act: Act): void {
  const app = apps[act.side];
  if (isAppDeed(act)) app.do(act);
  else if (act.act === 'cut') {
    bus.cut(act.side);
    setTimeout(() => bus.restore(act.side), act.forMs);
  } else if (act.act === 'pause') {
    app.session.pause();
    setTimeout(() => app.session.resume(), act.forMs);
  }
}

/** Plays the schedule of a seed; what was wrong, or nothing. */
async function soakSeed(seed: number): Promise<{ seed: number; wrong: string[]; healedMs: number; acts: number }> {
  const schedule = squeezed(generateSchedule(seed));
  const bus = new PageBus(createRandom(seed).fork('page'), schedule.faults);
  const [alice, bob] = SIDES.map((peerId) => {
    const session = createSession({ transport: bus.transport, peerId, timeouts: { connectingMs: 60_000 } });
    return new App(`${peerId}1`, session, (kind) => Promise.resolve(drawnTrack(kind)));
  }) as [App, App];
  const apps = { alice, bob };
  const reports = (): { alice: AppReport; bob: AppReport; past: [] } => ({ alice: alice.report(), bob: bob.report(), past: [] });
  for (const [index, name] of SIDES.entries()) setTimeout(() => apps[name].start(), schedule.startMs[index]);
  for (const act of schedule.acts) setTimeout(() => world(bus, apps, act), act.atMs);
  await later(schedule.endMs);
  bus.faults = { loss: 0, repeat: 0, delayMs: [1, 1], echo: 0, stranger: 0 };
  const closes = schedule.acts.some(({ act }) => act === 'close');
  const missing = (): string[] => (closes ? (alice.over || bob.over ? [] : ['nobody is closed']) : judgeConverged(reports()));
  const from = performance.now();
  let healedMs = 0;
  for (;;) {
    while (missing().length > 0 && performance.now() < from + HEAL_MS) await later(50);
    healedMs = performance.now() - from;
    for (const name of SIDES) apps[name].do({ act: 'probe' });
    await later(STABLE_MS);
    if (missing().length === 0 || performance.now() > from + HEAL_MS) break;
  }
  const wrong = missing().map((what) => `converge: ${what}`);
  if (!closes && wrong.length === 0) wrong.push(...judgeMessages(reports()).map((what) => `messages: ${what}`));
  wrong.push(...judgeWarnings(schedule, reports()).map((what) => `warnings: ${what}`));
  for (const { unexpected } of [alice.report(), bob.report()]) wrong.push(...unexpected.map((what) => `refused: ${what}`));
  for (const app of [alice, bob]) {
    app.dispose();
    await app.session.close();
  }
  return { seed, wrong, healedMs: Math.round(healedMs), acts: schedule.acts.length };
}

Object.assign(globalThis, { soakSeed });
