import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, freshRoom, openPage, raiseStage, type Stage } from './stage.js';

describe.each(engines)('closing a channel in $name', ({ launch }) => {
  let stage: Stage;
  let browser: Browser;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([raiseStage(), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  it('what was sent before close() arrives, then the other side is closed too', async () => {
    const room = freshRoom();
    const context = await browser.newContext();
    const [a, b] = [await openPage(context, stage.url), await openPage(context, stage.url)];
    await Promise.all([a, b].map((page) => page.evaluate((wish) => kit.open(wish).start(), { room })));
    for (const page of [a, b]) await page.evaluate(() => kit.channel('file').opened);
    const ended = b.evaluate(async () => {
      let count = 0;
      for await (const part of kit.channel('file')) count += part ? 1 : 0;
      return count;
    });
    await a.evaluate(async () => {
      const channel = kit.channel('file');
      for (let i = 0; i < 20; i++) await channel.send('x'.repeat(50_000));
      channel.close();
    });
    expect(await ended).toBe(20);
    await context.close();
  });
});
