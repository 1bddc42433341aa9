import { createServer, type SignalingServer } from 'peer-session/server';
import type { Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshPages } from './fresh-pages.js';
import { engines, freshRoom } from './stage.js';

describe.each(engines)('a token that expired in $name', ({ launch }) => {
  let a: Page;
  let b: Page;
  let hub: SignalingServer;
  let valid: boolean;

  const serve = async (port = 0): Promise<void> => {
    hub = await createServer({ port, host: '127.0.0.1', origins: '*', authorize: () => valid });
  };
  beforeEach(async () => {
    valid = true;
    await serve();
  });
  afterEach(() => hub.close());
  freshPages(launch, async (open) => {
    a = await open();
    b = await open();
  });

  it('the server throws both out and refuses them: media flows on, and what was said meanwhile arrives when it lets them in', async () => {
    const wish = { room: freshRoom(), server: hub.signalUrl, media: { audio: true, video: true } };
    await Promise.all([a, b].map((page) => page.evaluate((given) => kit.open(given).start(), wish)));
    valid = false;
    await hub.close({ graceMs: 0 });
    await serve(hub.port);
    await Promise.all([a, b].map((page) => page.waitForFunction(() => kit.count('warning', 'signaling-refused') > 0)));
    await a.evaluate(() => kit.session.media.mute('camera'));
    await Promise.all([a.evaluate(() => kit.flows({ video: true, audio: true })), b.evaluate(() => kit.flows({ audio: true }))]);
    expect(await b.evaluate(() => kit.session.remote.get('camera')?.muted)).toBe(false);
    valid = true;
    await b.waitForFunction(() => kit.session.remote.get('camera')?.muted);
    for (const page of [a, b]) {
      expect(await page.evaluate(() => kit.count('statechange', 'reconnecting'))).toBe(0);
      expect(await page.evaluate(() => kit.session.state.status)).toBe('connected');
    }
  });
});
