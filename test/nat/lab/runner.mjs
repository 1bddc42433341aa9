import { bundle } from './bundle.mjs';
import { openLaboratory, within } from './laboratory.mjs';
import { guardRun, keepLeftovers, removeLeftovers } from './namespaces.mjs';

/** Families that have a laboratory to themselves. */
const APART = ['outage', 'long'];
/** Cases that only wait run so many at a time. */
const AT_A_TIME = 8;

/** Runs cases, those of one network in one laboratory, and gives what came out. */
export async function runCases(cases, { keep, verbose, ...options }) {
  removeLeftovers();
  guardRun();
  if (keep) keepLeftovers();
  const code = await bundle();
  const results = [];
  for (const group of groupsOf(cases)) {
    let lab;
    const open = async (one) => {
      const onLog = (m) => verbose && console.log(`    ${m.log}`);
      lab ??= await openLaboratory(one.network, { ...code, ...one.laboratory, onLog });
    };
    for (const batch of batchesOf(group)) {
      const outcomes = await open(batch[0]).then(
        () => Promise.all(batch.map((one) => runCase(lab, one, options))),
        (error) => batch.map((one) => ({ ...one, complaints: [`no laboratory: ${error.message}`], broken: true, seconds: 0 })),
      );
      for (const outcome of outcomes) print(outcome, verbose);
      results.push(...outcomes);
      // A network that a case has changed, or that it left in an unknown state, is not used again.
      if (lab && !keep && outcomes.some(({ spoils, broken }) => spoils || broken)) {
        await lab.close();
        lab = undefined;
      }
    }
    if (!keep) await lab?.close();
  }
  return results;
}

async function runCase(lab, one, options) {
  const startedAt = Date.now();
  const limitMs = typeof one.timeoutMs === 'function' ? one.timeoutMs(options) : one.timeoutMs;
  const outcome = await within(limitMs, one.name, one.run(lab, one, options)).catch((error) => ({
    complaints: [error.message],
    broken: true,
  }));
  return { ...one, ...outcome, seconds: Math.round((Date.now() - startedAt) / 1000) };
}

function print({ family, name, complaints, seconds, note = '', details = [] }, verbose) {
  console.log(`${complaints.length ? 'FAIL' : 'ok  '} ${family}: ${name} (${seconds} s)  ${note}`);
  for (const text of complaints) console.log(`       ${text.slice(0, verbose ? undefined : 600)}`);
  if (verbose) for (const text of details) console.log(`       ${text}`);
}

/** Cases that can share a laboratory: the same network, set up the same way. Some families have their own. */
function groupsOf(cases) {
  const groups = new Map();
  for (const one of cases) {
    const key = JSON.stringify([APART.indexOf(one.family), one.network, one.laboratory ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** One after the other where times are measured; cases that only wait for an answer run side by side. What spoils a network comes last. */
function batchesOf(group) {
  const alone = (spoils) => group.filter((one) => !one.parallel && Boolean(one.spoils) === spoils).map((one) => [one]);
  const waiting = group.filter(({ parallel }) => parallel);
  const batches = [];
  for (let i = 0; i < waiting.length; i += AT_A_TIME) batches.push(waiting.slice(i, i + AT_A_TIME));
  return [...alone(false), ...batches, ...alone(true)];
}
