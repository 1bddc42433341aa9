import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServer, type SignalingServer } from '../../src/server/index.js';
import { chromiumPath, firefoxPath, launchChromium, launchFirefox } from '../tools/browsers.mjs';
import { freshRoom, openPage, raiseStage, reaches, type Stage } from './stage.js';

describe.skipIf(!chromiumPath || !firefoxPath)('Chromium and Firefox over the signaling server', () => {
  let stage: Stage;
  let server: SignalingServer;
  const browsers: Record<string, Browser> = {};
  const pages: Record<string, Page> = {};
  let errors: string[];

  beforeAll(async () => {
    const [raised, served, chromium, firefox] = await Promise.all([
      raiseStage(),
      createServer({ port: 0, host: '127.0.0.1', origins: '*' }),
      launchChromium(),
      launchFirefox(),
    ]);
    stage = raised;
    server = served;
    browsers['Chromium'] = chromium;
    browsers['Firefox'] = firefox;
  });
  afterAll(async () => {
    await Promise.all(Object.values(browsers).map((browser) => browser.close()));
    await server?.close();
    await stage?.close();
  });
  beforeEach(async () => {
    errors = [];
    for (const [name, browser] of Object.entries(browsers)) pages[name] = await openPage(browser, stage.url, errors);
  });
  afterEach(async () => {
    await Promise.all(Object.values(pages).map((page) => page.close()));
    expect(errors).toEqual([]);
  });

  const page = (name: string): Page => {
    const found = pages[name];
    if (!found) throw new Error(`no page in ${name}`);
    return found;
  };
  const start = (name: string, room: string): Promise<void> =>
    page(name).evaluate((wish) => kit.open(wish).start(), {
      room,
      server: server.signalUrl,
      media: { audio: true, video: true },
    });
  const flows = (name: string): Promise<void> => page(name).evaluate(() => kit.flows({ video: true, audio: true }));

  it.each([
    ['Chromium', 'Firefox'],
    ['Firefox', 'Chromium'],
  ])('%s waits, %s calls', async (first, second) => {
    const room = freshRoom();
    const waiting = start(first, room);
    await reaches(page(first), 'signaling');
    await Promise.all([waiting, start(second, room)]);
    await Promise.all([flows(first), flows(second)]);
    const [mine, theirs] = await Promise.all(
      [first, second].map((name) => page(name).evaluate(() => [kit.session.peerId, kit.session.remotePeerId])),
    );
    expect(mine).toEqual(theirs?.toReversed());
  });

  it('both start at once, talk over a channel, and one publishes later', async () => {
    const room = freshRoom();
    await Promise.all([start('Chromium', room), start('Firefox', room)]);
    await Promise.all([flows('Chromium'), flows('Firefox')]);
    await Promise.all(
      Object.values(pages).map((one) => one.evaluate(() => kit.channel('chat').send(`from ${kit.session.peerId}`))),
    );
    for (const one of Object.values(pages)) {
      await one.waitForFunction(() => kit.got['chat']?.[0] === `from ${kit.session.remotePeerId}`);
    }
    await page('Firefox').evaluate(() => kit.session.media.publish('whiteboard', kit.picture()));
    await page('Chromium').waitForFunction(() => kit.session.remote.get('whiteboard'));
    await page('Chromium').evaluate(() => kit.flows({ video: true }, 'whiteboard'));
    await page('Chromium').evaluate(() => kit.session.media.publish('whiteboard', kit.picture()));
    await page('Firefox').waitForFunction(() => kit.session.remote.get('whiteboard'));
    await page('Firefox').evaluate(() => kit.flows({ video: true }, 'whiteboard'));
  });

  it('one closes, the other knows why', async () => {
    const room = freshRoom();
    await Promise.all([start('Chromium', room), start('Firefox', room)]);
    await page('Chromium').evaluate(() => kit.session.close('bye then'));
    await reaches(page('Firefox'), 'closed');
    expect(await page('Firefox').evaluate(() => kit.session.state)).toEqual({
      status: 'closed',
      by: 'remote',
      reason: 'bye then',
    });
  });
});
