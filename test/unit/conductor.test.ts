import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/testing/clock.js';
import { sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';
import { bringsOffer, changesOf, statusesOf, third, untilStatus, warningsOf } from './pair-words.js';

describe('who begins', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'both start at once, seed %i: one call, no rollback',
    async (seed) => {
      const pair = sessionPair({ seed, faults: { delayMs: [50, 50] } });
      await pair.start();
      const { alice, bob, bus } = pair;
      expect([statusesOf(alice), statusesOf(bob)]).toEqual([
        ['signaling', 'connecting', 'connected'],
        ['signaling', 'connecting', 'connected'],
      ]);
      // The larger instance id gives its connection up and answers from a fresh one.
      const ids = Object.fromEntries(bus.sent.map(({ from, message }) => [from, message.me])) as Record<string, string>;
      const [small, large] = (ids['alice'] as string) < (ids['bob'] as string) ? [alice, bob] : [bob, alice];
      expect([small.platform.census.made, large.platform.census.made]).toEqual([1, 2]);
      expect(new Set(bus.sent.flatMap(({ message }) => (message.kind === 'answer' ? [message.id] : []))).size).toBe(1);
      expect([changesOf(alice), changesOf(bob)]).toEqual([['bob joined'], ['alice joined']]);
      await pair.close();
    },
  );

  it.each([
    { presence: true, words: 2 },
    { presence: false, words: 3 },
  ])('a late joiner, presence $presence: described after $words ways through signaling', async ({ presence, words }) => {
    const wayMs = 100;
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const pair = sessionPair({ seed, presence, faults: { delayMs: [wayMs, wayMs] } });
      void pair.alice.session.start().catch(() => {});
      await pair.clock.advance(20_000);
      const startedMs = pair.clock.now();
      void pair.bob.session.start();
      const at: number[] = [];
      for (const { session } of [pair.alice, pair.bob]) {
        session.on('statechange', ({ state }) => state.status === 'connecting' && at.push(pair.clock.now()));
      }
      await pair.clock.advance(1000);
      expect(at.length).toBe(2);
      // A few ms for opening the channel and for the browser's work.
      expect(Math.max(...at) - startedMs).toBeLessThan(words * wayMs + 60);
      await pair.close();
    }
  });

  it('with presence, who waits alone makes no offer; the newcomer does', async () => {
    const pair = sessionPair({ presence: true });
    void pair.alice.session.start().catch(() => {});
    await pair.clock.advance(5000);
    expect(pair.bus.sent).toEqual([]);
    await pair.clock.until(pair.bob.session.start());
    expect(new Set(pair.bus.sent.filter(bringsOffer).map(({ from }) => from))).toEqual(new Set(['bob']));
    // Alice's first had an offer, made while the channel opened: nobody was there to hear it.
    expect([pair.alice.platform.census.made, pair.bob.platform.census.made]).toEqual([2, 1]);
    expect(pair.alice.platform.census.connections).toHaveLength(1);
    await pair.close();
  });

  it('a newcomer that stays silent is called', async () => {
    const pair = sessionPair({ presence: true });
    void pair.alice.session.start().catch(() => {});
    await pair.clock.advance(5000);
    // Present, but its page does not speak: it still asks for its camera, say.
    const silent: unknown[] = [];
    await pair.clock.until(
      pair.bus.transport.connect({
        peerId: 'dave',
        signal: new AbortController().signal,
        receive: (data) => silent.push(JSON.parse(data as string)),
        peers: () => {},
        lost: () => {},
      }) as Promise<unknown>,
    );
    await pair.clock.advance(1000);
    expect(silent).toContainEqual(expect.objectContaining({ kind: 'hello', offer: expect.anything() }));
    await pair.close();
  });

  it('one side is not ready for long: the offer of the other waits, and is answered', async () => {
    const clock = createVirtualClock();
    const iceServers = () => new Promise<RTCIceServer[]>((resolve) => clock.timer(() => resolve([]), 8000));
    const pair = sessionPair({ clock, bob: { iceServers } });
    const starts = Promise.all([pair.alice.session.start(), pair.bob.session.start()]);
    await clock.advance(7900);
    expect(pair.bus.sent.filter(({ message }) => message.kind === 'answer')).toEqual([]);
    await clock.until(starts);
    // Its own offer was never needed.
    expect(pair.bus.sent.filter(bringsOffer).map(({ from }) => from)).not.toContain('bob');
    expect(clock.now()).toBeLessThan(8200);
    await pair.close();
  });
});

