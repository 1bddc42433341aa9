import { expect, it } from 'vitest';
import { bundleWorker, startWorkers } from '../tools/soak-workers.mjs';

const CYCLES = 1_000;
const WARM_UP = 200;
/** In 800 calls: 125 bytes per call. A kept session alone would be 50,000. */
const CALLS_BYTES = 100_000;
/** In 800 connections: 375 bytes each, where what one says alone is 14,000. The last page that was left, 110,000, may wait for its collection. */
const CONNECTIONS_BYTES = 300_000;
/** V8 compiles hot code again and again, and keeps some kilobytes of it per call: without its compilers the heap is data alone. */
const FLAGS = ['--expose-gc', '--no-opt', '--no-maglev', '--no-sparkplug'];

it.each([
  ['1,000 calls opened and closed in one process', 'calls', CALLS_BYTES],
  ['one call that loses its connection 1,000 times', 'connections', CONNECTIONS_BYTES],
] as const)(
  '%s -> nothing is left, the heap is as after 200',
  async (_, what, maxBytes) => {
    const bundle = await bundleWorker({ twoFlag: false, entry: 'leaks-worker.ts' });
    try {
      const [worker] = startWorkers(bundle.path, 1, FLAGS);
      if (!worker) throw new Error('no worker');
      const left: { wrong: string[]; before: number; after: number } = await worker.ask({
        what,
        cycles: CYCLES,
        warmUp: WARM_UP,
      });
      const { wrong, before, after } = left;
      worker.end();
      expect(wrong).toEqual([]);
      expect(before).toBeGreaterThan(0);
      expect(after - before).toBeLessThan(maxBytes);
    } finally {
      bundle.remove();
    }
  },
  300_000,
);
