import { type Bounds, type Branch, playBranch, SAME } from './explore.js';
import type { Case } from './explore-cases.js';

export interface Failure {
  readonly path: readonly number[];
  readonly wrong: readonly string[];
}

export interface Walk {
  /** Branches that were played to their end. */
  readonly played: number;
  /** Branches that were left where they came to a state that was met before. */
  readonly merged: number;
  /** Orders that these stand for. */
  readonly orders: number;
  readonly failures: readonly Failure[];
  /** What the apps saw at the ends, and what was wrong, each once. */
  readonly outcomes: readonly string[];
  /** The walk was given up: more branches than were allowed. */
  readonly unfinished: boolean;
}

export interface WalkOptions {
  /** Leaves a branch that comes to a state that was met before. */
  readonly reduce: boolean;
  /** Gives up after so many branches. */
  readonly limit?: number;
}

interface Open {
  readonly path: readonly number[];
  /** The state before the last choice of `path`. */
  readonly parent: string;
}

/** Walks the whole tree of one case, leftmost branch first. */
export async function explore(
  one: Case,
  bounds: Bounds,
  { reduce, limit = Number.POSITIVE_INFINITY }: WalkOptions,
): Promise<Walk> {
  const graph = new Map<string, string[]>();
  /** state -> how many turns were left when it was walked from. */
  const walked = new Map<string, number>();
  const seen = ({ key, left }: { key: string; left: number }): boolean => {
    if ((walked.get(key) ?? -1) >= left) return true;
    walked.set(key, left);
    return false;
  };
  const failures: Failure[] = [];
  const outcomes = new Set<string>();
  let played = 0;
  let merged = 0;
  const open: Open[] = [{ path: [], parent: '' }];
  for (let next = open.pop(); next && played + merged < limit; next = open.pop()) {
    const { path } = next;
    const branch: Branch = await playBranch(one, bounds, path, reduce ? seen : null, reduce);
    const { wrong, ways, keys, outcome } = branch;
    if (branch.merged) merged++;
    else {
      played++;
      outcomes.add(`${outcome} ${wrong.join('; ')}`);
      if (wrong.length > 0) failures.push({ path, wrong });
    }
    let { parent } = next;
    for (const key of keys) {
      const next = graph.get(parent);
      if (next) next.push(key);
      else graph.set(parent, [key]);
      parent = key;
    }
    for (let at = path.length; at < ways.length; at++) {
      const head = [...path, ...Array<number>(at - path.length).fill(0)];
      const parent = keys[at - path.length] ?? '';
      // The first one is what this branch did.
      for (const index of ways[at]?.slice(1) ?? []) open.push({ path: [...head, index], parent });
    }
  }
  const orders = reduce ? countOrders(graph) : played;
  return { played, merged, orders, failures, outcomes: [...outcomes].sort(), unfinished: open.length > 0 };
}

/** How many ways lead from the start to an end. */
function countOrders(graph: ReadonlyMap<string, readonly string[]>): number {
  const known = new Map<string, number>([[SAME, 0]]);
  const count = (key: string): number => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const ways = graph.get(key);
    known.set(key, 0);
    const sum = ways ? ways.reduce((total, next) => total + count(next), 0) : 1;
    known.set(key, sum);
    return sum;
  };
  return count('');
}
