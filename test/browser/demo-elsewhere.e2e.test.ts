import type { Browser, BrowserContext } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, firefoxPath, launchChromium, launchFirefox } from '../tools/browsers.mjs';
import { bothInCall, freshRoom, heading, open, press, say, served } from './demo-page.js';
import { pictureMoves } from './moving-picture.js';

describe.skipIf(!chromiumPath)('the demo where the browser is strict', () => {
  it('plays silently until it is touched, where sound may not play by itself', async () => {
    const browser = await launchChromium({ args: ['--autoplay-policy=document-user-activation-required'] });
    const room = `?room=${freshRoom()}&camera=drawn`;
    const pages = [await browser.newPage(), await browser.newPage()] as const;
    // The page itself says when it asks: whatever Playwright looks at in a page counts as a touch of it.
    await pages[0].addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        const hear = document.querySelector<HTMLElement>('#hear');
        const tell = () => hear?.hidden === false && console.info('asks for a touch');
        if (hear) new MutationObserver(tell).observe(hear, { attributes: true });
      });
    });
    const asked = pages[0].waitForEvent('console', (message) => message.text() === 'asks for a touch');
    await Promise.all(pages.map((page) => page.goto(`${served.url}/${room}`)));
    await asked;
    await bothInCall(...pages);
    const muted = (): Promise<boolean | undefined> =>
      pages[0].evaluate(() => document.querySelector<HTMLVideoElement>('#video-remote')?.muted);
    const hear = pages[0].getByRole('button', { name: 'Tap to hear the other side' });
    await hear.waitFor();
    await pictureMoves(pages[0], '#video-remote');
    expect(await muted()).toBe(true);
    await hear.click();
    await hear.waitFor({ state: 'hidden' });
    await pictureMoves(pages[0], '#video-remote');
    expect(await muted()).toBe(false);
    await browser.close();
  });

  it('calls with what is drawn from another machine without https', async () => {
    const browser = await launchChromium({ args: ['--host-resolver-rules=MAP demo.test 127.0.0.1'] });
    const room = `?room=${freshRoom()}`;
    const [here, there] = [await browser.newPage(), await browser.newPage()];
    await here.goto(`${served.url}/${room}`);
    await there.goto(`${served.url.replace('localhost', 'demo.test')}/${room}`);
    expect(await there.evaluate(() => isSecureContext)).toBe(false);
    await bothInCall(here, there);
    await there.getByText(/only to https pages and to localhost: a drawn picture and a tone stand in/).waitFor();
    await Promise.all([pictureMoves(here, '#video-remote'), pictureMoves(there, '#video-remote')]);
    await say(there, here, 'from the other machine');
    await browser.close();
  });
});

describe.skipIf(!chromiumPath || !firefoxPath)('the demo in Chromium and in Firefox', () => {
  let browsers: Browser[] = [];

  beforeAll(async () => {
    browsers = await Promise.all([launchChromium(), launchFirefox()]);
  });
  afterAll(() => Promise.all(browsers.map((browser) => browser.close())));

  it.each([
    ['Chromium waits', 0],
    ['Firefox waits', 1],
  ])('sees and hears each other, chats and hangs up: %s', async (_, first) => {
    const room = `?room=${freshRoom()}`;
    const contexts = await Promise.all(browsers.map((browser) => browser.newContext()));
    const [one, two] = [contexts[first], contexts[1 - first]] as [BrowserContext, BrowserContext];
    const a = await open(one, room);
    await heading(a, 'Waiting for the other side');
    const b = await open(two, room);
    await bothInCall(a, b);
    await Promise.all([pictureMoves(a, '#video-remote'), pictureMoves(b, '#video-remote')]);
    await say(a, b, 'one way');
    await say(b, a, 'and the other');
    await press(b, 'Mute');
    await a.locator('#remote-muted').waitFor({ state: 'visible' });
    await b.reload();
    await bothInCall(a, b);
    await pictureMoves(a, '#video-remote');
    await press(b, 'Hang up');
    await heading(a, 'The other side hung up');
    await Promise.all(contexts.map((context) => context.close()));
  });
});
