import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from '../tools/browsers.mjs';
import { bothInCall, freshRoom, heading, inCall, open, press, say, stepIs, watchErrors } from './demo-page.js';
import { pictureMoves } from './moving-picture.js';

describe.skipIf(!chromiumPath)('the demo in two tabs of Chromium', () => {
  let browser: Browser;
  let context: BrowserContext;
  let errors: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    context = await browser.newContext();
    errors = watchErrors(context);
  });
  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });

  async function call(query = ''): Promise<[Page, Page]> {
    const room = `?room=${freshRoom()}${query}`;
    const pages = await Promise.all([open(context, room), open(context, room)]);
    await bothInCall(...pages);
    return pages;
  }

  it('meets when the bare address is opened twice, and each sees the other move', async () => {
    const a = await open(context, '');
    await heading(a, 'Waiting for the other side');
    await pictureMoves(a, '#video-local');
    const b = await open(context, '');
    await bothInCall(a, b);
    await Promise.all([pictureMoves(a, '#video-remote'), pictureMoves(b, '#video-remote')]);
    expect(new URL(a.url()).searchParams.get('room')).toBe(new URL(b.url()).searchParams.get('room'));
  });

  it('tells the stages, the route in words and the timeline', async () => {
    const [a] = await call();
    await a.getByText('Direct, same network').waitFor();
    await a.locator('#route-detail', { hasText: /^UDP · .* ms round trip$/ }).waitFor();
    for (const stage of ['fetching', 'signaling', 'ice']) {
      await a.locator(`#steps [data-step="${stage}"] small`, { hasText: / (ms|s)$/ }).waitFor();
    }
    await a.locator('#timeline summary').click();
    await a.locator('#timeline-rows .what', { hasText: 'state connected' }).waitFor();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await press(a, 'Copy as JSON');
    await a.getByRole('button', { name: 'Copied' }).waitFor();
    const copied: unknown = JSON.parse(await a.evaluate(() => navigator.clipboard.readText()));
    expect(copied).toContainEqual(expect.objectContaining({ what: 'state connected', atMs: expect.any(Number) }));
  });

  it('chats both ways, and shows markup as text', async () => {
    const [a, b] = await call();
    await say(a, b, 'hello over there');
    await say(b, a, '<b>hello</b> & <img src=x onerror=alert(1)>');
    expect(await a.locator('#messages img, #messages b').count()).toBe(0);
  });

  it('shows on the other side that the microphone is muted', async () => {
    const [a, b] = await call();
    await press(a, 'Mute');
    await b.locator('#remote-muted').waitFor({ state: 'visible' });
    await press(a, 'Unmute');
    await b.locator('#remote-muted').waitFor({ state: 'hidden' });
  });

  it('switches the camera off for good and on again', async () => {
    const [a, b] = await call();
    await pictureMoves(b, '#video-remote');
    await press(a, 'Camera off');
    await b.locator('#tile-remote').getByText('Camera is off').waitFor();
    await press(a, 'Camera on');
    await b.locator('#tile-remote').getByText('Camera is off').waitFor({ state: 'hidden' });
    await pictureMoves(b, '#video-remote');
  });

  it('shares the screen beside the camera and comes back', async () => {
    const [a, b] = await call();
    await press(a, 'Share');
    await b.locator('#tile-screen').waitFor();
    await b.waitForFunction(() => document.querySelector<HTMLVideoElement>('#video-screen')?.videoWidth);
    await a.getByText('You are sharing your screen').waitFor();
    await pictureMoves(b, '#video-remote');
    await press(a, 'Stop');
    await b.locator('#tile-screen').waitFor({ state: 'hidden' });
    await pictureMoves(b, '#video-remote');
  });

  it('takes the test picture instead of the camera, and back, without a new call', async () => {
    const [a, b] = await call();
    await press(a, 'Devices');
    await a.getByLabel('Camera', { exact: true }).selectOption('Test picture');
    await a.locator('#tile-local:not(.mirrored)').waitFor();
    await pictureMoves(b, '#video-remote');
    await a.getByLabel('Camera', { exact: true }).selectOption({ index: 0 });
    await a.locator('#tile-local.mirrored').waitFor();
    await press(a, 'Done');
    await pictureMoves(b, '#video-remote');
    await inCall(a);
  });

  it('hangs up, tells the other side, and both call again', async () => {
    const [a, b] = await call();
    await a.getByRole('button', { name: 'Hang up' }).focus();
    await a.keyboard.press('Enter');
    await heading(a, 'You hung up');
    await heading(b, 'The other side hung up');
    await expect.poll(() => a.evaluate(() => document.activeElement?.textContent)).toBe('Call again');
    await a.keyboard.press('Enter');
    await heading(a, 'Waiting for the other side');
    await press(b, 'Call again');
    await bothInCall(a, b);
    await Promise.all([pictureMoves(a, '#video-remote'), pictureMoves(b, '#video-remote')]);
    await say(a, b, 'here again');
  });

  it('is back in the call after a reload of one tab', async () => {
    const [a, b] = await call();
    await say(a, b, 'before');
    await a.reload();
    await bothInCall(a, b);
    await Promise.all([pictureMoves(a, '#video-remote'), pictureMoves(b, '#video-remote')]);
    await say(a, b, 'after, from the reloaded side');
    await say(b, a, 'after, to the reloaded side');
  });

  it('tells within a second that the other tab was closed', async () => {
    const [a, b] = await call();
    const told = b
      .getByText(/^The other side left/)
      .first()
      .waitFor({ timeout: 1000 });
    await a.close({ runBeforeUnload: true });
    await told;
    await stepIs(b, 'connected', 'mending');
  });

  it('keeps a third tab out of a full room and offers another', async () => {
    const [a] = await call();
    const c = await open(context, new URL(a.url()).search);
    await heading(c, 'This room is full');
    await press(c, 'Open a new room');
    await heading(c, 'Waiting for the other side');
    expect(c.url()).not.toBe(a.url());
    await inCall(a);
  });

  it('draws a picture and sounds a tone where that is wanted, and says so', async () => {
    await context.addInitScript(() => {
      const made: RTCPeerConnection[] = [];
      const Native = RTCPeerConnection;
      Object.assign(globalThis, {
        made,
        RTCPeerConnection: class extends Native {
          constructor(configuration?: RTCConfiguration) {
            super(configuration);
            made.push(this);
          }
        },
      });
    });
    const [a, b] = await call('&camera=drawn');
    await a.getByText('A drawn picture and a tone stand in.').waitFor();
    await Promise.all([pictureMoves(a, '#video-remote'), pictureMoves(b, '#video-remote')]);
    await a.getByRole('button', { name: 'Sound of the other side' }).click(); // The touch that lets the tone begin.
    await b.waitForFunction(async () => {
      const { made } = globalThis as unknown as { made: RTCPeerConnection[] };
      const stats = [...((await made.at(-1)?.getStats())?.values() ?? [])] as { kind?: string; totalAudioEnergy?: number }[];
      return stats.some(({ kind, totalAudioEnergy = 0 }) => kind === 'audio' && totalAudioEnergy > 1e-6);
    });
  });

  it('draws when the camera is refused, and tells why', async () => {
    await context.addInitScript(() => {
      const refuse = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
      if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = refuse;
    });
    const [a, b] = await call();
    await a.getByText('The camera and the microphone were not allowed: a drawn picture and a tone stand in.').waitFor();
    await pictureMoves(b, '#video-remote');
  });

  it('tells an error with its cure and a link', async () => {
    const page = await open(context, `?room=${freshRoom()}&turn=nonsense`);
    await stepIs(page, 'ice', 'failed');
    await page.locator('#cover-hint', { hasText: /turn:host:port/ }).waitFor();
    const link = page.getByRole('link', { name: 'What this means' });
    expect(await link.getAttribute('href')).toMatch(/errors(\.md|\.html)?#ice-server-invalid$/);
  });

  it('fits a phone: nothing is cut off and nothing scrolls sideways', async () => {
    const room = `?room=${freshRoom()}`;
    const [a, b] = await Promise.all([open(context, room), open(context, room)]);
    await a.setViewportSize({ width: 390, height: 844 });
    await bothInCall(a, b);
    const widths = await a.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
    for (const name of ['Mute', 'Camera off', 'Devices', 'Hang up']) {
      const box = await a.getByRole('button', { name, exact: true }).boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, name).toBe(true);
    }
  });
});
