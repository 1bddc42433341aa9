import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumOptions, chromiumPath, firefoxOptions, firefoxPath } from './tools/browsers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// Tests and examples import the package by its name and get the sources.
const resolve = {
  alias: [
    { find: /^peer-session$/, replacement: `${root}src/index.ts` },
    { find: /^peer-session\/([a-z]+)$/, replacement: `${root}src/$1/index.ts` },
  ],
};

// A browser that is not there is left out here; test/tools/run-tests.mjs installs it or fails.
const instances = [
  ...(chromiumPath === undefined
    ? []
    : [{ browser: 'chromium' as const, name: 'chromium', provider: playwright({ launchOptions: chromiumOptions }) }]),
  ...(firefoxPath === undefined
    ? []
    : [{ browser: 'firefox' as const, name: 'firefox', provider: playwright({ launchOptions: firefoxOptions }) }]),
];

const inPage = {
  resolve,
  optimizeDeps: { include: ['eventemitter3'] },
  test: {
    name: 'browser',
    include: ['test/{browser,engine}/**/*.browser.test.ts'],
    globalSetup: ['test/browser/global-setup.ts'].filter((path) => existsSync(root + path)),
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    browser: { enabled: true, headless: true, screenshotFailures: false, provider: playwright(), instances },
  },
};

export default defineConfig({
  root,
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          environment: 'node',
          include: [
            'test/{unit,scenario,contract,schedules,engine}/**/*.test.ts',
            'test/architecture.test.ts',
            'test/tools/**/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts'],
        },
      },
      {
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/pack.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      ...(instances.length > 0 ? [inPage] : []),
      {
        resolve,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/browser/**/*.e2e.test.ts'],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
    ],
  },
});
