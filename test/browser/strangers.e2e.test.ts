import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { freshPages } from './fresh-pages.js';
import { engines, freshRoom } from './stage.js';

describe.each(engines)('strangers on the channel of a pair in $name', ({ launch }) => {
  let a: Page;
  let b: Page;
  let stranger: Page;
  let room: string;

  freshPages(launch, async (open) => {
    room = freshRoom();
    a = await open();
    b = await open();
    stranger = await open();
    await stranger.evaluate((name) => {
      const bus = new BroadcastChannel(name);
      const overheard: unknown[] = [];
      bus.onmessage = ({ data }) => overheard.push(data);
      kit.note = { bus, overheard };
    }, room);
    await Promise.all([a, b].map((page) => page.evaluate((name) => kit.open({ room: name }).start(), room)));
    for (const page of [a, b]) await page.evaluate(() => kit.channel('chat').opened);
  });

  const publish = (page: Page, slot: string): Promise<unknown> =>
    page.evaluate((name) => kit.session.media.publish(name, kit.picture()).then(() => null), slot);
  const arrives = (page: Page, slot: string): Promise<unknown> =>
    page.waitForFunction((name) => kit.session.remote.get(name), slot);

  /** Still the same connection, never in trouble, and alive: both sides negotiate and talk as before. */
  async function undisturbed(): Promise<void> {
    await publish(a, 'from-a');
    await arrives(b, 'from-a');
    await publish(b, 'from-b');
    await arrives(a, 'from-b');
    await a.evaluate(() => kit.channel('chat').send('still here'));
    await b.waitForFunction(() => kit.got['chat']?.at(-1) === 'still here');
    for (const page of [a, b]) {
      expect(
        await page.evaluate(() => kit.heard.filter(({ type }) => type === 'statechange').map(({ what }) => what)),
      ).not.toContain('reconnecting');
      expect(await page.evaluate(() => kit.heard.filter(({ type }) => type === 'peerchange').map(({ what }) => what))).toEqual([
        'joined',
      ]);
    }
  }

  it('junk is dropped with a warning', async () => {
    await stranger.evaluate(() => {
      const { bus } = kit.note as { bus: BroadcastChannel };
      const deep: Record<string, unknown> = {};
      deep['self'] = deep;
      const junk: unknown[] = [
        null,
        0,
        '',
        '{',
        'x'.repeat(600_000),
        [],
        {},
        deep,
        new ArrayBuffer(8),
        { v: 1 },
        { v: 2, kind: 'hello' },
      ];
      junk.push({ v: 1, from: 'x', me: 'y', epoch: 1, kind: 'offer', id: 'z', sdp: 'v=0', media: { __proto__: 'on' }, mids: {} });
      junk.push('{"v":1,"from":"x","me":"y","epoch":1,"kind":"media","media":{"__proto__":"on","constructor":"muted"}}');
      junk.push(
        { v: 1, from: 'x', me: 'y', epoch: -1, kind: 'hello' },
        { v: 1, from: 'x', me: 'y', epoch: 1e300, kind: 'hello' },
      );
      for (const message of junk) bus.postMessage(message);
    });
    for (const page of [a, b]) {
      await page.waitForFunction(
        () => kit.count('warning', 'signaling-message') > 0 && kit.count('warning', 'signaling-version') > 0,
      );
    }
    await undisturbed();
  });

  it('everything that was ever said is said again, after later exchanges', async () => {
    await publish(a, 'one');
    await arrives(b, 'one');
    await publish(b, 'two');
    await arrives(a, 'two');
    const replayed = await stranger.evaluate(() => {
      const { bus, overheard } = kit.note as { bus: BroadcastChannel; overheard: unknown[] };
      const all = [...overheard];
      for (const message of all) bus.postMessage(message);
      for (const message of all.toReversed()) bus.postMessage(message);
      return all.length;
    });
    expect(replayed).toBeGreaterThan(5);
    await undisturbed();
  });

  it('messages under the names of the pair, but of instances that are not theirs, are not obeyed', async () => {
    await stranger.evaluate(() => {
      interface Overheard {
        readonly from: string;
        readonly to?: string;
        readonly me: string;
        readonly you?: string;
        readonly epoch: number;
      }
      const { bus, overheard } = kit.note as { bus: BroadcastChannel; overheard: Overheard[] };
      const pairs = overheard.filter((message) => message.you !== undefined);
      const media = { ghost: 'on' };
      const kinds = [
        { kind: 'bye', reason: 'forged' },
        { kind: 'offer', id: 'forged', sdp: 'v=0', mids: {}, media },
        { kind: 'answer', id: 'forged', answers: 'forged', sdp: 'v=0', media },
        { kind: 'candidates', of: 'forged', candidates: [] },
        { kind: 'want' },
        { kind: 'grant' },
        { kind: 'media', media },
        { kind: 'state', sent: 1000, reply: true },
      ];
      for (const { from, to, epoch } of pairs) {
        for (const body of kinds) {
          for (const seq of [0, 1, 2, 3, 50]) {
            bus.postMessage({ v: 1, from, to, me: 'forged', epoch, seq, ack: 1000, ...body });
            bus.postMessage({ v: 1, from, to, me: 'forged', you: 'forged', epoch: epoch + 5, seq, ack: 1000, ...body });
          }
        }
      }
    });
    await undisturbed();
    for (const page of [a, b]) expect(await page.evaluate(() => kit.session.remote.get('ghost'))).toBeUndefined();
  });

  it('a third session is refused and told so; the pair does not notice', async () => {
    const third = stranger.evaluate(
      (name) =>
        kit
          .open({ room: name, timeouts: { peerMs: 20_000 } })
          .start()
          .catch((error: { code: string }) => error.code),
      room,
    );
    await stranger.waitForFunction(() => kit.count('warning', 'peer-busy') > 0);
    await undisturbed();
    expect(await stranger.evaluate(() => kit.session.remotePeerId)).toBeNull();
    await stranger.evaluate(() => kit.session.close());
    expect(await third).toBe('closed');
  });
});
