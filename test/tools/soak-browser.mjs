// @ts-check
// The schedules in real browsers: each side in a page of its own, over a real WebSocket to the project's hub with faults on the wire,
// in real time.
//
//   npm run soak -- --in chromium --runs 100 --seed 1
//   npm run soak -- --in firefox --runs 100
//   npm run soak -- --in mixed --runs 100         one side in Chromium, the other in Firefox; odd seeds the other way round
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { launchChromium, launchFirefox } from './browsers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const alias = {
  'peer-session': './src/index.ts',
  'peer-session/testing': './src/testing/index.ts',
  'peer-session/transports': './src/transports/index.ts',
  'peer-session/server': './src/server/index.ts',
};

/** A camera that needs little: what is tested is not the encoder. Firefox slows the timers of tabs that nobody looks at. */
const CHROMIUM = { args: ['--use-fake-device-for-media-stream=fps=5'] };
const FIREFOX = {
  firefoxUserPrefs: {
    'media.navigator.video.default_width': 160,
    'media.navigator.video.default_height': 120,
    'media.navigator.video.default_fps': 5,
    'dom.min_background_timeout_value': 4,
    'dom.timeout.enable_budget_timer_throttling': false,
  },
};

async function bundlePage() {
  const options = /** @type {const} */ ({ bundle: true, write: false, format: 'iife', logLevel: 'warning' });
  const { outputFiles } = await build({ ...options, absWorkingDir: root, alias, entryPoints: ['test/schedules/soak-page.ts'] });
  return outputFiles[0]?.text ?? '';
}

/** @returns {Promise<import('../schedules/soak-stage.js').SoakStage>} */
async function raiseStage() {
  // Inside the project, where its packages are found.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'soak-'));
  try {
    const outfile = join(folder, 'stage.mjs');
    const options = /** @type {const} */ ({ bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' });
    await build({
      ...options,
      absWorkingDir: root,
      alias,
      entryPoints: ['test/schedules/soak-stage.ts'],
      outfile,
      external: ['ws', 'playwright'],
      sourcemap: 'inline',
    });
    const { SoakStage } = await import(pathToFileURL(outfile).href);
    return await SoakStage.raise(await bundlePage());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The browsers of the two sides, by the seed. */
async function launch(/** @type {string} */ name) {
  if (!['chromium', 'firefox', 'mixed'].includes(name)) throw new Error(`--in takes chromium, firefox or mixed, not "${name}"`);
  const chromium = name === 'firefox' ? null : await launchChromium(CHROMIUM);
  const firefox = name === 'chromium' ? null : await launchFirefox(FIREFOX);
  const [one, other] = [chromium ?? firefox, firefox ?? chromium];
  if (!one || !other) throw new Error('no browser');
  return {
    pair: (/** @type {number} */ seed) => (seed % 2 === 0 ? { alice: one, bob: other } : { alice: other, bob: one }),
    close: () => Promise.all([chromium?.close(), firefox?.close()]),
  };
}

/**
 * Plays seeds in browsers.
 *
 * @param {{ name: string, seed: number, runs: number, width: number, profile: string, tell: (result: import('../schedules/play-in-browsers.js').BrowserOutcome) => void }} options
 *   `width`: schedules at a time, each in two pages
 */
export async function soakInBrowser({ name, seed, runs, width, profile, tell }) {
  const stage = await raiseStage();
  const { pair, close } = await launch(name);
  let next = seed;
  const feed = async () => {
    while (next < seed + runs) {
      const one = next++;
      tell(await stage.play(one, pair(one), /** @type {any} */ (profile)));
    }
  };
  try {
    await Promise.all(Array.from({ length: width }, feed));
  } finally {
    await close();
    await stage.close();
  }
}

/** Where the story of a failure is kept; the path of its file. */
export function keepStory(/** @type {string} */ name, /** @type {number} */ seed, /** @type {readonly string[]} */ lines) {
  const folder = join(tmpdir(), 'peer-session-soak');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${seed}.txt`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
