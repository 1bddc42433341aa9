// The walk over every order leaves out orders that are the same as others. Here it is held against the one that leaves out nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleWorker, startWorkers } from '../tools/soak-workers.mjs';
import type { Bounds } from './explore.js';
import { type Case, casesOf, listsOf, STEPS } from './explore-cases.js';
import type { Walk, WalkOptions } from './explore-walk.js';

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

const walk = (worker: Worker, one: Case, bounds: Bounds, options: WalkOptions): Promise<Walk> =>
  worker.ask({ one, bounds, options }) as Promise<Walk>;

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
    ['one closes while the other opens a channel, every order', live(['close'], ['channel']), {}, 2],
    ['one publishes, every order', live(['publish'], []), {}, 1],
    ['one closes, one loss or repeat', live(['close'], [], true), { turns: 0 }, 1],
  ] as const)(
    '%s -> the same outcomes, from fewer branches',
    async (_, one, bounds, outcomes) => {
      const all = await walk(worker, one, bounds, { reduce: false });
      const reduced = await walk(worker, one, bounds, { reduce: true });
      expect(all.outcomes.length).toBe(outcomes);
      expect(reduced.outcomes).toEqual(all.outcomes);
      expect([...all.failures, ...reduced.failures]).toEqual([]);
      expect(reduced.played + reduced.merged).toBeLessThan(all.played);
    },
    120_000,
  );
});

describe('with the negotiator of the W3C sample', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await startWorker(true);
  }, 120_000);

  it('both publish -> fails, and with the reduction in no fewer ways', async () => {
    const one = live(['publish'], ['publish']);
    const [all, reduced] = [
      await walk(worker, one, { turns: 1 }, { reduce: false, limit: 12 }),
      await walk(worker, one, { turns: 1 }, { reduce: true, limit: 12 }),
    ];
    const wrong = ({ failures }: Walk): string[] => [...new Set(failures.flatMap((failure) => failure.wrong))].sort();
    expect(wrong(all).length).toBeGreaterThan(0);
    expect(wrong(reduced)).toEqual(expect.arrayContaining(wrong(all)));
  }, 120_000);
});