describe('goodbye', () => {
  it.each([
    ['closed', undefined, 'closed'],
    ["the app's own word", 'dinner', 'dinner'],
    ['a word of the protocol', 'unload', 'closed'],
    ['another word of the protocol', 'busy', 'closed'],
    ['no word', '', 'closed'],
    ['a long word', 'x'.repeat(200), 'x'.repeat(128)],
  ])('%s', async (_, reason, heard) => {
    const pair = sessionPair();
    await pair.start();
    await pair.alice.session.close(reason);
    await pair.clock.advance(50);
    expect(pair.alice.session.state).toEqual({ status: 'closed', by: 'local', reason: heard });
    expect(pair.bob.session.state).toEqual({ status: 'closed', by: 'remote', reason: heard });
    expect(pair.bus.channels).toBe(0);
  });

  it.each(['signaling', 'path'] as const)('is heard where only the %s works', async (way) => {
    const pair = sessionPair();
    await pair.start();
    // DTLS proves the path; the channel on which a goodbye goes opens a moment later.
    await pair.clock.advance(100);
    if (way === 'path') pair.bus.cut();
    else pair.alice.host.faults.loss = 1;
    await pair.alice.session.close('dinner');
    await pair.clock.advance(1000);
    expect(pair.bob.session.state).toEqual({ status: 'closed', by: 'remote', reason: 'dinner' });
  });

  it('both close at once', async () => {
    const pair = sessionPair();
    await pair.start();
    await pair.close();
    expect(pair.alice.session.state).toMatchObject({ status: 'closed', by: 'local' });
    expect(pair.bob.session.state).toMatchObject({ status: 'closed', by: 'local' });
    expect([pair.alice.platform.census.timers, pair.bob.platform.census.timers]).toEqual([0, 0]);
  });
});

describe('the page goes', () => {
  it('and comes back: same peer, channels and tracks anew', async () => {
    const pair = sessionPair({ both: { media: { video: true } } });
    await pair.start();
    const { alice } = pair;
    simulate(pair.bob, 'peer-reload');
    await untilStatus(alice, 'reconnecting');
    expect(alice.session.state).toMatchObject({ reason: 'peer-left' });
    expect(alice.session.remote.list()).toEqual([]);
    await pair.clock.advance(3000);
    expect([alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    expect(changesOf(alice)).toEqual(['bob joined', 'bob left', 'bob restarted']);
    expect(alice.session.remote.list().map(({ name }) => name)).toEqual(['camera']);
    expect(warningsOf(alice)).toEqual([]);
    await pair.close();
  });

  it('and does not come back: closed by the other side, "left", 15 s later', async () => {
    const pair = sessionPair();
    await pair.start();
    const leftMs = pair.clock.now();
    simulate(pair.bob, 'peer-leave');
    await untilStatus(pair.alice, 'closed');
    expect(pair.alice.session.state).toEqual({ status: 'closed', by: 'remote', reason: 'left' });
    expect((pair.clock.now() - leftMs) / 1000).toBeCloseTo(15, 0);
  });

  it('before anything was connected: the other waits on', async () => {
    const pair = sessionPair();
    pair.alice.host.faults.loss = 1;
    const start = pair.alice.session.start();
    void pair.bob.session.start().catch(() => {});
    await pair.clock.advance(300);
    pair.alice.host.faults.loss = 0;
    simulate(pair.bob, 'peer-reload');
    await pair.clock.until(start);
    await untilStatus(pair.bob, 'connected');
    expect(statusesOf(pair.alice)).not.toContain('reconnecting');
    await pair.close();
  });

  it('by a crash, without a word: silence tells, and the next instance is taken', async () => {
    const pair = sessionPair();
    await pair.start();
    simulate(pair.bob, 'peer-crash');
    await untilStatus(pair.alice, 'reconnecting');
    await pair.clock.until(pair.bob.reload().start());
    await pair.clock.advance(100);
    expect(pair.alice.session.state.status).toBe('connected');
    expect(changesOf(pair.alice)).toEqual(['bob joined', 'bob restarted']);
    await pair.close();
  });

  it('and comes back under another peer id: taken, since the place is vacant', async () => {
    const pair = sessionPair();
    await pair.start();
    simulate(pair.bob, 'peer-leave');
    await pair.clock.advance(1000);
    const carol = third(pair);
    await pair.clock.until(carol.start());
    // Each side is connected by its own evidence, and carol has hers first.
    await pair.clock.advance(100);
    expect(pair.alice.session.remotePeerId).toBe('carol');
    expect(pair.alice.session.state.status).toBe('connected');
    await carol.close();
    await pair.close();
  });

  it('both reload at once', async () => {
    const pair = sessionPair();
    await pair.start();
    simulate(pair.alice, 'peer-reload');
    simulate(pair.bob, 'peer-reload');
    await pair.clock.advance(5000);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    await pair.close();
  });
});
