// Runs inside a peer's namespace, one per browser: serves the page on that namespace's loopback (a secure context), starts the
// browser there and does what the laboratory says, in JSON lines: {id, op, ...} in, {id, result | error} out.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launchBrowser } from './launch.mjs';

const [engine, pages, profile, authority] = process.argv.slice(2);
const types = { html: 'text/html', js: 'text/javascript' };
const server = createServer(async (request, response) => {
  const name = new URL(request.url, 'http://page').pathname.slice(1) || 'index.html';
  if (name === 'favicon.ico') return response.writeHead(204).end();
  try {
    const body = await readFile(join(pages, name));
    response.setHeader('content-type', types[name.split('.').pop()] ?? 'text/plain').end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}/`;
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const { context, close } = await launchBrowser({ engine, profile, authority });
const open = new Map();

const OPS = {
  async open({ page }) {
    const tab = await context.newPage();
    tab.on('console', (m) => m.type() === 'error' && say({ log: `${engine} ${page}: ${m.text()}` }));
    tab.on('pageerror', (error) => say({ log: `${engine} ${page}: ${error.message}`, uncaught: true }));
    await tab.goto(origin);
    open.set(page, tab);
  },
  call: ({ page, name, args }) => open.get(page).evaluate(([f, a]) => globalThis.lab[f](...a), [name, args]),
  reload: ({ page }) => open.get(page).reload(),
  /** What the page's own heap holds after everything that can go is gone, in bytes. Only Chromium tells. */
  async heap({ page }) {
    if (engine !== 'chromium') return null;
    const devtools = await context.newCDPSession(open.get(page));
    try {
      // Wrappers of the page and objects of the engine hold each other: one round is not enough for chains of them.
      for (let round = 0; round < 3; round++) await devtools.send('HeapProfiler.collectGarbage');
      return (await devtools.send('Runtime.getHeapUsage')).usedSize;
    } finally {
      await devtools.detach();
    }
  },
  async close({ page }) {
    await open.get(page)?.close();
    open.delete(page);
  },
};

say({ ready: true });
const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const { id, op, ...rest } = JSON.parse(line);
  try {
    say({ id, result: (await OPS[op](rest)) ?? null });
  } catch (error) {
    say({ id, error: String(error.message ?? error) });
  }
});
// The end of the laboratory, however it came: nothing of the browser may stay. A browser that hangs does not close by itself: no event tells that.
lines.once('close', async () => {
  await Promise.race([close(), new Promise((late) => setTimeout(late, 3000))]).catch(() => {});
  process.exit();
});
