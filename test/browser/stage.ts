import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright';
import { chromiumPath, firefoxPath, launchChromium, launchFirefox } from '../tools/browsers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
let rooms = 0;

/** A room that no other test uses. */
export const freshRoom = (): string => `core-${process.pid}-${++rooms}`;

/** The browsers that are there; `test/tools/run-tests.mjs` sees to it that both are. */
export const engines = [
  ...(chromiumPath === undefined ? [] : [{ name: 'Chromium', launch: launchChromium }]),
  ...(firefoxPath === undefined ? [] : [{ name: 'Firefox', launch: launchFirefox }]),
];

/** Where pages with the library in them are served. */
export interface Stage {
  readonly url: string;
  close(): Promise<void>;
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}test/browser/session-page.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    alias: { 'peer-session': `${root}src/index.ts`, 'peer-session/transports': `${root}src/transports/index.ts` },
  });
  const text = outputFiles[0]?.text;
  if (text === undefined) throw new Error('esbuild wrote nothing');
  return text;
}

/** Serves one page with the sources of today in it. */
export async function raiseStage(): Promise<Stage> {
  const script = await bundled();
  const server = createServer((request, response) => {
    const js = request.url === '/page.js';
    response.setHeader('content-type', js ? 'text/javascript' : 'text/html');
    response.end(js ? script : '<!doctype html><title>test</title><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page that is ready. Failures it did not expect go into `errors`. */
export async function openPage(from: BrowserContext | Browser, url: string, errors: string[] = []): Promise<Page> {
  const page = await from.newPage();
  page.on('pageerror', (error) => errors.push(error.stack ?? String(error)));
  await visit(page, url);
  return page;
}

/** Loads the page, again if it was loaded before. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'kit' in globalThis);
}

/** Waits for a status of the page's session. */
export const reaches = (page: Page, status: string): Promise<unknown> =>
  page.waitForFunction((wanted) => kit.session.state.status === wanted, status);
