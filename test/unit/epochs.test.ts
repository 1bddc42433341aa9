import { describe, expect, it } from 'vitest';
import type { SessionError } from '../../src/errors.js';
import { type PairSide, sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';
import { statusesOf, untilStatus, warningsOf } from './pair-words.js';

const ufragOf = ({ session }: PairSide): string | undefined =>
  /a=ice-ufrag:(\S+)/.exec(session.connection?.localDescription?.sdp ?? '')?.[1];
const made = (side: PairSide): number => side.platform.census.made;

/** Makes every description that comes to this side a bad one, as long as `broken.is`. */
function breakDescriptions({ platform }: PairSide): { is: boolean } {
  const broken = { is: true };
  const { prototype } = platform.PeerConnection;
  const { setRemoteDescription } = prototype;
  prototype.setRemoteDescription = function set(...given: Parameters<typeof setRemoteDescription>) {
    return broken.is ? Promise.reject(new DOMException('no', 'OperationError')) : setRemoteDescription.apply(this, given);
  };
  return broken;
}

describe('before the first connection stands', () => {
  it('a description that is refused once: tried again with another connection', async () => {
    const pair = sessionPair();
    const broken = breakDescriptions(pair.alice);
    const starts = Promise.all([pair.alice.session.start(), pair.bob.session.start()]);
    await pair.clock.until(pair.alice.log.waitFor('warning'));
    broken.is = false;
    await pair.clock.until(starts, 20_000);
    expect(warningsOf(pair.alice)).toEqual(['negotiation-failed']);
    expect(statusesOf(pair.alice)).not.toContain('reconnecting');
    await pair.close();
  });

  it('refused each time: negotiation-failed, with the cause in the warnings', async () => {
    const pair = sessionPair();
    breakDescriptions(pair.alice);
    void pair.bob.session.start().catch(() => {});
    await expect(pair.clock.until(pair.alice.session.start(), 60_000)).rejects.toMatchObject({ code: 'negotiation-failed' });
    const [first] = pair.alice.log.events.flatMap(({ type, event }) => (type === 'warning' ? [event.error] : []));
    expect(first).toMatchObject({ code: 'negotiation-failed', cause: { name: 'OperationError' } });
    expect(pair.alice.platform.census.connections.length).toBe(0);
  });

  it('no path: ice-failed after another try; the other side hears of it', async () => {
    // Two networks and no server: not one pair. Firefox fails after 5 s; Chromium would wait until the time limit of start().
    const timeouts = { connectingMs: Number.POSITIVE_INFINITY };
    const pair = sessionPair({ personality: 'firefox', behind: ['cone', 'cone'], both: { timeouts } });
    const ends = [pair.alice, pair.bob].map(({ session }) => session.start().then(String, ({ code }: SessionError) => code));
    expect((await pair.clock.until(Promise.all(ends), 120_000)).sort()).toEqual(['ice-failed', 'ice-failed']);
    expect(made(pair.alice)).toBeGreaterThan(1);
    expect(pair.alice.platform.census.connections.length).toBe(0);
  });
});

describe('after it stood', () => {
  const short = ['ice-failure'] as const;
  const long = ['ice-failure', 'signaling-loss'] as const;
  it.each([
    [
      'a short outage of the path alone: with a plain channel the same connection, which keeps what is on its way',
      short,
      0,
      {},
      true,
    ],
    ['a short outage of the path alone: without one a new connection', short, 0, { resume: true }, false],
    ['silent for some seconds, signaling too: with a plain channel the same connection', long, 2_000, {}, true],
    [
      'silent for some seconds, signaling too: without one a new one, though the path is back',
      long,
      2_000,
      { resume: true },
      false,
    ],
  ] as const)('%s', async (_, incidents, longerMs, options, same) => {
    const pair = sessionPair();
    for (const { session } of [pair.alice, pair.bob]) session.channel('chat', options);
    await pair.start();
    const { connection } = pair.alice.session;
    const heal = incidents.map((incident) => simulate(pair.alice, incident));
    await untilStatus(pair.alice, 'reconnecting');
    await pair.clock.advance(longerMs);
    for (const back of heal) back();
    await pair.clock.advance(5000);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    expect(pair.alice.session.connection === connection).toBe(same);
    await pair.close();
  });

  it('silent for some seconds, and signaling stays away: the old path is used again', async () => {
    const pair = sessionPair();
    await pair.start();
    const { connection } = pair.alice.session;
    const heal = simulate(pair.alice, 'ice-failure');
    simulate(pair.alice, 'signaling-loss');
    await untilStatus(pair.alice, 'reconnecting');
    await pair.clock.advance(2_000);
    heal();
    await pair.clock.advance(8_000);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    expect(pair.alice.session.connection).toBe(connection);
    await pair.close();
  });

  it.each([8, 15, 30, 60, 100])(
    'an outage of %i s of everything: back soon after it ends, one connection each',
    async (seconds) => {
      const pair = sessionPair();
      await pair.start();
      const heal = simulate(pair.bob, 'network-down');
      await pair.clock.advance(seconds * 1000);
      expect(pair.alice.session.state.status).toBe('reconnecting');
      heal();
      await pair.clock.advance(5000);
      expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
      expect([pair.alice.platform.census.connections.length, pair.bob.platform.census.connections.length]).toEqual([1, 1]);
      await pair.close();
    },
  );

  it('an outage without end: connection-lost, with the diagnosis as cause', async () => {
    const pair = sessionPair();
    await pair.start();
    simulate(pair.alice, 'network-down');
    await pair.clock.advance(150_000);
    const failed = { status: 'failed', error: { code: 'connection-lost', cause: { code: 'ice-failed' } } };
    expect(pair.alice.session.state).toMatchObject(failed);
    expect(pair.bob.session.state).toMatchObject(failed);
    for (const { census } of [pair.alice.platform, pair.bob.platform]) {
      expect([census.connections.length, census.timers, census.pageListeners]).toEqual([0, 0, 0]);
    }
  });

  it('another address: the path is found again', async () => {
    const pair = sessionPair({ behind: ['cone', 'cone'], both: { iceServers: [{ urls: 'stun:stun.test' }] } });
    pair.network.iceServer({ name: 'stun.test' });
    await pair.start();
    simulate(pair.bob, 'address-change');
    await pair.clock.advance(10_000);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    await pair.close();
  });

  it('restart(): new credentials of ICE on both sides, the same connection, nothing is interrupted', async () => {
    const pair = sessionPair();
    await pair.start();
    const before = [ufragOf(pair.alice), ufragOf(pair.bob)];
    const { connection } = pair.alice.session;
    pair.alice.session.restart();
    await pair.clock.advance(3000);
    const after = [ufragOf(pair.alice), ufragOf(pair.bob)];
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(pair.alice.session.connection).toBe(connection);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    await pair.close();
  });

  it('restart() before there is anything to restart does nothing', async () => {
    const pair = sessionPair();
    pair.alice.session.restart();
    await pair.start();
    expect(statusesOf(pair.alice)).toEqual(['signaling', 'connecting', 'connected']);
    await pair.close();
  });
});

describe('credentials of TURN that end', () => {
  it('are fetched anew ahead of that, and a relayed path moves to a new allocation', async () => {
    const turn = { urls: 'turn:turn.test', username: 'user', credential: 'secret' };
    const asked: string[] = [];
    const wall: { now(): number }[] = [];
    const iceServers = ({ reason }: { reason: string }) => {
      asked.push(reason);
      return Promise.resolve({ iceServers: [turn], expiresAt: (wall[0]?.now() ?? 0) + 60_000 });
    };
    const pair = sessionPair({ behind: ['symmetric', 'symmetric'], alice: { iceServers }, bob: { iceServers: [turn] } });
    wall.push({ now: () => pair.alice.platform.wall() });
    pair.network.iceServer({ name: 'turn.test', username: 'user', credential: 'secret' });
    await pair.start();
    await pair.clock.advance(1000);
    expect(pair.alice.session.route?.kind).toBe('relay');
    const before = ufragOf(pair.alice);
    await pair.clock.advance(50_000);
    expect(asked).toEqual(['start', 'refresh']);
    expect(ufragOf(pair.alice)).not.toBe(before);
    expect(statusesOf(pair.alice)).toEqual(['signaling', 'connecting', 'connected']);
    await pair.close();
  });

  it.each([
    ['chromium', 'one restart serves both', 1],
    ['firefox', 'none is made, its relayed path would not survive it', 0],
  ] as const)('of both sides at once, %s: %s', async (personality, _, restarts) => {
    const turn = { urls: 'turn:turn.test', username: 'user', credential: 'secret' };
    let now = (): number => 0;
    const iceServers = () => Promise.resolve({ iceServers: [turn], expiresAt: now() + 20_000 });
    const pair = sessionPair({ personality, behind: ['symmetric', 'symmetric'], both: { iceServers } });
    now = () => pair.alice.platform.wall();
    pair.network.iceServer({ name: 'turn.test', username: 'user', credential: 'secret' });
    await pair.start();
    const offers = (): number =>
      [pair.alice, pair.bob].flatMap(({ session }) => session.timeline.filter(({ what }) => what === 'offer sent')).length;
    await pair.clock.advance(12_000);
    const [before, ufrags] = [offers(), [ufragOf(pair.alice), ufragOf(pair.bob)]];
    await pair.clock.advance(10_000);
    expect(offers() - before).toBe(restarts);
    expect(ufragOf(pair.alice) !== ufrags[0]).toBe(restarts > 0);
    expect(ufragOf(pair.bob) !== ufrags[1]).toBe(restarts > 0);
    const known = ({ session }: typeof pair.alice): unknown => session.connection?.getConfiguration().iceServers;
    expect([known(pair.alice), known(pair.bob)]).toEqual([[{ ...turn, urls: [turn.urls] }], [{ ...turn, urls: [turn.urls] }]]);
    await pair.close();
  });
});

describe('the route', () => {
  it.each(['chromium', 'strict'] as const)('is known when start() resolves, %s', async (personality) => {
    const pair = sessionPair({ personality });
    await pair.start();
    expect(pair.alice.session.route?.kind).toBe('host');
    await pair.close();
  });
});
