import { describe, expect, it } from 'vitest';
import { countReport } from './test-count.mjs';

const file = (status: string, ...statuses: string[]): { status: string; assertionResults: { status: string }[] } => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
});

describe('countReport', () => {
  it('counts passed, failed and skipped tests over all files', () => {
    const testResults = [file('passed', 'passed', 'passed', 'pending'), file('failed', 'failed', 'passed')];
    expect(countReport({ testResults }, false)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it.each([
    ['a file that did not load', { testResults: [file('failed'), file('passed', 'passed')] }, false, 1],
    ['a run without a report', undefined, false, 0],
    ['a run that found no test', { testResults: [] }, true, 0],
    ['an error outside of tests', { testResults: [file('passed', 'passed')] }, false, 1],
  ])('%s is a failure', (_, report, ok, passed) => {
    expect(countReport(report, ok)).toEqual({ passed, failed: 1, skipped: 0 });
  });
});
