import { expect, it } from 'vitest';
import { bundleWorker, startWorkers } from '../tools/soak-workers.mjs';

const CYCLES = 1_000;
const WARM_UP = 200;
/** In 800 calls: 125 bytes per call. A kept session alone would be 50,000. */
const MAX_GROWTH_BYTES = 100_000;
/** V8 compiles hot code again and again, and keeps some kilobytes of it per call: without its compilers the heap is data alone. */
const FLAGS = ['--expose-gc', '--no-opt', '--no-maglev', '--no-sparkplug'];

it('1,000 calls opened and closed in one process -> nothing is left, the heap is as after 200', async () => {
  const bundle = await bundleWorker({ twoFlag: false, entry: 'leaks-worker.ts' });
  try {
    const [worker] = startWorkers(bundle.path, 1, FLAGS);
    if (!worker) throw new Error('no worker');
    const left: { wrong: string[]; before: number; after: number } = await worker.ask({ cycles: CYCLES, warmUp: WARM_UP });
    const { wrong, before, after } = left;
    worker.end();
    expect(wrong).toEqual([]);
    expect(before).toBeGreaterThan(0);
    expect(after - before).toBeLessThan(MAX_GROWTH_BYTES);
  } finally {
    bundle.remove();
  }
}, 300_000);
