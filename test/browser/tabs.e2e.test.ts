import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { launchChromium } from '../tools/browsers.mjs';
import { freshPages } from './fresh-pages.js';
import { engines, freshRoom, reaches } from './stage.js';

/** Playwright starts Chromium without the back/forward cache that its users have. */
const asUsersHaveIt = { ignoreDefaultArgs: ['--disable-back-forward-cache'] };

describe.each(engines)('tabs in $name', ({ name: engine, launch }) => {
  let a: Page;
  let b: Page;
  let copy: Page;

  freshPages(engine === 'Chromium' ? () => launchChromium(asUsersHaveIt) : launch, async (open) => {
    a = await open();
    b = await open();
    copy = await open();
  });

  /** Opens the session of a page, under a peer id that the tab keeps, and notes how the page is shown again. */
  const prepare = (page: Page, room: string): Promise<void> =>
    page.evaluate((given) => {
      sessionStorage['peerId'] ??= crypto.randomUUID();
      addEventListener('pageshow', ({ persisted }) => {
        kit.note = persisted;
      });
      kit.open({ room: given, peerId: sessionStorage['peerId'] });
    }, room);
  const start = (page: Page): Promise<void> => page.evaluate(() => kit.session.start());
  const call = async (): Promise<string> => {
    const room = freshRoom();
    await Promise.all([a, b].map((page) => prepare(page, room)));
    await Promise.all([a, b].map(start));
    return room;
  };
  /** Follows a link and comes back by the button. */
  const awayAndBack = async (page: Page): Promise<void> => {
    await page.goto(`${page.url()}elsewhere`);
    await page.evaluate(() => history.back()); // drivers wait for it to load; one that was kept does not
    await page.waitForFunction(() => !location.pathname.endsWith('elsewhere') && 'kit' in globalThis);
  };
  const talks = async (): Promise<void> => {
    for (const page of [a, b]) await page.evaluate(() => kit.channel('chat').opened);
    await a.evaluate(() => kit.channel('chat').send('there'));
    await b.waitForFunction(() => kit.got['chat']?.at(-1) === 'there');
  };

  it('a page in a call is left and shown again: the browser did not keep it, and it is paired again as after a reload', async () => {
    const room = await call();
    await awayAndBack(a);
    expect(await a.evaluate(() => 'session' in kit && kit.session !== undefined)).toBe(false);
    await prepare(a, room);
    await Promise.all([start(a), b.waitForFunction(() => kit.count('peerchange', 'restarted') > 0)]);
    await reaches(b, 'connected');
    await talks();
  });

  it('a page whose session is not started is kept, and starts when it is shown again', async () => {
    const room = freshRoom();
    await Promise.all([a, b].map((page) => prepare(page, room)));
    await awayAndBack(a);
    expect(await a.evaluate(() => kit.note)).toBe(true);
    await Promise.all([a, b].map(start));
    await talks();
  });

  it('a duplicated tab, with the stored peer id: the call goes over to the copy, and the first one is told', async () => {
    const room = await call();
    // What "Duplicate tab" copies.
    const stored = await a.evaluate(() => Object.entries(sessionStorage));
    await copy.evaluate((entries) => {
      for (const [key, value] of entries) sessionStorage.setItem(key, String(value));
    }, stored);
    await prepare(copy, room);
    expect(await copy.evaluate(() => kit.session.peerId)).toBe(await a.evaluate(() => kit.session.peerId));
    await Promise.all([start(copy), b.waitForFunction(() => kit.count('peerchange', 'restarted') > 0)]);
    await reaches(b, 'connected');
    await a.waitForFunction(() => kit.count('warning', 'peer-id-taken') > 0);
    await a.waitForFunction(() => kit.count('peerchange', 'left') > 0);
    expect(await b.evaluate(() => kit.count('peerchange', 'restarted'))).toBe(1);
    for (const page of [copy, b]) expect(await page.evaluate(() => kit.session.state.status)).toBe('connected');
  });
});
