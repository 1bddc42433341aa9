export const STEPS = ['publish', 'remove', 'channel', 'restart', 'reload', 'close'] as const;
export type Step = (typeof STEPS)[number];

export interface Case {
  /** What each side does, one after the other, at any moment. */
  readonly alice: readonly Step[];
  readonly bob: readonly Step[];
  /** While the first offers cross, or on a live connection. */
  readonly when: 'start' | 'live';
  /** One message may be lost or repeated. */
  readonly faulty: boolean;
}

/** Whether `step` can change anything after `before`: nothing follows a close, and nothing is removed that is not there. */
function counts(before: readonly Step[], step: Step): boolean {
  if (before.includes('close')) return false;
  if (step !== 'remove') return true;
  const last = before.findLast((one) => one === 'publish' || one === 'remove' || one === 'reload');
  return last === 'publish';
}

/** All lists of up to `length` of these acts in which each act can change something. */
export function listsOf(length: number, steps: readonly Step[] = STEPS): Step[][] {
  const lists: Step[][] = [[]];
  for (const list of lists) {
    if (list.length < length) lists.push(...steps.filter((step) => counts(list, step)).map((step) => [...list, step]));
  }
  return lists;
}

/** Every pair of such lists, the longer of which has `length` acts. Which side does what matters: one is Chromium, the other Firefox. */
export function casesOf(length: number, steps: readonly Step[], when: Case['when'], faulty: boolean): Case[] {
  const lists = listsOf(length, steps);
  return lists.flatMap((alice) =>
    lists.filter((bob) => Math.max(alice.length, bob.length) === length).map((bob) => ({ alice, bob, when, faulty })),
  );
}
