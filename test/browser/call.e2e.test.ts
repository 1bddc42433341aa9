import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { freshPages } from './fresh-pages.js';
import type { Wish } from './session-page.js';
import { engines, freshRoom, reaches } from './stage.js';

const BOTH: MediaStreamConstraints = { audio: true, video: true };

describe.each(engines)('a call between two tabs of $name', ({ launch }) => {
  let a: Page;
  let b: Page;

  freshPages(launch, async (open) => {
    a = await open();
    b = await open();
  });

  const start = (page: Page, wish: Wish): Promise<void> => page.evaluate((given) => kit.open(given).start(), wish);
  const flows = (page: Page, want: { video?: boolean; audio?: boolean }, name?: string): Promise<void> =>
    page.evaluate(([given, slot]) => kit.flows(given, slot), [want, name] as const);
  const names = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      kit.session.remote
        .list()
        .map(({ name }) => name)
        .sort(),
    );
  const statuses = (page: Page): Promise<string[]> =>
    page.evaluate(() => kit.heard.filter(({ type }) => type === 'statechange').map(({ what }) => what));

  async function dataOnly(): Promise<void> {
    const room = freshRoom();
    await Promise.all([start(a, { room }), start(b, { room })]);
  }

  it('both start at once: pictures are decoded and sound arrives on both sides', async () => {
    const room = freshRoom();
    await Promise.all([start(a, { room, media: BOTH }), start(b, { room, media: BOTH })]);
    await Promise.all([flows(a, { video: true, audio: true }), flows(b, { video: true, audio: true })]);
    for (const page of [a, b]) {
      expect(await names(page)).toEqual(['camera', 'microphone']);
      expect(
        await page.evaluate(() => kit.session.remote.get('camera')?.stream === kit.session.remote.get('microphone')?.stream),
      ).toBe(true);
      const seen = await statuses(page);
      expect(seen[0]).toBe('fetching');
      expect(seen.at(-1)).toBe('connected');
      expect(seen).not.toContain('reconnecting');
      await page.waitForFunction(() => kit.session.route?.kind === 'host');
    }
  });

  it('a late joiner is met: one side waits before the other is there', async () => {
    const room = freshRoom();
    const waiting = start(a, { room, media: BOTH });
    await reaches(a, 'signaling');
    await start(b, { room });
    await waiting;
    await flows(b, { video: true, audio: true });
    expect(await names(a)).toEqual([]);
    expect(await names(b)).toEqual(['camera', 'microphone']);
  });

  it('tracks added later, first from one side, then from the other', async () => {
    await dataOnly();
    await a.evaluate(() => kit.session.media.publish('camera', true));
    await flows(b, { video: true });
    await b.evaluate(() => kit.session.media.publish('microphone', true));
    await flows(a, { audio: true });
    await b.evaluate(() => kit.session.media.publish('camera', true));
    await flows(a, { video: true, audio: true });
    await a.evaluate(() => kit.session.media.publish('whiteboard', kit.picture()));
    await b.waitForFunction(() => kit.session.remote.get('whiteboard'));
    await flows(b, { video: true }, 'whiteboard');
    await a.evaluate(() => kit.session.media.remove('camera'));
    await b.waitForFunction(() => !kit.session.remote.get('camera'));
    expect(await names(b)).toEqual(['whiteboard']);
    expect(await names(a)).toEqual(['camera', 'microphone']);
    for (const page of [a, b]) expect(await statuses(page)).not.toContain('reconnecting');
  });

  it('data only, then audio against video in the same instant', async () => {
    await dataOnly();
    const at = Date.now() + 300;
    const inTheSameInstant = (page: Page, name: 'microphone' | 'camera'): Promise<void> =>
      page.evaluate(
        async ([slot, moment]) => {
          const track = slot === 'camera' ? kit.picture() : kit.tone();
          while (Date.now() < moment);
          await kit.session.media.publish(slot, track);
        },
        [name, at] as const,
      );
    await Promise.all([inTheSameInstant(a, 'microphone'), inTheSameInstant(b, 'camera')]);
    await Promise.all([flows(a, { video: true }), b.waitForFunction(() => kit.session.remote.get('microphone'))]);
    expect(await names(a)).toEqual(['camera']);
    expect(await names(b)).toEqual(['microphone']);
    for (const page of [a, b]) {
      expect(await statuses(page)).not.toContain('reconnecting');
      expect(await page.evaluate(() => kit.session.connection?.getTransceivers().length)).toBe(2);
    }
  });

  it('50 times on and off: bounded description, constant sections, an untouched channel', async () => {
    await dataOnly();
    await Promise.all([a, b].map((page) => page.evaluate(async () => void (await kit.channel('beside').opened))));
    const once = (page: Page): Promise<void> =>
      page.evaluate(async () => {
        await kit.session.media.publish('microphone', kit.tone());
        await kit.session.media.publish('camera', kit.picture());
      });
    const off = (page: Page): Promise<void> =>
      page.evaluate(async () => {
        await kit.session.media.remove('microphone');
        await kit.session.media.remove('camera');
      });
    const seesTwo = (page: Page): Promise<unknown> => page.waitForFunction(() => kit.session.remote.list().length === 2);
    const seesNone = (page: Page): Promise<unknown> => page.waitForFunction(() => kit.session.remote.list().length === 0);
    const size = (page: Page): Promise<{ sdp: number; sections: number }> =>
      page.evaluate(() => {
        const { connection } = kit.session;
        return { sdp: connection?.localDescription?.sdp.length ?? 0, sections: connection?.getTransceivers().length ?? 0 };
      });
    await Promise.all([once(a), seesTwo(b)]);
    await a.waitForFunction(() => kit.session.connection?.signalingState === 'stable');
    const before = await size(a);
    await Promise.all([off(a), seesNone(b)]);
    await a.evaluate(async () => {
      const [sound, picture] = [kit.tone(), kit.picture()];
      for (let i = 0; i < 50; i++) {
        await kit.session.media.publish('microphone', sound);
        await kit.session.media.publish('camera', picture);
        await kit.session.media.remove('microphone');
        await kit.session.media.remove('camera');
        await kit.session.channel('beside').send(`cycle ${i}`);
      }
      await kit.session.media.publish('microphone', sound);
      await kit.session.media.publish('camera', picture);
    });
    await seesTwo(b);
    await flows(b, { video: true });
    const after = await size(a);
    expect(after.sections).toBe(before.sections);
    expect(Math.abs(after.sdp - before.sdp)).toBeLessThan(200 + 120 * 12); // candidates may have been added since
    await b.waitForFunction(() => kit.got['beside']?.length === 50);
    expect(await b.evaluate(() => kit.got['beside'])).toEqual(Array.from({ length: 50 }, (_, i) => `cycle ${i}`));
    for (const page of [a, b]) {
      expect(await page.evaluate(() => kit.session.channel('beside').state)).toBe('open');
      expect(await statuses(page)).not.toContain('reconnecting');
    }
  });
});
