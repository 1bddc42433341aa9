// The walk over every order leaves out orders that are the same as others. Here it is held against the one that leaves out nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleWorker, startWorkers } from '../tools/soak-workers.mjs';
import type { Bounds } from './explore.js';
import { type Case, casesOf, listsOf, STEPS } from './explore-cases.js';
import type { Walk } from './explore-walk.js';

type Worker = ReturnType<typeof startWorkers>[number];

const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
});

async function startWorker(twoFlag: boolean): Promise<Worker> {
  const bundle = await bundleWorker({ twoFlag, watched: true, entry: 'explore-worker.ts' });
  ends.push(bundle.remove);
  const [worker] = startWorkers(bundle.path, 1);
  if (!worker) throw new Error('no worker');
  ends.unshift(() => worker.end());
  return worker;
}

const walk = (worker: Worker, one: Case, bounds: Bounds, reduce: boolean): Promise<Walk> =>
  worker.ask({ one, bounds, options: { reduce } }) as Promise<Walk>;

const live = (alice: Case['alice'], bob: Case['bob'], faulty = false): Case => ({ alice, bob, when: 'live', faulty });

describe('cases', () => {
  it('no act that changes nothing, and none twice', () => {
    const lists = listsOf(2).map((list) => list.join(' '));
    expect(lists).toContain('publish remove');
    expect(lists).toContain('reload close');
    expect(lists.filter((list) => /^remove|close /.test(list))).toEqual([]);
    expect(new Set(lists).size).toBe(lists.length);
  });

  it('1, 2 and 3 acts -> every pair once', () => {
    const sizes = [0, 1, 2, 3].map((length) => casesOf(length, STEPS, 'live', false).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(listsOf(3).length ** 2);
  });
});

describe('with the session', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await startWorker(false);
  }, 120_000);

  it.each([
    ['a channel is opened, every order', live([], ['channel']), {}],
    ['one publishes, orders up to 1 turn from the first', live(['publish'], []), { turns: 1 }],
    ['one says goodbye, one loss or repeat', live(['close'], [], true), { turns: 0 }],
  ] as const)('%s -> the same outcomes, from no more branches', async (_, one, bounds) => {
    const all = await walk(worker, one, bounds, false);
    const reduced = await walk(worker, one, bounds, true);
    expect(reduced.outcomes).toEqual(all.outcomes);
    expect(reduced.failures).toEqual([]);
    expect(reduced.played + reduced.merged).toBeLessThanOrEqual(all.played);
  }, 120_000);
});

describe('with the negotiator of the W3C sample', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await startWorker(true);
  }, 120_000);

  it('both publish -> every failure that orders up to 1 turn from the first show is found', async () => {
    const one = live(['publish'], ['publish']);
    const all = await walk(worker, one, { turns: 1 }, false);
    const reduced = await walk(worker, one, {}, true);
    const wrong = ({ failures }: Walk): string[] => [...new Set(failures.flatMap((failure) => failure.wrong))];
    expect(wrong(all).length).toBeGreaterThan(0);
    expect(wrong(reduced)).toEqual(expect.arrayContaining(wrong(all)));
    expect(reduced.outcomes).toEqual(expect.arrayContaining([...all.outcomes]));
  }, 240_000);
});
