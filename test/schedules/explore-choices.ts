// What may come next. Without `reduce`: anything. With it: what stands for all of it. Two rules leave out orders that are the same as others.
//
// 1. What happens to one side and what happens to the other can change places, unless one brought about the other: a side knows nothing
//    of the other but by messages and by the path, and those of the path are quick (1 ms). So, of all orders that differ only so, the one
//    is walked in which alice comes first: after something of bob's, alice takes only what was sent since. Each order can be sorted into
//    that form by changing neighbours (the normal form of Cartier and Foata), so none is lost.
// 2. The link hands numbered messages up in order. One that comes before its predecessor is put aside, and that is all, once the two are
//    paired, the epoch is theirs and there is no trouble in which any sign of life counts. So it may as well come later: with its
//    predecessor in one task (`burst`: the next and all that follow it directly), or after it. Where its predecessor is lost, or any of
//    these conditions is not met, it comes whenever it likes. A loss takes no time, so a message is lost when it is sent, or never.
// 3. A session that is over hears nothing and does nothing: what is on its way to it, and what its app would still do, is dropped.
//
// The rules assume that it decides nothing whether something comes 6 ms sooner or later, by which timers fall into another step.
import { NAMES, type Name, type Pending } from './choice-bus.js';
import type { World } from './explore-world.js';

export type Choice =
  | readonly [what: 'deliver' | 'burst' | 'lose' | 'repeat', side: Name, pending: Pending]
  | readonly [what: 'act', side: Name]
  /** Nothing is on its way: waits whether something comes. */
  | readonly [what: 'wait'];

/** How the walk came here. */
export interface Moment {
  /** Whom the last choice was about; `null` after time passed. */
  readonly last: Name | null;
  /** Messages sent before it. */
  readonly sentBefore: number;
  /** A message may still be lost or repeated. */
  readonly faults: boolean;
  /** Nothing comes any more by itself. */
  readonly quiet: boolean;
}

/**
 * Deliveries and acts, then faults. @param late the first choice is an act only where nothing is on its way any more, instead of wherever
 * one is left to be done
 */
export function choicesOf(world: World, moment: Moment, { reduce, late }: { reduce: boolean; late: boolean }): Choice[] {
  const { bus, sides } = world;
  const { last, sentBefore, faults, quiet } = moment;
  if (reduce) world.dropVoid();
  const first: Choice[] = [];
  const acts: Choice[] = [];
  const bursts: Choice[] = [];
  const losses: Choice[] = [];
  for (const side of NAMES) {
    const newOnly = reduce && side === 'alice' && last === 'bob';
    if (sides[side].next && !newOnly) (late ? acts : first).push(['act', side]);
    for (const pending of bus.pending[side]) {
      const isNew = pending.order >= sentBefore;
      if (faults && (isNew || !reduce)) losses.push(['lose', side, pending]);
      if (newOnly && !isNew) continue;
      if (reduce && isEarly(world, side, pending)) continue;
      first.push(['deliver', side, pending]);
      if (faults) losses.push(['repeat', side, pending]);
      if (reduce && followersOf(world, side, pending).length > 0) bursts.push(['burst', side, pending]);
    }
  }
  const waits: Choice[] = bus.empty && NAMES.some((side) => sides[side].next) && !quiet ? [['wait']] : [];
  return [...first, ...waits, ...acts, ...bursts, ...losses];
}

/** Faults cost no turn: there is only one. */
export function costOf([what]: Choice, index: number): number {
  return index === 0 || what === 'lose' || what === 'repeat' ? 0 : 1;
}

/** Its predecessor is on its way, and the link would put it aside. */
function isEarly({ bus, sides }: World, to: Name, { message }: Pending): boolean {
  if (message.seq === 0 || !sides[to].putsAside(message)) return false;
  return bus.pending[to].some(({ message: other }) => {
    const same = other.me === message.me && other.epoch === message.epoch;
    return same && other.seq > 0 && other.seq < message.seq && !sides[to].took(other);
  });
}

/** Those on their way that follow it directly. */
function followersOf({ bus, sides }: World, to: Name, { message }: Pending): Pending[] {
  if (message.seq === 0 || !sides[to].putsAside(message)) return [];
  const followers: Pending[] = [];
  for (let seq = message.seq + 1; ; seq++) {
    const next = bus.pending[to].find(
      ({ message: { me, epoch, seq: its } }) => me === message.me && epoch === message.epoch && its === seq,
    );
    if (!next) return followers;
    followers.push(next);
  }
}

/** Carries a choice out. */
export function choose(world: World, choice: Choice): void {
  const { bus, sides } = world;
  const [what, side, pending] = choice;
  if (what === 'act') sides[side].act();
  else if (what === 'burst') {
    // The last one first: all are taken at once when the first has come.
    for (const follower of followersOf(world, side, pending).reverse()) bus.deliver(side, follower);
    bus.deliver(side, pending);
  } else if (what !== 'wait') bus[what](side, pending);
}
