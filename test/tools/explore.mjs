// @ts-check
// Every order in which two sides' messages can be delivered and their acts be done; not a sample. Ends with `N passed, M failed`.
//
//   node test/tools/explore.mjs                         what the test command walks: the parts in TESTED
//   node test/tools/explore.mjs --acts 1 --when live    every pair of lists of one act, on a live connection, every order
//   node test/tools/explore.mjs --acts 3 --when live --turns 1 --steps publish,channel,reload
//                                                       up to three of these acts a side, each order one turn away from the first
//   --faulty                                            with one message lost or repeated as well
//   --first early|late                                  with --turns: what the first order is, acts at once or when all is delivered
//   --limit N                                           gives a case up after N branches, and says so
//   --unreduced                                         without leaving out orders that are the same as others
//   --two-flag                                          with the negotiator of the W3C sample in place of ours: must fail
//   --branch '{"one":{...},"bounds":{...},"path":[...]}'    one branch, as printed for a failure
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleWorker, startWorkers } from './soak-workers.mjs';

const { values } = parseArgs({
  options: {
    acts: { type: 'string' },
    steps: { type: 'string' },
    when: { type: 'string', default: 'live' },
    turns: { type: 'string' },
    first: { type: 'string', default: 'early' },
    faulty: { type: 'boolean', default: false },
    limit: { type: 'string' },
    workers: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    unreduced: { type: 'boolean', default: false },
    branch: { type: 'string' },
    report: { type: 'string' },
    'two-flag': { type: 'boolean', default: false },
  },
});

/**
 * One part of the walk. `turns` absent: every order.
 *
 * @typedef {{ acts: number, when: string, faulty?: boolean, turns?: number, first?: string, steps?: string[] }} Part
 */

/** What the test command walks. @type {Part[]} */
const TESTED = [
  { acts: 1, when: 'live', turns: 1 },
  { acts: 1, when: 'live', turns: 0, faulty: true },
  { acts: 1, when: 'start', turns: 1 },
  { acts: 2, when: 'live', turns: 0 },
  { acts: 3, when: 'live', turns: 0, steps: ['publish', 'channel', 'reload'] },
];
/** @type {Part} */
const asked = {
  acts: Number(values.acts),
  when: values.when,
  faulty: values.faulty,
  ...(values.turns !== undefined && { turns: Number(values.turns), first: values.first }),
  ...(values.steps !== undefined && { steps: values.steps.split(',') }),
};
const options = { reduce: !values.unreduced, ...(values.limit !== undefined && { limit: Number(values.limit) }) };
const bundle = await bundleWorker({ twoFlag: values['two-flag'], watched: true, entry: 'explore-worker.ts' });
const pool = startWorkers(bundle.path, values.branch ? 1 : Number(values.workers));
let passed = 0;
let failed = 0;

/** @param {Part} part */
function nameOf({ acts, when, faulty, turns, first, steps }) {
  const orders =
    turns === undefined ? 'every order' : `orders up to ${turns} turns from the first${first === 'late' ? ', acts late' : ''}`;
  const what = steps ? ` of ${steps.join(', ')}` : '';
  return `${acts} acts a side${what}, ${when === 'live' ? 'live' : 'from the start'}, ${faulty ? 'one loss or repeat, ' : ''}${orders}`;
}

async function walk(/** @type {Part} */ part) {
  const { acts, when, turns, first, steps, faulty = false } = part;
  const started = Date.now();
  const [one] = pool;
  const cases = await one?.ask({ acts, when, faulty, ...(steps && { steps }) });
  const bounds = { ...(turns !== undefined && { turns, acts: first ?? 'early' }) };
  const sum = { cases: cases.length, played: 0, merged: 0, orders: 0, failures: 0, unfinished: 0 };
  let told = Date.now();
  const line = () =>
    `${nameOf(part)}: ${sum.cases - cases.length} cases, ${sum.played + sum.merged} branches (${sum.merged} came to a known state), ` +
    `${sum.orders} orders, ${sum.failures} failed, ${sum.unfinished} cases given up, ${Math.round((Date.now() - started) / 1000)} s`;
  const feed = async (/** @type {import('./soak-workers.mjs').Worker} */ worker) => {
    for (let next = cases.shift(); next; next = cases.shift()) {
      const { played, merged, orders, failures, unfinished } = await worker.ask({ one: next, bounds, options });
      sum.played += played;
      sum.merged += merged;
      sum.orders += orders;
      sum.failures += failures.length;
      sum.unfinished += Number(unfinished);
      for (const { path, wrong } of failures.slice(0, 1)) {
        console.log(`${failures.length} of ${played} branches failed: ${wrong.join('; ')}`);
        console.log(`replay: node test/tools/explore.mjs --branch '${JSON.stringify({ one: next, bounds, path })}'`);
      }
      if (Date.now() - told < 20_000) continue;
      told = Date.now();
      console.log(`  ${line()}`);
    }
  };
  await Promise.all(pool.map(feed));
  console.log(line());
  passed += sum.played + sum.merged - sum.failures;
  failed += sum.failures;
}

async function playOne(/** @type {string} */ branch) {
  const { wrong, story } = (await pool[0]?.ask({ reduce: !values.unreduced, ...JSON.parse(branch) })) ?? {
    wrong: ['no worker'],
    story: [],
  };
  console.log([...story, ...wrong].join('\n'));
  if (wrong.length > 0) failed++;
  else passed++;
}

if (values.branch) await playOne(values.branch);
else for (const part of values.acts === undefined ? TESTED : [asked]) await walk(part);
for (const one of pool) one.end();
bundle.remove();
if (values.report) writeFileSync(values.report, JSON.stringify({ passed, failed }));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
