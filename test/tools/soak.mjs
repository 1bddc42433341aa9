// @ts-check
// Seeded schedules of what two sessions live through, played over the fakes by worker processes.
//
//   npm run soak -- --runs 2000 --seed 1        seeds 1 to 2000; ends with `N passed, M failed`
//   npm run soak -- --seed 42                   one seed, with its schedule and story
//   npm run soak -- --schedule '{...}'          one schedule, as printed for a failure
//   npm run soak -- --in mixed --runs 100       in real browsers: chromium, firefox, or mixed, one side in each
//   npm run soak -- --in mixed --seed 42        one seed in them, with what the sessions and the wire wrote down
//   npm run soak -- --profile outages           bursts on a resuming channel and outages only
//   npm run soak -- --runs 100 --two-flag       with the negotiator of the W3C sample in place of ours: must fail
//   npm run soak -- --runs 100 --two-flag --allow rollback    the same, when rollbacks alone are forgiven

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { keepStory, soakInBrowser } from './soak-browser.mjs';
import { bundleWorker, startWorkers } from './soak-workers.mjs';

/** Seeds that one task holds. */
const BATCH = 25;
/** In browsers, worth a look though not wrong. */
const SLOW_MS = 5_000;
/** Failures that are cut down and shown in full. */
const SHOWN = 3;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string', default: 'mixed' },
    schedule: { type: 'string' },
    workers: { type: 'string' },
    'two-flag': { type: 'boolean', default: false },
    report: { type: 'string' },
    in: { type: 'string' },
    allow: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed);
const runs = values.runs === undefined ? 1 : Number(values.runs);
const alone = values.runs === undefined;
const allow = values.allow.split(',').filter(Boolean);
/** Processes; in browsers, schedules at a time. */
const width = Number(values.workers ?? Math.min(availableParallelism(), values.in ? 2 : 8));
const started = Date.now();
const worker = await bundleWorker({ twoFlag: values['two-flag'] });
const replay = (/** @type {object} */ schedule) =>
  `npm run soak --${values['two-flag'] ? ' --two-flag' : ''} --schedule '${JSON.stringify(schedule)}'`;

/** @type {Map<string, number>} invariant -> seeds that broke it */
const broken = new Map();
/** @type {{ seed: number, wrong: string[], schedule: object }[]} */
const failures = [];
let passed = 0;
let slowestMs = 0;
let mostOffers = 0;

/** @param {{ seed: number, wrong: string[], healedMs: number, offers: number, schedule: object }[]} results */
function count(results) {
  for (const result of results) {
    slowestMs = Math.max(slowestMs, result.healedMs);
    mostOffers = Math.max(mostOffers, result.offers);
    if (result.wrong.length === 0) {
      passed++;
      continue;
    }
    failures.push(result);
    for (const name of new Set(result.wrong.map((what) => what.split(':', 1)[0] ?? '')))
      broken.set(name, (broken.get(name) ?? 0) + 1);
    if (failures.length <= 20) console.log(`seed ${result.seed} failed: ${result.wrong[0]}`);
  }
}

async function playMany() {
  const pool = startWorkers(worker.path, width);
  let next = seed;
  let told = Date.now();
  const feed = async (/** @type {import('./soak-workers.mjs').Worker} */ one) => {
    while (next < seed + runs) {
      const seeds = Array.from({ length: Math.min(BATCH, seed + runs - next) }, (_, index) => next + index);
      next += seeds.length;
      count(await one.ask({ kind: 'seeds', seeds, profile: values.profile, allow }));
      if (Date.now() - told < 5_000) continue;
      told = Date.now();
      console.log(`${passed + failures.length} of ${runs} played, ${failures.length} failed`);
    }
  };
  await Promise.all(pool.map(feed));
  failures.sort((a, b) => a.seed - b.seed);
  for (const { schedule } of failures.slice(0, SHOWN)) {
    const [one] = pool;
    if (one) await show(one, schedule);
  }
  for (const one of pool) one.end();
}

/** @param {import('./soak-workers.mjs').Worker} one @param {object} failing */
async function show(one, failing) {
  const { schedule, outcome, plays } = await one.ask({ kind: 'shrink', schedule: failing, allow });
  console.log(`\n--- the smallest schedule that fails like seed ${schedule.seed}, after ${plays} plays:`);
  console.log(outcome.wrong.join('\n'));
  console.log(`replay: ${replay(schedule)}`);
}

async function playOne() {
  const [one] = startWorkers(worker.path, 1);
  if (!one) return;
  const given = values.schedule === undefined ? undefined : JSON.parse(values.schedule);
  const [result] = given ? [] : await one.ask({ kind: 'seeds', seeds: [seed], profile: values.profile, allow, keep: true });
  const schedule = given ?? result.schedule;
  const outcome = await one.ask({ kind: 'play', schedule, allow });
  console.log(JSON.stringify(schedule));
  for (const line of [...outcome.story, ...outcome.wrong]) console.log(line);
  count([{ seed: schedule.seed, schedule, ...outcome }]);
  if (outcome.wrong.length > 0 && !given) await show(one, schedule);
  one.end();
}

/** Replayed by its seed: real time does not repeat itself, and is not cut down. */
function playInBrowser(/** @type {string} */ name) {
  return soakInBrowser({
    name,
    seed,
    runs,
    width,
    profile: values.profile,
    tell: ({ story, ...result }) => {
      const wrong = result.wrong.filter((what) => !allow.includes(what.split(':', 1)[0] ?? ''));
      count([{ ...result, wrong, schedule: {} }]);
      if (result.healedMs > SLOW_MS) console.log(`seed ${result.seed} took ${result.healedMs} ms to heal or to end`);
      if (alone) for (const line of [...story, ...wrong]) console.log(line);
      else if (wrong.length > 0) {
        const profile = values.profile === 'mixed' ? '' : ` --profile ${values.profile}`;
        console.log(wrong.map((what) => `  ${what}`).join('\n'));
        console.log(`  replay: npm run soak -- --in ${name}${profile} --seed ${result.seed}`);
        console.log(`  what the sessions and the wire wrote down: ${keepStory(name, result.seed, [...wrong, ...story])}`);
      }
      const played = passed + failures.length;
      if (played % 10 === 0) console.log(`${played} of ${runs} played, ${failures.length} failed`);
    },
  });
}

await (values.in ? playInBrowser(values.in) : alone ? playOne() : playMany());
worker.remove();
const seconds = (Date.now() - started) / 1000;
if (broken.size > 0) console.log(`\nbroken: ${[...broken].map(([name, times]) => `${name} ${times}`).join(', ')}`);
if (failures.length > 0)
  console.log(
    `failing seeds: ${failures
      .slice(0, 60)
      .map((failure) => failure.seed)
      .join(' ')}`,
  );
const time = values.in ? '' : ' of virtual time';
console.log(`slowest to heal ${slowestMs} ms${time}, at most ${mostOffers} offers on one connection, ${seconds.toFixed(1)} s`);
console.log(`${passed} passed, ${failures.length} failed`);
if (values.report) writeFileSync(values.report, JSON.stringify({ passed, failed: failures.length }));
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
