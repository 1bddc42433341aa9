import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from '../tools/browsers.mjs';
import { pictureMoves } from './moving-picture.js';
import { npmStart, type Served, serve } from './served.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the examples as programs', () => {
  it('compile against the types of the package', async () => {
    await promisify(execFile)(`${root}node_modules/.bin/tsc`, ['-p', 'examples'], { cwd: root });
  });

  it('say // @ts-check, and the smallest one has under 30 lines of code', async () => {
    const text = await readFile(`${root}examples/two-tabs/main.js`, 'utf8');
    const code = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
    expect(text).toMatch(/^\/\/ @ts-check/);
    expect(code.length).toBeLessThan(30);
  });
});

describe.skipIf(!chromiumPath)('the examples in two tabs of Chromium', () => {
  let served: Served;
  let browser: Browser;
  let context: BrowserContext;
  let errors: string[];

  beforeAll(async () => {
    [served, browser] = await Promise.all([npmStart(), launchChromium()]);
  });
  afterAll(() => Promise.all([browser?.close(), served?.stop()]));
  beforeEach(async () => {
    errors = [];
    context = await browser.newContext();
    context.on('weberror', (error) => errors.push(error.error().message));
    context.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  });
  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });

  async function openTwice(address: string): Promise<[Page, Page]> {
    const [a, b] = [await context.newPage(), await context.newPage()];
    await a.goto(address);
    await b.goto(address);
    return [a, b];
  }
  const connected = (...pages: Page[]): Promise<unknown> =>
    Promise.all(pages.map((page) => page.locator('output', { hasText: /^connected$/ }).waitFor()));

  it('two-tabs: each sees the other', async () => {
    const [a, b] = await openTwice(`${served.url}/examples/two-tabs/`);
    await connected(a, b);
    await Promise.all([pictureMoves(a, '#theirs'), pictureMoves(b, '#theirs'), pictureMoves(a, '#mine')]);
  });

  it('data-chat: text goes both ways, also what was written before the other side came', async () => {
    const address = `${served.url}/examples/data-chat/`;
    const a = await context.newPage();
    await a.goto(address);
    await a.getByLabel('Message', { exact: true }).fill('anybody there?');
    await a.getByRole('button', { name: 'Send' }).click();
    const b = await context.newPage();
    await b.goto(address);
    await b.getByText('them: anybody there?').waitFor();
    await b.getByLabel('Message', { exact: true }).fill('yes <i>me</i>');
    await b.keyboard.press('Enter');
    await a.getByText('them: yes <i>me</i>').waitFor();
    await connected(a, b);
  });

  it('screen-share: the other side sees the screen, until it is stopped', async () => {
    const [a, b] = await openTwice(`${served.url}/examples/screen-share/`);
    await connected(a, b);
    await a.getByRole('button', { name: 'Share my screen' }).click();
    await b.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await a.getByRole('button', { name: 'Stop sharing' }).click();
    await b.waitForFunction(() => document.querySelector('video')?.srcObject === null);
    await a.getByRole('button', { name: 'Share my screen' }).waitFor();
  });

  it('custom-transport: its own server and its own transport carry a call, and a reload', async () => {
    const own = await serve('examples/custom-transport/server.mjs');
    try {
      const [a, b] = await openTwice(`${own.url}/`);
      await connected(a, b);
      await Promise.all([pictureMoves(a, '#theirs'), pictureMoves(b, '#theirs')]);
      await a.reload();
      await connected(a, b);
      await Promise.all([pictureMoves(a, '#theirs'), pictureMoves(b, '#theirs')]);
    } finally {
      await context.close();
      await own.stop();
    }
  });
});
