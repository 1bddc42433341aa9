import type { Outcome } from './play-schedule.js';
import type { Act, Schedule } from './schedule.js';

/** The invariants that an outcome broke, without their details. */
const brokenBy = ({ wrong }: Outcome): Set<string> => new Set(wrong.map((what) => what.split(':', 1)[0] ?? ''));

/**
 * Cuts a failing schedule down (delta debugging: Zeller and Hildebrandt, 2002): drops acts, halves first, then single ones, then
 * faults, as long as one of the same invariants breaks.
 */
export async function shrinkSchedule(
  failing: Schedule,
  play: (schedule: Schedule) => Promise<Outcome>,
): Promise<{ schedule: Schedule; outcome: Outcome; plays: number }> {
  let best = failing;
  let outcome = await play(failing);
  let plays = 1;
  const wanted = brokenBy(outcome);
  const attempt = async (smaller: Schedule): Promise<boolean> => {
    plays++;
    const seen = await play(smaller);
    if (![...brokenBy(seen)].some((invariant) => wanted.has(invariant))) return false;
    best = smaller;
    outcome = seen;
    return true;
  };
  for (let changed = true; changed && plays < 500; ) {
    changed = false;
    for (let size = Math.ceil(best.acts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < best.acts.length; ) {
        const acts = best.acts.filter((_, index) => index < at || index >= at + size);
        if (await attempt({ ...best, acts })) changed = true;
        else at += size;
      }
    }
    for (const simpler of simplerThan(best)) if (await attempt(merge(best, simpler))) changed = true;
  }
  return { schedule: best, outcome, plays };
}

/** Each of these makes a schedule easier to read. */
function simplerThan({ faults, startMs, presence, place, personality, fetch, acts }: Schedule): Partial<Schedule>[] {
  const without = (key: keyof Schedule['faults']): Partial<Schedule>[] =>
    key !== 'delayMs' && faults[key] > 0 ? [{ faults: { ...faults, [key]: 0 } }] : [];
  return [
    ...without('loss'),
    ...without('repeat'),
    ...without('echo'),
    ...without('stranger'),
    ...(faults.delayMs[1] > 1 ? [{ faults: { ...faults, delayMs: [1, 1] as const } }] : []),
    ...(startMs[0] + startMs[1] > 0 ? [{ startMs: [0, 0] as const }] : []),
    ...(fetch[0] || fetch[1] ? [{ fetch: [false, false] as const }] : []),
    ...(presence ? [{ presence: false }] : []),
    ...(place === 'lan' ? [] : [{ place: 'lan' as const }]),
    ...(personality.some((name) => name !== 'chromium') ? [{ personality: ['chromium', 'chromium'] as const }] : []),
    ...acts.flatMap((act, index) => smallerActs(act).map((smaller) => ({ acts: acts.with(index, smaller) }))),
  ];
}

function smallerActs(act: Act): Act[] {
  if (act.act === 'send' && (act.count > 1 || act.bytes > 0)) return [{ ...act, count: 1, bytes: 0 }];
  return [];
}

/** A simplification was computed for an older `best`: only what it names is taken over, and its faults one by one. */
function merge(best: Schedule, simpler: Partial<Schedule>): Schedule {
  const { faults, acts, ...rest } = simpler;
  const quiet = faults && Object.fromEntries(Object.entries(faults).filter(([, value]) => value === 0));
  const delayMs = faults?.delayMs[1] === 1 ? { delayMs: faults.delayMs } : {};
  const sameActs = acts && acts.length === best.acts.length ? { acts } : {};
  return { ...best, ...rest, ...sameActs, ...(faults && { faults: { ...best.faults, ...quiet, ...delayMs } }) };
}
