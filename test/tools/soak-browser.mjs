// @ts-check
// The schedules in a real browser: both sessions in one page, over a bus with faults, in real time.
//
//   npm run soak -- --in chromium --runs 100 --seed 1
//   npm run soak -- --in firefox --runs 100
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import playwright from 'playwright';
import { chromiumOptions, firefoxOptions } from './browsers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Schedules at a time in one page: each holds two connections. */
const AT_ONCE = 8;

async function bundlePage() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['test/schedules/soak-page.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'warning',
    alias: { 'peer-session': './src/index.ts', 'peer-session/testing': './src/testing/index.ts' },
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * Plays seeds in a browser.
 *
 * @param {{ name: string, seed: number, runs: number, tell: (result: { seed: number, wrong: string[], healedMs: number }) => void }} options
 */
export async function soakInBrowser({ name, seed, runs, tell }) {
  const script = await bundlePage();
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>soak</title>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const browser =
    name === 'firefox' ? await playwright.firefox.launch(firefoxOptions) : await playwright.chromium.launch(chromiumOptions);
  try {
    for (let next = seed; next < seed + runs; next += AT_ONCE) {
      const seeds = Array.from({ length: Math.min(AT_ONCE, seed + runs - next) }, (_, index) => next + index);
      const page = await browser.newPage();
      /** @type {string[]} */
      const stray = [];
      page.on('pageerror', (error) => stray.push(`stray: ${error}`));
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.addScriptTag({ content: script });
      const results = await page.evaluate(
        (list) => Promise.all(list.map((one) => /** @type {any} */ (globalThis).soakSeed(one))),
        seeds,
      );
      results[0].wrong.push(...stray);
      for (const result of results) tell(result);
      await page.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
}
