import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { freshPages } from './fresh-pages.js';
import { engines, freshRoom } from './stage.js';

describe.each(engines)('closing a channel in $name', ({ launch }) => {
  let a: Page;
  let b: Page;

  freshPages(launch, async (open) => {
    const room = freshRoom();
    a = await open();
    b = await open();
    await Promise.all([a, b].map((page) => page.evaluate((wish) => kit.open(wish).start(), { room })));
  });

  it('what was sent before close() arrives, then the other side is closed too', async () => {
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
  });

  it.each([0, 1])(
    'ten channels, each closed as soon as it has sent, by side %i: every message arrives, nothing waits for a time limit',
    async (by) => {
      const [here, there] = by === 0 ? [a, b] : [b, a];
      await there.evaluate(() => {
        const seen: Record<string, string> = {};
        kit.note = seen;
        const follow = async (name: string): Promise<void> => {
          seen[name] = 'announced';
          for await (const text of kit.channel(name)) seen[name] += `, got ${text}`;
          seen[name] += ', closed';
        };
        kit.session.on('channel', ({ name }) => void follow(name));
      });
      const took = await here.evaluate(async () => {
        const from = performance.now();
        for (let i = 0; i < 10; i++) {
          const channel = kit.channel(`n${i}`);
          await channel.send(`n${i}`);
          channel.close();
        }
        return performance.now() - from;
      });
      const all = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`n${i}`, `announced, got n${i}, closed`]));
      await expect.poll(() => there.evaluate(() => kit.note), { timeout: 20_000 }).toEqual(all);
      expect(took).toBeLessThan(5_000);
      for (const page of [a, b]) expect(await page.evaluate(() => kit.count('statechange', 'reconnecting'))).toBe(0);
    },
  );

  it.each([0, 1])('thirty channels that are answered as soon as they come, by side %i: no answer is lost', async (by) => {
    const [here, there] = by === 0 ? [a, b] : [b, a];
    await there.evaluate(() => {
      kit.session.on('channel', ({ name }) => void kit.channel(name).send(`answer ${name}`));
    });
    const answers = await here.evaluate(async () => {
      const names = Array.from({ length: 30 }, (_, i) => `n${i}`);
      const got: unknown[] = [];
      for (const name of names) {
        const channel = kit.channel(name);
        got.push((await channel[Symbol.asyncIterator]().next()).value);
      }
      return got;
    });
    expect(answers).toEqual(Array.from({ length: 30 }, (_, i) => `answer n${i}`));
  });
});
