import { FakeWorld } from './fake-world.js';
import { judgeConverged, judgeMessages } from './judge-pair.js';
import { judgeWarnings } from './judge-warnings.js';
import { type Schedule, SIDES } from './schedule.js';

export interface Outcome {
  /** What was wrong; empty is a pass. The first word of each is the invariant. */
  readonly wrong: readonly string[];
  /** From the end of the faults until both were connected and equal. */
  readonly healedMs: number;
  /** The most offers that one connection was given. */
  readonly offers: number;
  readonly rollbacks: number;
  /** What the sessions wrote down, for a failure. */
  readonly story: readonly string[];
}

const HEAL_MS = 60_000;
/** A session whose peer vanished without a word gives up after 120 s. */
const END_MS = 200_000;
const STEP_MS = 100;
const STABLE_MS = 3_000;
/** Offers that one connection may see. */
const MAX_OFFERS = 9;

/** Errors that reached nobody, while a schedule is played. */
export const strayErrors: string[] = [];

/** Plays a schedule over the fakes and judges the end. */
export async function playSchedule(schedule: Schedule): Promise<Outcome> {
  strayErrors.length = 0;
  const world = new FakeWorld(schedule);
  const { clock } = world.pair;
  const wrong: string[] = [];
  const story: string[] = [];
  let closed: 'clean' | 'noisy' | null = null;
  for (const [index, name] of SIDES.entries()) clock.timer(() => startLate(world, name), schedule.startMs[index] ?? 0);
  for (const act of schedule.acts) {
    clock.timer(() => {
      const { alice, bob } = world.places;
      if (act.act === 'close' && world.runs(act.side) && !closed) {
        const met = !alice.away && !bob.away && [alice, bob].every((p) => p.app.session.remotePeerId);
        closed = met && world.signalingWorks ? 'clean' : 'noisy';
      }
      world.do(act);
    }, act.atMs);
  }
  await clock.advance(schedule.endMs);
  world.heal();
  const healedMs = closed ? await ended(world, wrong, closed === 'clean', schedule) : await converged(world, wrong);
  const pair = world.reports();
  if (wrong.length > 0) story.push(...storyOf(world));
  if (!closed && wrong.length === 0) wrong.push(...judgeMessages(pair).map((what) => `messages: ${what}`));
  wrong.push(...judgeWarnings(schedule, pair).map((what) => `warnings: ${what}`));
  for (const report of [pair.alice, pair.bob]) wrong.push(...report.unexpected.map((what) => `refused: ${what}`));
  if (wrong.length > 0 && story.length === 0) story.push(...storyOf(world));
  await closeAll(world, schedule, wrong);
  const offers = Math.max(0, ...world.engine.offers.values());
  const { rollbacks } = world.engine;
  if (rollbacks > 0) wrong.push(`rollback: ${rollbacks} rollbacks`);
  if (offers > MAX_OFFERS) wrong.push(`offers: ${offers} on one connection`);
  wrong.push(...strayErrors.map((error) => `stray: ${error}`));
  return { wrong, healedMs, offers, rollbacks, story };
}

function startLate(world: FakeWorld, name: 'alice' | 'bob'): void {
  const place = world.places[name];
  if (place.lives === 1 && !place.away && !place.app.over) place.app.start();
}

/**
 * Waits until both are connected and equal, and stay so. A path that died shortly before the end of the faults is noticed by its
 * silence only: then they have to come together once more.
 */
async function converged(world: FakeWorld, wrong: string[]): Promise<number> {
  const { clock } = world.pair;
  const from = clock.now();
  const missing = (): string[] => judgeConverged(world.reports());
  for (;;) {
    while (missing().length > 0 && clock.now() < from + HEAL_MS) await clock.advance(STEP_MS);
    const healedMs = clock.now() - from;
    if (missing().length === 0) {
      for (const name of SIDES) world.places[name].app.do({ act: 'probe' });
      await clock.advance(STABLE_MS);
    }
    const left = missing();
    if (left.length === 0) return healedMs;
    if (clock.now() < from + HEAL_MS) continue;
    wrong.push(...left.map((what) => `converge: ${what}`));
    return healedMs;
  }
}

/** Waits until both sessions are over, and looks at the reasons. */
async function ended(world: FakeWorld, wrong: string[], clean: boolean, schedule: Schedule): Promise<number> {
  const { clock } = world.pair;
  const from = clock.now();
  const over = (): boolean => SIDES.every((name) => world.places[name].app.over);
  while (!over() && clock.now() < from + END_MS) await clock.advance(over() ? 0 : STEP_MS * 5);
  const { alice, bob } = world.reports();
  const word = schedule.acts.flatMap((act) => (act.act === 'close' ? [act.reason] : []));
  for (const { life, state } of [alice, bob]) {
    const told = `${life} is ${state.status} ${state.by ?? ''} ${state.reason ?? ''} ${state.error ?? ''}`.trim();
    if (state.status !== 'closed' && state.status !== 'failed') wrong.push(`end: ${told}`);
    else if (clean && (state.status !== 'closed' || !word.includes(state.reason ?? ''))) wrong.push(`reason: ${told}`);
  }
  return clock.now() - from;
}

async function closeAll(world: FakeWorld, schedule: Schedule, wrong: string[]): Promise<void> {
  const { pair, places } = world;
  for (const name of SIDES) places[name].app.dispose();
  await pair.clock.until(Promise.all(SIDES.map((name) => places[name].app.session.close())));
  for (const name of SIDES) {
    const { started, life, channels } = places[name].app.report();
    if (started === 'waiting') wrong.push(`waits: start() of ${life} never settled`);
    for (const [channel, { sent, handed, refused }] of Object.entries(channels)) {
      const open = sent - handed.length - refused.length;
      if (open > 0) wrong.push(`waits: ${open} calls of send() on ${channel} of ${life} never settled`);
    }
  }
  wrong.push(...world.leaks().map((what) => `leak: ${what}`));
  // The engine of a page that crashed goes on asking: nobody closes its connections.
  const crashed = schedule.acts.some(({ act }) => act === 'crash');
  await pair.clock.runUntilIdle(crashed ? 5_000 : END_MS);
  if (pair.clock.pending > 0 && !crashed) wrong.push(`leak: ${pair.clock.pending} timers of the fakes wait for ever`);
  if (pair.bus.channels > 0) wrong.push(`leak: ${pair.bus.channels} channels of the transport are open`);
}

function storyOf(world: FakeWorld): string[] {
  return SIDES.flatMap((name) => {
    const { app } = world.places[name];
    return [
      `--- ${app.life}: ${JSON.stringify(app.report())}`,
      ...app.session.timeline.slice(-60).map(({ atMs, what, detail }) => `${app.life} ${atMs} ${what} ${detail ?? ''}`),
    ];
  });
}
