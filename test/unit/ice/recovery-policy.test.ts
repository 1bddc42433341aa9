import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultRecovery, type RecoveryContext, type RecoveryOptions } from '../../../src/ice/recovery-policy.js';

const young: RecoveryContext = {
  reason: 'silent',
  attempt: 0,
  elapsedMs: 0,
  sinceStepMs: 0,
  lastStep: null,
  reachable: true,
  reachableMs: 0,
  dead: false,
  renewed: false,
  elsewhere: false,
  restartFirst: true,
  usualMs: 700,
};
const restarted: Partial<RecoveryContext> = { attempt: 1, lastStep: 'restart' };
const rebuilt: Partial<RecoveryContext> = { attempt: 1, lastStep: 'rebuild' };

type Case = readonly [facts: string, verdict: string, news: Partial<RecoveryContext>, options: RecoveryOptions];

const rows: readonly (readonly [string, string, Partial<RecoveryContext>, RecoveryOptions?])[] = [
  ['nobody reachable', 'wait 1000', { reachable: false }],
  ['nobody reachable, shortly before the end', 'wait 400', { reachable: false, elapsedMs: 119_600 }],
  ['nobody reachable, dead', 'wait 1000', { reachable: false, dead: true }],
  ['young trouble', 'restart', {}],
  ['only the path is silent, a restart would not help', 'wait 200', { restartFirst: false }],
  [
    'only the path is silent, a restart would not help, it did not come back',
    'rebuild',
    { restartFirst: false, reachableMs: 200 },
  ],
  ['silent for a second, a new connection loses nothing', 'rebuild', { restartFirst: false, elapsedMs: 1_000 }],
  ['silent for a second, a new connection would lose something', 'restart', { elapsedMs: 1_000 }],
  ['lost by the browser for a second', 'restart', { restartFirst: false, reason: 'path-lost', elapsedMs: 1_000 }],
  ['silent for less than another age', 'wait 200', { restartFirst: false, elapsedMs: 99 }, { rebuildAfterMs: 100 }],
  ['silent for another age', 'rebuild', { restartFirst: false, elapsedMs: 100 }, { rebuildAfterMs: 100 }],
  ['the browser reports the path as lost, a restart would not help', 'restart', { restartFirst: false, reason: 'path-lost' }],
  ['young trouble, transports dead', 'rebuild', { dead: true }],
  ['young trouble, our network is another', 'wait 400', { renewed: true }],
  ['young trouble, our network is another, the old path did not come back', 'rebuild', { renewed: true, reachableMs: 400 }],
  ['young trouble, our network is another, a new connection loses nothing', 'wait 200', { renewed: true, restartFirst: false }],
  ['young trouble, our network is another, transports dead', 'rebuild', { renewed: true, dead: true }],
  ['restarted, the peer answers elsewhere', 'rebuild', { ...restarted, elsewhere: true }],
  ['old trouble', 'rebuild', { elapsedMs: 6_000 }],
  ['just younger than old', 'restart', { elapsedMs: 5_999 }],
  ['restarted just now', 'wait 3000', restarted],
  ['restarted a while ago', 'wait 1000', { ...restarted, sinceStepMs: 2_000 }],
  ['restarted too long ago', 'rebuild', { ...restarted, sinceStepMs: 3_000 }],
  ['restarted, then dead', 'rebuild', { ...restarted, dead: true }],
  ['rebuilt just now', 'wait 4200', rebuilt],
  ['rebuilt just now, where connections are quick', 'wait 2000', { ...rebuilt, usualMs: 90 }],
  ['rebuilt just now, where connections are slow', 'wait 15000', { ...rebuilt, usualMs: 5_000 }],
  ['rebuilt too long ago', 'rebuild', { ...rebuilt, sinceStepMs: 4_200 }],
  ['rebuilt the sixth time', 'wait 2000', { ...rebuilt, usualMs: 90, attempt: 6 }],
  ['rebuilt the seventh time', 'wait 3000', { ...rebuilt, usualMs: 90, attempt: 7 }],
  ['rebuilt the twelfth time', 'wait 15000', { ...rebuilt, usualMs: 90, attempt: 12 }],
  ['two minutes', 'give-up', { elapsedMs: 120_000 }],
  ['the peer left 15 s ago', 'give-up', { reason: 'peer-left', elapsedMs: 15_000 }],
  ['the peer left just now', 'wait 1000', { reason: 'peer-left', reachable: false }],
  ['another limit', 'give-up', { elapsedMs: 10 }, { giveUpAfterMs: 10 }],
  ['the limit below the time to return', 'give-up', { reason: 'peer-left', elapsedMs: 10 }, { giveUpAfterMs: 10 }],
  ['no limit', 'rebuild', { elapsedMs: 1e9 }, { giveUpAfterMs: Number.POSITIVE_INFINITY }],
  ['no limit, nobody reachable', 'wait 1000', { elapsedMs: 1e9, reachable: false }, { giveUpAfterMs: Number.POSITIVE_INFINITY }],
  ['another patience', 'rebuild', { ...restarted, sinceStepMs: 100 }, { restartMs: 100 }],
  ['another age', 'rebuild', { elapsedMs: 100 }, { rebuildAfterMs: 100 }],
];

const cases = rows.map(([facts, verdict, news, options = {}]): Case => [facts, verdict, news, options]);

describe('defaultRecovery', () => {
  it.each(cases)('%s -> %s', (_, verdict, news, options) => {
    const step = defaultRecovery(options).nextStep({ ...young, ...news });
    expect(step.step === 'wait' ? `wait ${step.ms}` : step.step).toBe(verdict);
  });

  it('nothing is tried while nobody is reachable, no wait is longer than what is left, and none is negative', () => {
    const context: fc.Arbitrary<RecoveryContext> = fc.record({
      reason: fc.constantFrom('silent' as const, 'path-lost' as const, 'peer-left' as const, 'transport-closed' as const),
      attempt: fc.nat(40),
      elapsedMs: fc.nat(200_000),
      sinceStepMs: fc.nat(30_000),
      lastStep: fc.constantFrom(null, 'restart' as const, 'rebuild' as const),
      reachable: fc.boolean(),
      reachableMs: fc.nat(10_000),
      elsewhere: fc.boolean(),
      dead: fc.boolean(),
      renewed: fc.boolean(),
      restartFirst: fc.boolean(),
      usualMs: fc.nat(20_000),
    });
    fc.assert(
      fc.property(context, (given) => {
        const step = defaultRecovery().nextStep(given);
        if (!given.reachable) expect(['wait', 'give-up']).toContain(step.step);
        if (step.step === 'wait') expect(step.ms > 0 && step.ms <= 15_000).toBe(true);
      }),
    );
  });
});
