// @ts-check
// Every order in which the first messages can be delivered, for every pair of small act lists; not a sample.
//
//   node test/tools/explore.mjs                                    one act for each side, 3 choices among 3 messages
//   node test/tools/explore.mjs --acts 2 --depth 5 --width 4       bigger
//   node test/tools/explore.mjs --branch '{"one":{...},"bounds":{...},"path":[...]}'      one branch, as printed for a failure
//   node test/tools/explore.mjs --two-flag                         with the negotiator of the W3C sample in place of ours: must fail
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleWorker, startWorkers } from './soak-workers.mjs';

const { values } = parseArgs({
  options: {
    acts: { type: 'string', default: '1' },
    depth: { type: 'string', default: '3' },
    width: { type: 'string', default: '3' },
    branch: { type: 'string' },
    report: { type: 'string' },
    'two-flag': { type: 'boolean', default: false },
  },
});
const STEPS = ['publish', 'remove', 'channel', 'restart', 'reload', 'close'];
const bounds = { depth: Number(values.depth), width: Number(values.width) };
const started = Date.now();
const bundle = await bundleWorker({ twoFlag: values['two-flag'], entry: 'explore-worker.ts' });
const pool = startWorkers(bundle.path, values.branch ? 1 : Math.min(availableParallelism(), 8));
let passed = 0;
let failed = 0;

/** @param {number} length @returns {string[][]} all lists of so many acts */
const lists = (length) => (length === 0 ? [[]] : lists(length - 1).flatMap((head) => STEPS.map((step) => [...head, step])));

function casesOf(/** @type {number} */ length) {
  const all = lists(length);
  const pairs = all.flatMap((alice, index) => all.slice(index).map((bob) => ({ alice, bob })));
  return ['start', 'live'].flatMap((when) => [false, true].flatMap((faulty) => pairs.map((pair) => ({ ...pair, when, faulty }))));
}

async function exploreAll() {
  const cases = casesOf(Number(values.acts));
  let told = Date.now();
  const feed = async (/** @type {import('./soak-workers.mjs').Worker} */ one) => {
    for (let next = cases.shift(); next; next = cases.shift()) {
      const { branches, failures } = await one.ask({ one: next, bounds });
      passed += branches - failures.length;
      failed += failures.length;
      for (const { path, wrong } of failures.slice(0, 1)) {
        console.log(`${failures.length} of ${branches} branches failed: ${wrong.join('; ')}`);
        console.log(`replay: node test/tools/explore.mjs --branch '${JSON.stringify({ one: next, bounds, path })}'`);
      }
      if (Date.now() - told < 10_000) continue;
      told = Date.now();
      console.log(`${passed + failed} branches, ${cases.length} cases left`);
    }
  };
  await Promise.all(pool.map(feed));
}

async function playOne(/** @type {string} */ branch) {
  const [one] = pool;
  if (!one) return;
  const { wrong } = await one.ask(JSON.parse(branch));
  console.log(wrong.join('\n'));
  if (wrong.length > 0) failed++;
  else passed++;
}

await (values.branch ? playOne(values.branch) : exploreAll());
for (const one of pool) one.end();
bundle.remove();
if (values.report) writeFileSync(values.report, JSON.stringify({ passed, failed }));
console.log(
  `${values.acts} acts for each side, ${bounds.depth} choices among ${bounds.width} messages, ${(Date.now() - started) / 1000} s`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
