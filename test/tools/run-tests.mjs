// The test command. Runs every part in order, goes on after a failure, and ends with one line: `N passed, N failed`.
//
//   node test/tools/run-tests.mjs              everything that needs no root
//   node test/tools/run-tests.mjs unit types   some parts: lint types build unit soak package browser
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideBrowsers } from './provide-browsers.mjs';
import { runCommand } from './run-command.mjs';
import { countReport } from './test-count.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const scratch = mkdtempSync(join(tmpdir(), 'peer-session-'));
const minutes = (count) => count * 60_000;

/** One command that passes or fails as a whole. */
const check = (name, command, ms = minutes(3)) => ({ name, command, ms });

/** Vitest projects: each test counts. */
const vitest = (projects, ms) => ({
  name: `vitest ${projects.join(' ')}`,
  projects,
  ms,
  command: ['vitest', 'run', '-c', 'test/vitest.config.ts', ...projects.flatMap((project) => ['--project', project])],
});

/** A program that writes its own counts, `{ passed, failed }`, to the file given by `--report`: each seed counts. */
const counting = (name, command, ms) => ({ name, command, ms, counts: true });

const parts = {
  lint: [
    check('biome', ['biome', 'check', '--config-path=.biome.json', '.']),
    check('oxlint', ['oxlint', '--type-aware', '--deny-warnings', 'src', 'test']),
  ],
  types: [
    check('tsc src', ['tsc', '-p', 'tsconfig.json']),
    check('tsc src/server', ['tsc', '-p', 'src/server/tsconfig.json']),
    check('tsc test', ['tsc', '-p', 'test/tsconfig.json']),
    check('tsc examples', ['tsc', '-p', 'examples/tsconfig.json']),
    check('snippets', ['node', 'docs/tools/check-snippets.mjs']),
  ],
  build: [check('build', ['npm', 'run', '--silent', 'build'])],
  unit: [vitest(['unit'], minutes(10))],
  soak: [
    counting('soak', ['node', 'test/tools/soak.mjs', '--runs', '2000', '--seed', '1'], minutes(10)),
    counting('every order', ['node', 'test/tools/explore.mjs'], minutes(10)),
  ],
  package: [check('size-limit', ['size-limit']), vitest(['package'], minutes(10))],
  browser: [vitest(['chromium', 'firefox'], minutes(5)), vitest(['e2e'], minutes(20))],
};

/** What the child processes see. Firefox refuses to start for root where root's HOME belongs to somebody else. */
function environment() {
  const { FORCE_COLOR: _, ...plain } = process.env;
  const env = process.stdout.isTTY ? { ...process.env } : { ...plain, NO_COLOR: '1' };
  env.PATH = `${join(root, 'node_modules/.bin')}:${env.PATH ?? ''}`;
  const home = env.HOME;
  if (process.getuid?.() === 0 && (home === undefined || statSync(home, { throwIfNoEntry: false })?.uid !== 0))
    env.HOME = scratch;
  return env;
}

async function runStep(step, env) {
  const report = join(scratch, `${step.name.replaceAll(' ', '-')}.json`);
  const options = step.projects ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  if (step.counts) options.push('--report', report);
  const [program, ...args] = [...step.command, ...options];
  const started = Date.now();
  console.log(`\n=== ${step.name}`);
  const end = await runCommand(program, args, { cwd: root, env, timeoutMs: step.ms });
  const ok = end === 'ok';
  const single = { passed: Number(ok), failed: Number(!ok), skipped: 0 };
  const own = step.counts ? readReport(report) : undefined;
  // A program that died before it counted, or whose counts do not agree with its end, has failed.
  const counted = own && own.failed > 0 === !ok ? { ...own, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
  const count = step.projects ? countReport(readReport(report), ok) : step.counts ? counted : single;
  if (!ok) console.log(`--- ${step.name}: ${end}`);
  return { name: step.name, ...count, seconds: (Date.now() - started) / 1000 };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // vitest died before it wrote one; its exit status counts
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

const env = environment();
const results = [];
for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
  if (name === 'browser') {
    const missing = await provideBrowsers();
    if (missing !== undefined) {
      console.log(`\n=== browsers\n${missing}`);
      results.push({ name: 'browsers', passed: 0, failed: 1, skipped: 0, seconds: 0 });
      continue;
    }
  }
  for (const step of parts[name]) results.push(await runStep(step, env));
}
rmSync(scratch, { recursive: true, force: true });

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log('');
for (const { name, passed, failed, skipped, seconds } of results) {
  const note = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(
    `${failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(28)} ${passed} passed, ${failed} failed${note} (${seconds.toFixed(1)} s)`,
  );
}
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
