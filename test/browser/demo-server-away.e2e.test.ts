import type { Browser, BrowserContext } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from '../tools/browsers.mjs';
import { freshRoom, heading, inCall, press } from './demo-page.js';
import { type Served, serve } from './served.js';

const start = (port = '0'): Promise<Served> => serve('test/tools/start.mjs', ['--port', port]);

describe.skipIf(!chromiumPath)('the demo while its server comes and goes', () => {
  let browser: Browser;
  let context: BrowserContext;
  let server: Served;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    [context, server] = await Promise.all([browser.newContext(), start()]);
  });
  afterEach(async () => {
    await context.close();
    await server.stop();
  });
  const again = async (): Promise<void> => {
    server = await start(new URL(server.url).port);
  };

  it('says so while somebody waits and during a call, and is found again', async () => {
    const room = `?room=${freshRoom()}`;
    const [a, b] = [await context.newPage(), await context.newPage()];
    await a.goto(`${server.url}/${room}`);
    await heading(a, 'Waiting for the other side');
    await server.stop();
    await heading(a, 'The server does not answer');
    await again();
    await heading(a, 'Waiting for the other side');
    await b.goto(`${server.url}/${room}`);
    await Promise.all([inCall(a), inCall(b)]);
    await server.stop();
    await a.getByText('You are in a call. It goes on while the signaling server is away.').waitFor();
    await again();
    await a.getByText('You are in a call.', { exact: true }).waitFor();
  });

  it('waits for the server before it calls again', async () => {
    const page = await context.newPage();
    await page.goto(`${server.url}/?room=${freshRoom()}`);
    await heading(page, 'Waiting for the other side');
    await press(page, 'Hang up');
    await server.stop();
    await press(page, 'Call again');
    await heading(page, 'Reaching the server');
    await again();
    await heading(page, 'Waiting for the other side');
  });

  it('keeps no third tab out of a room that is empty again', async () => {
    const room = `?room=${freshRoom()}`;
    const [a, b, c] = [await context.newPage(), await context.newPage(), await context.newPage()];
    for (const page of [a, b]) await page.goto(`${server.url}/${room}`);
    await Promise.all([inCall(a), inCall(b)]);
    await c.goto(`${server.url}/${room}`);
    await heading(c, 'This room is full');
    await press(a, 'Hang up');
    await heading(c, 'Waiting for the other side');
    await press(b, 'Call again');
    await Promise.all([inCall(b), inCall(c)]);
  });

  it('explains an error behind its link', async () => {
    const page = await context.newPage();
    await page.goto(`${server.url}/?room=${freshRoom()}&turn=turn:nowhere`);
    const [explanation] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'What this means' }).click(),
    ]);
    await explanation.locator('#ice-server-invalid, h1:text("ice-server-invalid")').first().waitFor();
    expect(await explanation.getByText('An entry of iceServers has a wrong form').first().isVisible()).toBe(true);
  });
});
