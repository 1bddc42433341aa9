import { createVirtualClock } from 'peer-session/testing';
import { describe, expect, it } from 'vitest';

/** Makes timers as `[name, ms]` and tells in which order they ran. */
async function orderOf(timers: readonly (readonly [string, number])[], seed?: number): Promise<string> {
  const clock = createVirtualClock(seed === undefined ? {} : { seed });
  const ran: string[] = [];
  for (const [name, ms] of timers) clock.timer(() => ran.push(`${name}@${clock.now()}`), ms);
  await clock.advance(1_000);
  return ran.join(' ');
}

describe('the virtual clock', () => {
  it.each([
    [
      'later ones later',
      [
        ['a', 20],
        ['b', 10],
      ],
      'b@10 a@20',
    ],
    [
      'those of one moment as they were made',
      [
        ['a', 10],
        ['b', 10],
        ['c', 10],
      ],
      'a@10 b@10 c@10',
    ],
    [
      'what is no delay at once',
      [
        ['a', -5],
        ['b', Number.NaN],
        ['c', 0],
      ],
      'a@0 b@0 c@0',
    ],
    [
      'none beyond the end',
      [
        ['a', 1_000],
        ['b', 1_001],
      ],
      'a@1000',
    ],
  ] as const)('runs %s', async (_, timers, ran) => expect(await orderOf(timers)).toBe(ran));

  it('runs the same way for the same seed', async () => {
    const timers = Array.from({ length: 20 }, (_, i) => [`t${i}`, 5] as const);
    expect(await orderOf(timers, 3)).toBe(await orderOf(timers, 3));
  });

  it('lets promises settle between two timers of one moment', async () => {
    const clock = createVirtualClock();
    const said: string[] = [];
    clock.timer(() => void Promise.resolve().then(() => said.push('promise of the first')), 5);
    clock.timer(() => said.push('second'), 5);
    await clock.advance(5);
    expect(said).toEqual(['promise of the first', 'second']);
  });

  it('takes a timer back, once and again', async () => {
    const clock = createVirtualClock();
    const take = clock.timer(() => expect.unreachable(), 5);
    expect(clock.pending).toBe(1);
    take();
    take();
    expect(clock.pending).toBe(0);
    await clock.advance(10);
    expect(clock.now()).toBe(10);
  });

  it.each([
    [
      'settles',
      (clock: ReturnType<typeof createVirtualClock>) => new Promise((resolve) => clock.timer(() => resolve('yes'), 30)),
      'yes',
      30,
    ],
    [
      'rejects',
      (clock: ReturnType<typeof createVirtualClock>) => new Promise((_, no) => clock.timer(() => no(new Error('no')), 30)),
      /^no$/,
      30,
    ],
    ['has nothing to wait for', () => new Promise(() => undefined), /nothing is left to happen/, 0],
  ] as const)('until() hands on the outcome of a promise that %s', async (_, make, outcome, at) => {
    const clock = createVirtualClock();
    const waiting = clock.until(make(clock));
    if (outcome instanceof RegExp) await expect(waiting).rejects.toThrow(outcome);
    else expect(await waiting).toBe(outcome);
    expect(clock.now()).toBe(at);
  });

  it('until() gives up at its limit', async () => {
    const clock = createVirtualClock();
    const again = (): void => void clock.timer(again, 10);
    again();
    await expect(clock.until(new Promise(() => undefined), 100)).rejects.toThrow('100 ms of virtual time passed');
    await clock.runUntilIdle(50);
    expect(clock.now()).toBeLessThanOrEqual(150);
  });

  it('hands on what a timer throws, and goes on afterwards', async () => {
    const clock = createVirtualClock();
    clock.timer(() => {
      throw new Error('thrown by a timer');
    }, 5);
    await expect(clock.advance(10)).rejects.toThrow('thrown by a timer');
    await clock.advance(10);
    expect(clock.now()).toBeGreaterThanOrEqual(10);
  });
});
