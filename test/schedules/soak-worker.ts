// The part of the soak that runs in a process of its own: plays seeds that it is told over IPC, and answers with what was wrong.
import { generateSchedule } from './generate-schedule.js';
import { type Outcome, playSchedule, strayErrors } from './play-schedule.js';
import type { Profile, Schedule } from './schedule.js';
import { shrinkSchedule } from './shrink-schedule.js';

/** What the parent asks. `allow`: invariants that may break. */
export type Task = { readonly allow: readonly string[] } & (
  | { readonly kind: 'seeds'; readonly seeds: readonly number[]; readonly profile: Profile; readonly keep?: boolean }
  | { readonly kind: 'play'; readonly schedule: Schedule }
  | { readonly kind: 'shrink'; readonly schedule: Schedule }
);

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => strayErrors.push(error instanceof Error ? `${error.stack}` : String(error)));
}

async function play(schedule: Schedule, allow: readonly string[]): Promise<Outcome> {
  try {
    const outcome = await playSchedule(schedule);
    return { ...outcome, wrong: outcome.wrong.filter((what) => !allow.includes(what.split(':', 1)[0] ?? '')) };
  } catch (error) {
    const what = error instanceof Error ? `${error.stack}` : String(error);
    return { wrong: [`player: ${what}`], healedMs: 0, offers: 0, rollbacks: 0, story: [] };
  }
}

async function work(task: Task): Promise<unknown> {
  if (task.kind === 'play') return play(task.schedule, task.allow);
  if (task.kind === 'shrink') return shrinkSchedule(task.schedule, (schedule) => play(schedule, task.allow));
  const results = [];
  for (const seed of task.seeds) {
    const schedule = generateSchedule(seed, task.profile);
    const { story: _, ...outcome } = await play(schedule, task.allow);
    const keep = outcome.wrong.length > 0 || task.keep === true;
    results.push({ seed, ...outcome, ...(keep && { schedule }) });
  }
  return results;
}

process.on('message', (task: Task) => void work(task).then((answer) => process.send?.(answer)));
