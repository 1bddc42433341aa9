import type { SignalingContext } from 'peer-session';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { freshPages } from './fresh-pages.js';
import type { Wish } from './session-page.js';
import { engines, freshRoom, reaches, visit } from './stage.js';

const SLOW_LEAVE = { timeouts: { peerMs: 30_000 } };

describe.each(engines)('coming and going in $name', ({ name: engine, launch }) => {
  let a: Page;
  let b: Page;

  freshPages(launch, async (open) => {
    a = await open();
    b = await open();
  });

  const start = (page: Page, wish: Wish): Promise<void> =>
    page.evaluate((given) => kit.open(given).start(), { ...SLOW_LEAVE, ...wish });
  const flows = (page: Page): Promise<void> => page.evaluate(() => kit.flows({ video: true, audio: true }));
  const warnings = (page: Page): Promise<string[]> =>
    page.evaluate(() => kit.heard.filter(({ type }) => type === 'warning').map(({ what }) => what));
  const sendNumbers = (page: Page, channel: string, from: number, count: number): Promise<void> =>
    page.evaluate(
      ([name, first, n]) => {
        for (let i = first; i < first + n; i++) void kit.channel(name).send(String(i));
      },
      [channel, from, count] as const,
    );
  const gotAll = (page: Page, channel: string, count: number): Promise<unknown> =>
    page.waitForFunction(([name, n]) => (kit.got[name]?.length ?? 0) >= n, [channel, count] as const);

  it.each(['another peer id', 'the same peer id'])('one page is reloaded and comes back under %s', async (which) => {
    const room = freshRoom();
    const media = { audio: true, video: true };
    const id = which === 'the same peer id' ? { peerId: 'bob' } : {};
    await Promise.all([start(a, { room, media }), start(b, { room, media, ...id })]);
    await flows(a);
    await visit(b, b.url());
    await Promise.all([start(b, { room, media, ...id }), a.waitForFunction(() => kit.count('peerchange', 'restarted') > 0)]);
    await reaches(a, 'connected');
    await Promise.all([flows(a), flows(b)]);
  });

  it('both pages are reloaded at once', async () => {
    const room = freshRoom();
    const media = { audio: true, video: true };
    const both = (): Promise<unknown> =>
      Promise.all([start(a, { room, media, peerId: 'alice' }), start(b, { room, media, peerId: 'bob' })]);
    await both();
    await Promise.all([visit(a, a.url()), visit(b, b.url())]);
    await both();
    await Promise.all([flows(a), flows(b)]);
  });

  it('closing a tab is seen by the other in less than a second, and ends its session when nobody comes back', async () => {
    const room = freshRoom();
    await Promise.all([start(a, { room }), start(b, { room })]);
    const closedAt = Date.now();
    await b.close({ runBeforeUnload: false });
    await a.waitForFunction(() => kit.session.state.status !== 'connected');
    const seenAt = await a.evaluate(() => kit.heard.findLast(({ type }) => type === 'statechange')?.at ?? 0);
    expect(seenAt - closedAt).toBeLessThan(1000);
    await reaches(a, 'closed');
    expect(await a.evaluate(() => kit.session.state)).toEqual({ status: 'closed', by: 'remote', reason: 'left' });
  });

  it('close() tells the other side why', async () => {
    const room = freshRoom();
    await Promise.all([start(a, { room }), start(b, { room })]);
    await a.evaluate(() => kit.session.close('had enough'));
    await reaches(b, 'closed');
    expect(await b.evaluate(() => kit.session.state)).toEqual({ status: 'closed', by: 'remote', reason: 'had enough' });
    expect(await a.evaluate(() => kit.session.state)).toEqual({ status: 'closed', by: 'local', reason: 'had enough' });
  });

  it('the connection is killed under a resuming channel: nothing is lost, the order is kept', async () => {
    const room = freshRoom();
    await Promise.all([start(a, { room }), start(b, { room })]);
    for (const page of [a, b]) await page.evaluate(() => kit.channel('numbers', { resume: true }).opened);
    await sendNumbers(a, 'numbers', 0, 500);
    await b.evaluate(() => kit.session.connection?.close());
    await sendNumbers(a, 'numbers', 500, 500);
    await a.waitForFunction(() => kit.count('statechange', 'reconnecting') > 0 && kit.session.state.status === 'connected');
    await sendNumbers(a, 'numbers', 1000, 500);
    await gotAll(b, 'numbers', 1500);
    await a.evaluate(() => kit.session.connection?.close());
    await b.waitForFunction(() => kit.count('statechange', 'reconnecting') > 1 && kit.session.state.status === 'connected');
    await sendNumbers(a, 'numbers', 1500, 500);
    await gotAll(b, 'numbers', 2000);
    expect(await b.evaluate(() => kit.got['numbers'])).toEqual(Array.from({ length: 2000 }, (_, i) => String(i)));
    expect(await warnings(a)).not.toContain('messages-lost');
  });

  it('the connection is killed under a plain channel: what was lost is reported', async () => {
    const room = freshRoom();
    await Promise.all([start(a, { room }), start(b, { room })]);
    for (const page of [a, b]) await page.evaluate(() => kit.channel('plain').opened);
    await a.evaluate(() => {
      for (let i = 0; i < 20; i++) void kit.channel('plain').send('x'.repeat(50_000));
      kit.session.connection?.close();
    });
    await b.waitForFunction(() => kit.count('statechange', 'reconnecting') > 0 && kit.session.state.status === 'connected');
    await a.evaluate(() => kit.channel('plain').send('after'));
    await b.waitForFunction(() => kit.got['plain']?.at(-1) === 'after');
    // How many got through before the end is SCTP's affair; that each of the others is reported is ours.
    const arrived = await b.evaluate(() => (kit.got['plain']?.length ?? 0) - 1);
    await a.waitForFunction((missing) => kit.lost === missing, 20 - arrived);
  });

  it('what the app has set on a sender is set on the new connection, whichever side lost the old one', async () => {
    const room = freshRoom();
    await Promise.all([start(a, { room, media: { audio: true, video: true } }), start(b, { room })]);
    const set = await a.evaluate(async () => {
      const sender = kit.session.connection?.getSenders().find(({ track }) => track?.kind === 'video');
      const parameters = sender?.getParameters();
      for (const encoding of parameters?.encodings ?? [])
        Object.assign(encoding, { maxBitrate: 150_000, scaleResolutionDownBy: 2 });
      if (sender && parameters) await sender.setParameters(parameters);
      return sender?.getParameters().encodings;
    });
    expect(set).toMatchObject([{ active: true, maxBitrate: 150_000, scaleResolutionDownBy: 2 }]);
    for (const [round, loser] of [b, a].entries()) {
      await loser.evaluate(() => kit.session.connection?.close());
      await a.waitForFunction(
        (count) => kit.count('statechange', 'reconnecting') > count && kit.session.state.status === 'connected',
        round,
      );
      await a.waitForFunction(
        (wanted) =>
          kit.session.connection
            ?.getSenders()
            .some((sender) => sender.track?.kind === 'video' && JSON.stringify(sender.getParameters().encodings) === wanted),
        JSON.stringify(set),
      );
      await b.evaluate(() => kit.flows({ video: true }));
    }
  });

  it('start() that is aborted at any moment leaves nothing behind', async () => {
    const left = await a.evaluate(async (room) => {
      const results: string[] = [];
      for (const moment of ['fetching', 'signaling', 'connecting'] as const) {
        const abort = new AbortController();
        const media = { audio: true, video: true };
        const one = kit.open({ room: `${room}-${moment}`, media });
        const other = kit.createSession({ transport: kit.broadcastChannel(`${room}-${moment}`) });
        const connections = new Set<RTCPeerConnection>();
        one.on('statechange', ({ state }) => {
          if (one.connection) connections.add(one.connection);
          if (state.status === moment) queueMicrotask(() => abort.abort());
        });
        if (moment === 'connecting') void other.start().catch(() => {});
        const error: unknown = await one.start({ signal: abort.signal }).then(
          () => 'started',
          (cause: { code: string }) => cause.code,
        );
        await other.close();
        const live = [...connections].filter(({ signalingState }) => signalingState !== 'closed').length;
        results.push(
          `${moment}: ${error}, ${one.state.status}, ${live} connections, ${one.media.list().length} tracks, ${one.connection}`,
        );
      }
      return results;
    }, freshRoom());
    expect(left).toEqual(
      ['fetching', 'signaling', 'connecting'].map((moment) => `${moment}: aborted, closed, 0 connections, 0 tracks, null`),
    );
  });

  it.runIf(engine === 'Chromium')('100 calls, opened and closed, leave no connection alive', async () => {
    const live = await a.evaluate(async (room) => {
      const made: RTCPeerConnection[] = [];
      class Counted extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          made.push(this);
        }
      }
      for (let i = 0; i < 100; i++) {
        const transport = kit.memory(`${room}-${i}`);
        const platform = { PeerConnection: Counted };
        const [x, y] = [kit.createSession({ transport, platform }), kit.createSession({ transport, platform })];
        await Promise.all([x.start(), y.start()]);
        await Promise.all([x.close(), y.close()]);
      }
      return { made: made.length, live: made.filter(({ signalingState }) => signalingState !== 'closed').length };
    }, freshRoom());
    expect(live.made).toBeGreaterThanOrEqual(200);
    expect(live.live).toBe(0);
  });

  it.runIf(engine === 'Chromium')('connections that gave way are freed', async () => {
    const calls = 20;
    await a.evaluate(
      async ({ room, count }) => {
        const made: WeakRef<RTCPeerConnection>[] = [];
        class Counted extends RTCPeerConnection {
          constructor(configuration?: RTCConfiguration) {
            super(configuration);
            made.push(new WeakRef(this));
          }
        }
        const sessions: { close(): Promise<void> }[] = [];
        for (let i = 0; i < count; i++) {
          const bus = kit.memory(`${room}-${i}`);
          // Nobody tells who is there: both sides call, and one of the two offers gives way.
          const transport = { name: 'bus', connect: (context: SignalingContext) => bus.connect({ ...context, peers: () => {} }) };
          const platform = { PeerConnection: Counted };
          const pair = [kit.createSession({ transport, platform }), kit.createSession({ transport, platform })];
          await Promise.all(pair.map((session) => session.start()));
          sessions.push(...pair);
        }
        kit.note = {
          close: () => Promise.all(sessions.map((session) => session.close())),
          made: () => made.length,
          reachable: () => made.filter((one) => one.deref()).length,
          open: () => made.filter((one) => (one.deref()?.signalingState ?? 'closed') !== 'closed').length,
        };
      },
      { room: freshRoom(), count: calls },
    );
    const look = (what: string): Promise<number> =>
      a.evaluate((asked) => (kit.note as Record<string, () => number>)[asked]?.() ?? -1, what);
    await a.waitForFunction((count) => (kit.note as { open(): number }).open() === count, 2 * calls);
    const devtools = await a.context().newCDPSession(a);
    for (let round = 0; round < 4; round++) await devtools.send('HeapProfiler.collectGarbage');
    expect({ made: await look('made'), reachable: await look('reachable') }).toEqual({ made: 3 * calls, reachable: 2 * calls });
    await look('close');
  });
});
