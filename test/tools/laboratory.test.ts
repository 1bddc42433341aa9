import { describe, expect, it } from 'vitest';
import { createDraw } from '../nat/lab/draw.mjs';
import { drawOutages } from '../nat/lab/random-outages.mjs';
import { createTally, createTimes } from '../nat/page/tally.mjs';

describe('createTally', () => {
  const CASES: [name: string, numbers: number[], counts: [received: number, repeated: number, disordered: number]][] = [
    ['all in order', [1, 2, 3, 4], [4, 0, 0]],
    ['one lost', [1, 3, 4], [3, 0, 0]],
    ['one twice, at once', [1, 2, 2, 3], [3, 1, 0]],
    ['one twice, much later', [1, 2, 3, 4, 5, 1], [5, 1, 0]],
    ['two exchanged', [1, 3, 2, 4], [4, 0, 1]],
    ['a late one, then again', [1, 4, 2, 3, 2, 3], [4, 2, 2]],
    ['one twice behind a gap', [1, 5, 5], [2, 1, 0]],
    ['counting is heard from the middle on', [100, 101, 102], [3, 0, 0]],
  ];
  it.each(CASES)('%s', (_, numbers, [received, repeated, disordered]) => {
    const tally = createTally();
    for (const n of numbers) tally.add(n);
    expect(tally.counts).toMatchObject({ received, repeated, disordered });
  });
});

describe('createTimes', () => {
  it('keeps the newest and the count of all', () => {
    const times = createTimes(10);
    for (let i = 0; i < 1_000; i++) times.add(i);
    expect(times.total).toBe(1_000);
    expect(times.newest.length).toBeGreaterThanOrEqual(10);
    expect(times.newest.length).toBeLessThan(20);
    expect(times.newest.at(-1)).toBe(999);
  });
});

describe('drawOutages', () => {
  it('gives the same for the same seed, another for another', () => {
    expect(drawOutages(7, 50)).toEqual(drawOutages(7, 50));
    expect(drawOutages(7, 50)).not.toEqual(drawOutages(8, 50));
  });

  it('draws every kind, both sides, and lengths within the bounds', () => {
    const drawn = drawOutages(1, 200);
    expect(new Set(drawn.map(({ name }) => name)).size).toBe(10);
    expect(new Set(drawn.map(({ side }) => side))).toEqual(new Set(['a', 'b']));
    for (const { name, lastMs } of drawn) {
      if (name === 'address changed') expect(lastMs).toBe(0);
      else expect(lastMs >= 500 && lastMs <= 4_000).toBe(true);
    }
  });
});

describe('createDraw', () => {
  it('picks every number between two, both ends among them', () => {
    const draw = createDraw(3);
    expect(new Set(Array.from({ length: 200 }, () => draw.between(2, 5)))).toEqual(new Set([2, 3, 4, 5]));
  });
});
