import { DELIVERY } from './contract/delivery.js';
import { LIFE } from './contract/life.js';
import { PRESENCE } from './contract/presence.js';
import { type Rule, Stage, type TransportExam } from './contract/stage.js';

/** What a test runner may lend to a check: those of vitest and node:test fit, others lend nothing. */
export interface CheckContext {
  /** Marks the check as skipped. */
  skip(note?: string): unknown;
}

/** One rule of the contract, ready for a test runner. */
export interface ContractCheck {
  /** What a right transport does, as a sentence after its name. */
  readonly name: string;
  /**
   * Resolves where the rule is kept. Rejects with an `Error` that says what was seen and how to mend it. Where the setup lends nothing
   * to examine it with, the check is skipped.
   */
  readonly run: (context?: CheckContext) => Promise<void>;
}

/**
 * The exam for a `SignalingTransport`: every rule that a session relies on, as a list for any test runner. It demands what
 * the contract demands and no more: a carrier may repeat, reorder, delay, echo and bring what is meant for others.
 *
 * It runs in real time, over the real carrier; each check is bounded by `limitMs`. What the setup does not lend (`unreachable`,
 * `cut`, `restore`, `held`) is not examined, and shows as skipped.
 *
 * @param setup called for each check; leads to a fresh place in which nobody is.
 * @example
 * ```ts
 * import type { SignalingTransport } from 'peer-session';
 * import { transportContract } from 'peer-session/testing';
 * import { describe, it } from 'vitest'; // or from 'node:test', or the globals of jest
 *
 * declare function overMyBroker(topic: string): SignalingTransport;
 *
 * describe('my transport', () => {
 *   let topics = 0;
 *   for (const { name, run } of transportContract(() => ({ transport: overMyBroker(`exam-${topics++}`) }))) it(name, run);
 * });
 * ```
 */
export function transportContract(setup: () => TransportExam | Promise<TransportExam>): readonly ContractCheck[] {
  return [...LIFE, ...DELIVERY, ...PRESENCE].map((rule) => ({
    name: rule.name,
    // A rest parameter, not counted in `length`: some runners take a counted one for a callback to be called.
    run: async (...[context]: [context?: CheckContext]) => {
      const note = await examine(rule, await setup());
      if (note !== undefined) context?.skip(note);
    },
  }));
}

/** Returns why nothing was examined, if so. */
async function examine(rule: Rule, exam: TransportExam): Promise<string | undefined> {
  const stage = new Stage(exam, rule.name);
  try {
    const note = rule.skip?.(exam) ?? (await rule.examine(stage));
    return typeof note === 'string' ? note : undefined;
  } finally {
    await stage.clear();
  }
}
