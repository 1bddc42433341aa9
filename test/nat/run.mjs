// npm run test:nat: real networks in namespaces, real coturn, real browsers. See docs/networks.md.
import { parseArgs } from 'node:util';
import { checkCases } from './cases/check.mjs';
import { connectCases } from './cases/connect.mjs';
import { diagnosisCases } from './cases/diagnose.mjs';
import { iceCases } from './cases/ice.mjs';
import { outageCases } from './cases/outage.mjs';
import { installWhatIsMissing } from './lab/prerequisites.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    verbose: { type: 'boolean', default: false },
  },
});

const pattern = new RegExp(options.only, 'i');
const cases = [...connectCases, ...iceCases, ...diagnosisCases, ...checkCases, ...outageCases];
const chosen = cases
  .filter((one) => one.inCi || options.all || options.only)
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
const { rounds, keep, verbose, write } = options;
const results = await runCases(chosen, { rounds: Number(rounds), keep, verbose });
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
