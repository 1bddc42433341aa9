// npm run test:nat: real networks in namespaces, real coturn, real browsers. See docs/networks.md.
import { parseArgs } from 'node:util';
import { checkCases } from './cases/check.mjs';
import { connectCases } from './cases/connect.mjs';
import { diagnosisCases } from './cases/diagnose.mjs';
import { iceCases } from './cases/ice.mjs';
import { longCases } from './cases/long.mjs';
import { outageCases, PEERS } from './cases/outage.mjs';
import { installWhatIsMissing } from './lab/prerequisites.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    beside: { type: 'string' },
    minutes: { type: 'string', default: '30' },
    every: { type: 'string', default: '9' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});

const beside = (options.beside ?? (options.all ? PEERS.join() : 'raw')).split(',').filter(Boolean);
const stranger = beside.find((kind) => !PEERS.includes(kind));
if (stranger) {
  console.error(`--beside ${stranger}: there are ${PEERS.join()}`);
  process.exit(2);
}
const pattern = new RegExp(options.only, 'i');
const cases = [...connectCases, ...iceCases, ...diagnosisCases, ...checkCases, ...outageCases, ...longCases];
const chosen = cases
  .filter((one) => one.inCi || options.all || options.only)
  // Half an hour each: only if the pattern asks for them by the name of the family.
  .filter((one) => !one.onlyByName || options.only.includes(one.family))
  .filter((one) => pattern.test(`${one.family}: ${one.name}`));

if (options.list) {
  for (const { family, name } of chosen) console.log(`${family}: ${name}`);
  process.exit(0);
}

const missing = installWhatIsMissing();
if (missing) {
  console.error(missing);
  process.exit(1);
}

// What needs the packages of the project comes after the check.
const { runCases } = await import('./lab/runner.mjs');
const { writeReports } = await import('./lab/report.mjs');
const { keep, verbose, write } = options;
const numbers = Object.fromEntries(['rounds', 'minutes', 'every', 'seed'].map((name) => [name, Number(options[name])]));
const short = !options.all && !options.only;
const results = await runCases(chosen, { ...numbers, short, beside, keep, verbose });
const families = [...new Set(cases.map(({ family }) => family))];
// Only a run of everything in a family may replace its published table.
const whole = families.filter((family) => cases.every((one) => one.family !== family || chosen.includes(one)));
writeReports(results, { write, whole });

const failed = results.filter((one) => one.complaints.length > 0);
for (const { family, name, complaints } of failed) {
  console.log(`\nFAILED ${family}: ${name}`);
  for (const text of complaints) console.log(`  ${text.slice(0, verbose ? undefined : 600)}`);
}
console.log(`\n${results.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 || results.length === 0 ? 1 : 0);
