import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openPage, raiseStage, type Stage } from './stage.js';

/**
 * One browser for the tests of a `describe`, and pages of its own for each of them, opened by `prepare`. A failure that a page did not
 * expect fails its test.
 */
export function freshPages(launch: () => Promise<Browser>, prepare: (open: () => Promise<Page>) => Promise<void>): void {
  let stage: Stage;
  let browser: Browser;
  let context: BrowserContext;
  let errors: string[];

  beforeAll(async () => {
    [stage, browser] = await Promise.all([raiseStage(), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });
  beforeEach(async () => {
    errors = [];
    context = await browser.newContext();
    await prepare(() => openPage(context, stage.url, errors));
  });
  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });
}
