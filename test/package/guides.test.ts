// The code of the guides, pasted by a newcomer: into an empty project that has the package and a test runner, nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { blocksOf, read } from '../../docs/tools/code-blocks.mjs';

const [root, consumer] = [inject('root'), inject('consumer')];

/** The blocks of a page that begin with the name of their file: name -> code. */
function filesOf(page: string): ReadonlyMap<string, string> {
  const named = blocksOf(page, read(page)).map(({ code }) => [/^\/\/ ([\w.-]+\.ts)\n/.exec(code)?.[1] ?? '', code] as const);
  return new Map(named.filter(([name]) => name !== ''));
}

interface Report {
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly message: string; readonly assertionResults: readonly Result[] }[];
}
interface Result {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

/** Runs vitest as `npx vitest run` would. */
function vitest(folder: string): Result[] {
  const report = join(folder, 'report.json');
  const args = ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`];
  const end = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (!existsSync(report)) throw new Error(`vitest wrote no report: ${end.stdout}${end.stderr}`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  expect(testResults.map(({ message }) => message).join('')).toBe('');
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}

function paste(name: string, files: Iterable<readonly [string, string]>): string {
  const folder = join(consumer, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, code] of files) writeFileSync(join(folder, file), code);
  return folder;
}

const needs =
  (runner: string) =>
  ([, code]: readonly [string, string]) =>
    code.includes(`from '${runner}'`);
const failed = (results: readonly Result[]): string[] =>
  results.flatMap(({ status, title, failureMessages }) => (status === 'failed' ? [title, ...failureMessages] : []));

beforeAll(() => {
  const target = join(consumer, 'node_modules/vitest');
  if (!existsSync(target)) symlinkSync(join(root, 'node_modules/vitest'), target, 'dir');
});

describe('docs/guides/test-your-app.md', () => {
  const files = filesOf('docs/guides/test-your-app.md');

  it('has an example that passes with vitest as it stands', () => {
    const results = vitest(
      paste(
        'guide-vitest',
        [...files].filter((file) => !needs('node:test')(file)),
      ),
    );
    expect(failed(results)).toEqual([]);
    expect(results).toHaveLength(6);
  });

  it('has one that passes with Node alone, in less than a second of work', () => {
    const compiled = [...files]
      .filter((file) => !needs('vitest')(file))
      .map(([name, code]) => {
        const { outputText } = ts.transpileModule(code, {
          compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
        });
        return [name.replace(/\.ts$/, '.js'), outputText] as const;
      });
    const meter = "process.on('exit', () => require('fs').writeFileSync('work.json', JSON.stringify(process.cpuUsage())));";
    const manifest = ['package.json', '{ "type": "module" }'] as const;
    const folder = paste('guide-node', [...compiled, ['meter.cjs', meter], manifest]);
    const end = spawnSync(process.execPath, ['--require', './meter.cjs', 'plain-node.test.js'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(end.status, end.stdout + end.stderr).toBe(0);
    expect(end.stdout).toMatch(/^# pass 1$/m);
    // Of the processor: on a machine that is busy with other tests the clock on the wall tells nothing.
    const { user, system } = JSON.parse(readFileSync(join(folder, 'work.json'), 'utf8')) as NodeJS.CpuUsage;
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

describe('docs/guides/bring-your-own-signaling.md', () => {
  it('has an exam that its transport passes', () => {
    const results = vitest(paste('guide-exam', filesOf('docs/guides/bring-your-own-signaling.md')));
    expect(failed(results)).toEqual([]);
    expect(results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(10);
    // No server that could be out of reach, fail, or know who is there.
    expect(results.filter(({ status }) => status !== 'passed').map(({ title }) => title)).toEqual([
      'rejects where it cannot open',
      'tells that the carrier is lost',
      'opens again after a loss',
      'tells who is there before it is open',
      'tells who comes and who goes, with the whole list each time',
    ]);
  });
});
