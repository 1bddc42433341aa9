import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insists, judgeNeed, judgeWant, type TurnFacts } from '../../../src/signaling/turn.js';

const bits = [false, true];
const all: TurnFacts[] = bits.flatMap((mine) =>
  bits.flatMap((need) => bits.flatMap((asked) => bits.map((busy) => ({ mine, need, asked, busy })))),
);
const name = ({ mine, need, asked, busy }: TurnFacts): string =>
  [mine ? 'our turn' : 'their turn', need && 'need', asked && 'asked', busy && 'busy'].filter(Boolean).join(', ');

/** Everything that is not in these tables waits, or is ignored. */
const NEED: Record<string, string> = {
  'our turn, need': 'offer',
  'our turn, need, asked': 'offer',
  'their turn, need': 'ask',
};
const WANT: Record<string, string> = {
  'our turn': 'grant',
  'our turn, asked': 'grant',
  'our turn, need': 'offer',
  'our turn, need, asked': 'offer',
};

describe('judgeNeed', () => {
  it.each(all.map((facts) => [name(facts), NEED[name(facts)] ?? 'wait', facts] as const))('%s -> %s', (_, verdict, facts) => {
    expect(judgeNeed(facts)).toBe(verdict);
  });
});

describe('judgeWant', () => {
  it.each(all.map((facts) => [name(facts), WANT[name(facts)] ?? 'ignore', facts] as const))('%s -> %s', (_, verdict, facts) => {
    expect(judgeWant(facts)).toBe(verdict);
  });
});

describe('insists', () => {
  it('of two, one insists and one yields, and both compute the same', () => {
    const id = fc.stringMatching(/^[0-9a-f]{32}$/);
    const two = fc.tuple(id, id);
    fc.assert(
      fc.property(
        two.filter(([a, b]) => a !== b),
        ([a, b]) => {
          expect(insists(a, b)).not.toBe(insists(b, a));
        },
      ),
    );
  });

  it('the smaller insists', () => {
    expect(insists('a', 'b')).toBe(true);
    expect(insists('b', 'a')).toBe(false);
  });
});
