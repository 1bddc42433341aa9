import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll } from 'vitest';
import { npmStart, type Served } from './served.js';

export let served: Served;
let rooms = 0;
export const freshRoom = (): string => `test-${process.pid}-${++rooms}`;

beforeAll(async () => {
  served = await npmStart();
});
afterAll(() => served?.stop());

/** A room of the demo, in a page. */
export async function open(context: BrowserContext, query: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${served.url}/${query}`);
  return page;
}

export const stepIs = (page: Page, step: string, look: string): Promise<void> =>
  page.locator(`#steps [data-step="${step}"].${look}`).waitFor();
export const inCall = (page: Page): Promise<void> => stepIs(page, 'connected', 'done');
export const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
export const heading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name }).waitFor();
export const bothInCall = (a: Page, b: Page): Promise<unknown> => Promise.all([inCall(a), inCall(b)]);

export async function say(from: Page, to: Page, text: string): Promise<void> {
  await from.getByRole('textbox', { name: 'Message' }).fill(text);
  await from.keyboard.press('Enter');
  await to.locator('#messages .theirs', { hasText: text }).waitFor();
  await from.locator('#messages .ours', { hasText: text }).waitFor();
}

/** Failures that the page itself did not expect. */
export function watchErrors(context: BrowserContext): string[] {
  const errors: string[] = [];
  context.on('weberror', (error) => errors.push(error.error().message));
  context.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  return errors;
}
