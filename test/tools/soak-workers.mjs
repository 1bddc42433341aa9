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
 * @param {{ twoFlag: boolean, watched?: boolean, entry?: string }} options `twoFlag`: with the negotiator of the W3C sample in place of ours;
 *   `watched`: with a link that writes down what it takes in and hands up
 */
export async function bundleWorker({ twoFlag, watched = false, entry = 'soak-worker.ts' }) {
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
    plugins: [...(twoFlag ? [replaceNegotiator] : []), ...(watched ? [overhearLink] : [])],
  });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * @param {RegExp} filter
 * @param {string} file of `test/schedules`, which may import what it replaces
 * @returns {import('esbuild').Plugin}
 */
const replace = (filter, file) => ({
  name: file,
  setup: ({ onResolve }) => {
    onResolve({ filter }, ({ importer }) => (importer.endsWith(file) ? undefined : { path: join(root, 'test/schedules', file) }));
  },
});
const replaceNegotiator = replace(/\/negotiator\.js$/, 'two-flag-negotiator.ts');
const overhearLink = replace(/\/signaling\/link\.js$/, 'watched-link.ts');

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
