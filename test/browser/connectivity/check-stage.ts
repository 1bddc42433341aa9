import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import playwright, { type BrowserContext, type Page } from 'playwright';
import { chromiumOptions, chromiumPath, firefoxOptions, firefoxPath } from '../../tools/browsers.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Browsers that take the certificate made for the test, in a profile of their own: Chromium's TURN over TLS obeys a switch and
 * not the context's option, Firefox's obeys the option and only in its first context.
 */
export const engines: { name: string; launch: (folder: string) => Promise<BrowserContext> }[] = [
  ...(chromiumPath === undefined
    ? []
    : [
        {
          name: 'Chromium',
          launch: (folder: string) =>
            playwright.chromium.launchPersistentContext(folder, {
              ...chromiumOptions,
              args: [...chromiumOptions.args, '--ignore-certificate-errors'],
            }),
        },
      ]),
  ...(firefoxPath === undefined
    ? []
    : [
        {
          name: 'Firefox',
          launch: (folder: string) =>
            playwright.firefox.launchPersistentContext(folder, { ...firefoxOptions, ignoreHTTPSErrors: true }),
        },
      ]),
];

/** A page with `check()` in it. */
export interface Stage {
  readonly page: Page;
  close(): Promise<void>;
}

/** Bundles the sources of today, serves them on loopback and opens them in a browser. */
export async function raiseStage(launch: (folder: string) => Promise<BrowserContext>): Promise<Stage> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('check-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    alias: {
      'peer-session': `${root}src/index.ts`,
      'peer-session/connectivity': `${root}src/connectivity/index.ts`,
      'peer-session/transports': `${root}src/transports/index.ts`,
    },
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', url === '/page.js' ? 'text/javascript' : 'text/html');
    response.end(
      url === '/page.js' ? script : '<!doctype html><title>test</title><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const folder = mkdtempSync(join(tmpdir(), 'peer-session-profile-'));
  const context = await launch(folder);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'check' in globalThis);
  return {
    page,
    async close() {
      await context.close();
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
