import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, firefoxPath, launchChromium, launchFirefox } from '../tools/browsers.mjs';
import { freshRoom, openPage, raiseStage, type Stage } from './stage.js';

interface Outcome {
  readonly code: string;
  readonly stage: string;
  readonly hint: string;
  readonly status: string;
  readonly code2: string;
}

/** How `start()` ends in this page with these constraints. */
const outcome = (page: Page, media: MediaStreamConstraints): Promise<Outcome> =>
  page.evaluate(
    async (wish) => {
      const session = kit.open(wish);
      const error: { code: string; stage: string; hint: string } = await session.start().then(
        () => ({ code: 'started', stage: '', hint: '' }),
        (cause: { code: string; stage: string; hint: string }) => cause,
      );
      const { state } = session;
      const code2 = state.status === 'failed' ? state.error.code : '';
      return { code: error.code, stage: error.stage, hint: error.hint, status: state.status, code2 };
    },
    // Should media come after all, the test fails soon.
    { room: freshRoom(), media, timeouts: { peerMs: 1000 } },
  );

const failed = (code: string): Partial<Outcome> => ({ code, stage: 'fetching', status: 'failed', code2: code });

describe('a start without media', () => {
  let stage: Stage;
  let browser: Browser | undefined;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    stage = await raiseStage();
  });
  afterAll(() => stage?.close());
  afterEach(async () => {
    await context?.close();
    await browser?.close();
  });

  describe.skipIf(!chromiumPath)('in Chromium', () => {
    const open = async (args: string[] = [], url = stage.url): Promise<Page> => {
      browser = await launchChromium({ args });
      context = await browser.newContext();
      return openPage(context, url);
    };

    it('the user says no', async () => {
      const page = await open(['--use-fake-ui-for-media-stream=deny']);
      expect(await outcome(page, { video: true })).toMatchObject(failed('media-denied'));
    });

    it('no device', async () => {
      const page = await open(['--use-fake-device-for-media-stream=device-count=0']);
      expect(await outcome(page, { video: true })).toMatchObject(failed('media-not-found'));
    });

    it('a constraint that no device meets', async () => {
      const page = await open();
      expect(await outcome(page, { video: { width: { exact: 123_456 } } })).toMatchObject(failed('media-constraints'));
    });

    it('an insecure page', async () => {
      const page = await open(
        ['--host-resolver-rules=MAP insecure.test 127.0.0.1'],
        stage.url.replace('127.0.0.1', 'insecure.test'),
      );
      expect(await outcome(page, { audio: true, video: true })).toMatchObject(failed('media-insecure'));
    });
  });

  describe.skipIf(!firefoxPath)('in Firefox', () => {
    const open = async (firefoxUserPrefs: Record<string, string | number | boolean> = {}, url = stage.url): Promise<Page> => {
      browser = await launchFirefox({ firefoxUserPrefs });
      context = await browser.newContext();
      return openPage(context, url);
    };

    it('the user said no once and for all', async () => {
      const page = await open({
        'media.navigator.permission.disabled': false,
        'permissions.default.camera': 2,
        'permissions.default.microphone': 2,
      });
      expect(await outcome(page, { video: true })).toMatchObject(failed('media-denied'));
    });

    it('no device', async () => {
      const page = await open({ 'media.navigator.streams.fake': false });
      expect(await outcome(page, { video: true })).toMatchObject(failed('media-not-found'));
    });

    it('an insecure page', async () => {
      const page = await open({ 'network.dns.localDomains': 'insecure.test' }, stage.url.replace('127.0.0.1', 'insecure.test'));
      expect(await outcome(page, { audio: true, video: true })).toMatchObject(failed('media-insecure'));
    });
  });
});
