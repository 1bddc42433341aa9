// Every order of delivery, instead of a sample: a tree of choices, walked by playing prefixes again.
import { NAMES, type Name } from './choice-bus.js';
import type { Case } from './explore-cases.js';
import { type Choice, choicesOf, choose, costOf } from './explore-choices.js';
import { STEP_MS, World } from './explore-world.js';

export interface Bounds {
  /** How often a choice may be another than the first one that there is; the fault is not counted. Absent: always. */
  readonly turns?: number;
  /** The first choice is an act where there is one to be done (`early`), or only when nothing is on its way any more. */
  readonly acts?: 'early' | 'late';
}

/** So long nothing is on its way, and nothing left to do: that was all. After a loss so long as the message may take to be sent again. */
const QUIET_MS = 60;
const QUIET_AFTER_LOSS_MS = 1_260;
const QUIET_STEP_MS = 30;
/** Nor is it awaited for ever: a session whose peer vanished calls again and again. After this time the oldest message is next. */
const PHASE_MS = 2_500;
/** States whose age differs more are not the same. No session repeats itself so soon: it would come to the same state for ever. */
const AGE_MS = 250;

/** A state, and how often the choice may still be another than the first. */
export interface State {
  readonly key: string;
  readonly left: number;
}

export interface Branch {
  readonly wrong: readonly string[];
  /** What could be taken at each choice. */
  readonly ways: readonly (readonly number[])[];
  /** The state at each choice behind `path`, then that at the end. Empty where nobody asked. */
  readonly keys: readonly string[];
  /** It came to a state that was met before, or is the same as another order, and was left there. */
  readonly merged: boolean;
  /** What the apps saw in the end. */
  readonly outcome: string;
  readonly story: readonly string[];
}

/** The key of a branch that is no order of its own. */
export const SAME = 'same';

/** Plays one branch: `path` first, then the first choice each time. `seen` says of each state behind `path` whether it was met before. */
export async function playBranch(
  one: Case,
  { turns = Number.POSITIVE_INFINITY, acts = 'early' }: Bounds,
  path: readonly number[],
  seen: ((state: State) => boolean) | null,
  reduce: boolean,
): Promise<Branch> {
  const world = new World(one);
  const { clock, bus, sides } = world;
  const ways: number[][] = [];
  const keys: string[] = [];
  const story: string[] = [];
  let left = turns;
  let fault: 'none' | 'lose' | 'repeat' = one.faulty ? 'none' : 'repeat';
  let last: Name | null = null;
  let sentBefore = 0;
  let quietMs = 0;
  let merged = false;
  let began = 0;
  const met = (what: string): boolean => {
    if (!seen || ways.length < path.length) return false;
    // What counts as new is a part of the state, where it decides what may come next.
    const since = (reduce && last === 'bob') || fault === 'none' ? sentBefore : bus.sent;
    const age = Math.floor((clock.now() - began) / AGE_MS);
    const key = `${what} ${age} ${fault} ${reduce ? last : ''} ${quietMs} ${world.key(since, turns < Number.POSITIVE_INFINITY)}`;
    keys.push(key);
    return seen({ key, left });
  };
  await world.start(one.when);
  await clock.advance(STEP_MS);
  began = clock.now();
  while (clock.now() < began + PHASE_MS) {
    const quiet = quietMs >= (fault === 'lose' ? QUIET_AFTER_LOSS_MS : QUIET_MS);
    const moment = { last, sentBefore, faults: fault === 'none', quiet };
    const choices = choicesOf(world, moment, { reduce, late: acts === 'late' });
    if (choices.length === 0 && !bus.empty) {
      // All that could come should have come before: this is another order of the same.
      keys.push(SAME);
      merged = true;
      break;
    }
    if (choices.length === 0 && quiet) break;
    if (choices.length > 1 && met('')) {
      merged = true;
      break;
    }
    const index = choices.length > 1 ? (path[ways.length] ?? 0) : 0;
    const choice: Choice | undefined = choices.length > 0 ? choices[index] : ['wait'];
    if (!choice) throw new Error('no such choice');
    const may = choices.flatMap((one, at) => (costOf(one, at) <= left ? [at] : []));
    if (choices.length > 1) ways.push(may);
    left -= costOf(choice, index);
    story.push(`${clock.now()} ${world.tell(choice)}`);
    const [what, side] = choice;
    if (what === 'lose' || what === 'repeat') fault = what;
    // A loss takes no time.
    if (what !== 'lose') sentBefore = bus.sent;
    choose(world, choice);
    if (what === 'lose') continue;
    last = side ?? null;
    quietMs = what === 'wait' ? quietMs + QUIET_STEP_MS : 0;
    await clock.advance(what === 'wait' ? QUIET_STEP_MS : STEP_MS);
  }
  merged ||= met('end');
  const wrong = merged ? [] : await world.end();
  const outcome = merged ? '' : JSON.stringify(NAMES.map((name) => sides[name].outcome()));
  await world.close();
  return { wrong, ways, keys, merged, outcome, story };
}
