// @ts-check
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @typedef {{ ask(task: object): Promise<any>, end(): void }} Worker */

/**
 * Bundles the worker out of the sources.
 *
 * @param {{ twoFlag: boolean, entry?: string }} options `twoFlag`: with the negotiator of the W3C sample in place of ours
 */
export async function bundleWorker({ twoFlag, entry = 'soak-worker.ts' }) {
  const folder = mkdtempSync(join(tmpdir(), 'peer-session-soak-'));
  const path = join(folder, 'worker.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [join('test/schedules', entry)],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    sourcemap: 'inline',
    logLevel: 'warning',
    alias: { 'peer-session': './src/index.ts', 'peer-session/testing': './src/testing/index.ts' },
    plugins: twoFlag ? [replaceNegotiator] : [],
  });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** @type {import('esbuild').Plugin} */
const replaceNegotiator = {
  name: 'two-flag negotiator',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/negotiator\.js$/ }, ({ importer }) =>
      importer.endsWith('two-flag-negotiator.ts') ? undefined : { path: join(root, 'test/schedules/two-flag-negotiator.ts') },
    );
  },
};

/**
 * Processes that answer one task after another.
 *
 * @param {string} path
 * @param {number} count
 * @param {string[]} flags of node
 * @returns {Worker[]}
 */
export function startWorkers(path, count, flags = []) {
  return Array.from({ length: count }, () => {
    const child = fork(path, { execArgv: ['--enable-source-maps', ...flags] });
    let died = '';
    /** @type {(error: Error) => void} */
    let refuse = () => {};
    child.once('exit', (code, signal) => {
      died = `a worker ended with ${code ?? signal}`;
      refuse(new Error(died));
    });
    return {
      ask: (task) =>
        new Promise((resolve, reject) => {
          if (died) return reject(new Error(died));
          refuse = reject;
          child.once('message', resolve);
          child.send(task);
        }),
      end: () => {
        child.disconnect();
      },
    };
  });
}
