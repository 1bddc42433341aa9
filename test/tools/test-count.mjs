// @ts-check

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/**
 * Counts a JSON report of vitest. A file that could not be loaded, and a run that died or reported errors outside of
 * tests, count as one failure: they must never look green.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] } | undefined} report
 * @param {boolean} ok whether vitest exited with 0
 * @returns {Count}
 */
export function countReport(report, ok) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    for (const { status } of file.assertionResults) {
      if (status === 'passed') count.passed++;
      else if (status === 'failed') count.failed++;
      else count.skipped++;
    }
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) count.failed++;
  }
  if (count.failed === 0 && (!ok || count.passed === 0)) count.failed = 1;
  return count;
}
