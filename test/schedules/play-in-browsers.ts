import type { BrowserWorld } from './browser-world.js';
import { judgeConverged, judgeMessages, type PairReport } from './judge-pair.js';
import { judgeWarnings } from './judge-warnings.js';
import { type Schedule, SIDES } from './schedule.js';
import type { LifeReport } from './soak-page.js';

export interface BrowserOutcome {
  readonly seed: number;
  /** What was wrong; empty is a pass. The first word of each is the invariant. */
  readonly wrong: readonly string[];
  readonly healedMs: number;
  readonly offers: number;
  /** What the sessions and the wire wrote down, in the order of time. */
  readonly story: readonly string[];
}

const HEAL_MS = 60_000;
/** A session whose peer vanished without a word gives up after 60 s (soak-page.ts). */
const END_MS = 75_000;
const STABLE_MS = 1_000;
const STEP_MS = 100;
const MAX_OFFERS = 9;

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Plays a schedule in two pages that are open, and judges the end. */
export async function playInBrowsers(schedule: Schedule, world: BrowserWorld): Promise<BrowserOutcome> {
  const wrong: string[] = [];
  const timers: ReturnType<typeof setTimeout>[] = [];
  let closed: 'clean' | 'noisy' | null = null;
  for (const [index, side] of SIDES.entries()) timers.push(setTimeout(() => world.start(side), schedule.startMs[index]));
  for (const act of schedule.acts) {
    const run = (): void => {
      world.wire.log.push(`${Date.now()} act ${JSON.stringify(act)}`);
      if (act.act === 'close') world.close(act, (clean) => (closed ??= clean ? 'clean' : 'noisy'));
      else world.do(act);
    };
    timers.push(setTimeout(run, act.atMs));
  }
  await later(schedule.endMs);
  await world.heal();
  world.wire.log.push(`${Date.now()} healed`);
  const from = performance.now();
  if (closed) wrong.push(...(await ended(world, closed === 'clean', schedule)));
  else wrong.push(...(await converged(world)));
  const healedMs = Math.round(performance.now() - from);
  const pair = withoutUnloadedSockets(await world.reports());
  if (!closed && wrong.length === 0) wrong.push(...judgeMessages(pair).map((what) => `messages: ${what}`));
  wrong.push(...judgeWarnings(schedule, pair).map((what) => `warnings: ${what}`));
  for (const report of [pair.alice, pair.bob, ...pair.past]) wrong.push(...report.unexpected.map((what) => `refused: ${what}`));
  const lives = await world.lives();
  wrong.push(...(await leftBehind(world)));
  const all = [lives.alice, lives.bob, ...lives.past];
  const rollbacks = all.reduce((sum, life) => sum + life.rollbacks, 0);
  const offers = Math.max(...all.map((life) => life.offers));
  if (rollbacks > 0) wrong.push(`rollback: ${rollbacks} rollbacks`);
  if (offers > MAX_OFFERS) wrong.push(`offers: ${offers} on one connection`);
  for (const { stray } of all) wrong.push(...stray.map((error) => `stray: ${error}`));
  return { seed: schedule.seed, wrong, healedMs, offers, story: storyOf(world, all) };
}

/** Firefox closes the sockets of a page that is loaded again before it tells the page so: that warning is due. */
function withoutUnloadedSockets(pair: PairReport): PairReport {
  const due = ({ code, text }: { readonly code: string; readonly text: string }): boolean =>
    code === 'signaling-lost' && text.endsWith('close code 1001.');
  return {
    ...pair,
    past: pair.past.map((life) => ({ ...life, warnings: life.warnings.filter((warning) => !due(warning)) })),
  };
}

/** Waits until both are connected and equal, and stay so. What is still missing when the time is over. */
async function converged(world: BrowserWorld): Promise<string[]> {
  const until = performance.now() + HEAL_MS;
  for (;;) {
    let missing = judgeConverged(await world.reports());
    while (missing.length > 0 && performance.now() < until) {
      await later(STEP_MS);
      missing = judgeConverged(await world.reports());
    }
    if (missing.length === 0) {
      await Promise.all(SIDES.map((side) => world.places[side].do({ act: 'probe' })));
      await later(STABLE_MS);
      missing = judgeConverged(await world.reports());
    }
    if (missing.length === 0) return [];
    if (performance.now() >= until) return missing.map((what) => `converge: ${what}`);
  }
}

/** Waits until both sessions are over, and looks at the reasons. */
async function ended(world: BrowserWorld, clean: boolean, schedule: Schedule): Promise<string[]> {
  const until = performance.now() + END_MS;
  const over = ({ alice, bob }: PairReport): boolean => [alice, bob].every(({ state }) => /^(closed|failed)$/.test(state.status));
  let pair = await world.reports();
  while (!over(pair) && performance.now() < until) {
    await later(STEP_MS);
    pair = await world.reports();
  }
  const words = schedule.acts.flatMap((act) => (act.act === 'close' ? [act.reason] : []));
  return [pair.alice, pair.bob].flatMap(({ life, state }) => {
    const told = `${life} is ${state.status} ${state.by ?? ''} ${state.reason ?? ''} ${state.error ?? ''}`.trim();
    if (!/^(closed|failed)$/.test(state.status)) return [`end: ${told}`];
    return clean && (state.status !== 'closed' || !words.includes(state.reason ?? '')) ? [`reason: ${told}`] : [];
  });
}

/** Closes both sessions. Nothing may wait any more, and no socket stay open. */
async function leftBehind(world: BrowserWorld): Promise<string[]> {
  const wrong: string[] = [];
  for (const { app } of await Promise.all(SIDES.map((side) => world.places[side].end()))) {
    if (app.started === 'waiting') wrong.push(`waits: start() of ${app.life} never settled`);
    for (const [channel, { sent, handed, refused }] of Object.entries(app.channels)) {
      const open = sent - handed.length - refused.length;
      if (open > 0) wrong.push(`waits: ${open} calls of send() on ${channel} of ${app.life} never settled`);
    }
  }
  const until = performance.now() + HEAL_MS;
  while (world.wire.open > 0 && performance.now() < until) await later(STEP_MS);
  if (world.wire.open > 0) wrong.push(`leak: ${world.wire.open} sockets are open after close()`);
  return wrong;
}

function storyOf(world: BrowserWorld, lives: readonly LifeReport[]): string[] {
  const at = (line: string): number => Number(line.split(' ', 1)[0]);
  const told = [...lives.flatMap(({ story }) => story), ...world.wire.log].sort((a, b) => at(a) - at(b));
  return [...lives.map(({ app }) => `--- ${app.life}: ${JSON.stringify(app)}`), ...told];
}
