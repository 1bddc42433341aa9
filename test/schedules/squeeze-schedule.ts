import { type Act, type Schedule, SIDES, type SideName } from './schedule.js';

/** Schedules of the fakes are up to 12 s long; in real time they are squeezed into this. */
const LONGEST_MS = 3_000;

/** Faults of a network that two pages on one machine do not have. */
const NETWORK_ACTS = ['ice-failure', 'network-down', 'address-change'];

/** The schedule as real pages can play it: in real time, on one machine. `freezes`: the sides whose browser can freeze a page. */
export function squeezeSchedule(schedule: Schedule, freezes: readonly SideName[]): Schedule {
  const factor = Math.min(1, LONGEST_MS / schedule.endMs);
  const playable = ({ act, side }: Act): boolean => !NETWORK_ACTS.includes(act) && (act !== 'freeze' || freezes.includes(side));
  const acts = schedule.acts
    .filter(playable)
    .map((act): Act => ({ ...act, atMs: act.atMs * factor, ...('forMs' in act && { forMs: act.forMs * factor }) }));
  const [alice = 0, bob = 0] = SIDES.map((_, index) => (schedule.startMs[index] ?? 0) * factor);
  return { ...schedule, place: 'lan', acts, startMs: [alice, bob], endMs: schedule.endMs * factor };
}
