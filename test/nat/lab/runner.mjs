import { bundle } from './bundle.mjs';
import { openLaboratory, within } from './laboratory.mjs';
import { guardRun, keepLeftovers, removeLeftovers } from './namespaces.mjs';

/** Runs cases, those of one network in one laboratory, and gives what came out. */
export async function runCases(cases, { rounds, others, keep, verbose }) {
  removeLeftovers();
  guardRun();
  if (keep) keepLeftovers();
  const code = await bundle();
  const results = [];
  for (const group of groupsOf(cases)) {
    let lab;
    for (const one of group) {
      const startedAt = Date.now();
      let outcome;
      try {
        lab ??= await openLaboratory(one.network, {
          ...code,
          ...one.laboratory,
          onLog: (m) => verbose && console.log(`    ${m.log}`),
        });
        outcome = await within(one.timeoutMs, one.name, one.run(lab, one, { rounds, others }));
      } catch (error) {
        outcome = { complaints: [error.message], broken: true };
      }
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      results.push({ ...one, ...outcome, seconds });
      console.log(
        `${outcome.complaints.length ? 'FAIL' : 'ok  '} ${one.family}: ${one.name} (${seconds} s)  ${outcome.note ?? ''}`,
      );
      for (const text of outcome.complaints) console.log(`       ${text.slice(0, verbose ? undefined : 600)}`);
      // A network that a case has changed, or that it left in an unknown state, is not used again.
      if (lab && !keep && (one.spoils || outcome.broken)) {
        await lab.close();
        lab = undefined;
      }
    }
    if (!keep) await lab?.close();
  }
  return results;
}

/** Cases that can share a laboratory: the same network, set up the same way, one after the other. */
function groupsOf(cases) {
  const groups = new Map();
  for (const one of cases) {
    const key = JSON.stringify([one.family, one.network, one.laboratory ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}
