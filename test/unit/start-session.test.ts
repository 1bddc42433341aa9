import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/create-session.js';
import { isSessionError, SessionError, type SessionErrorCode } from '../../src/errors.js';
import type { SessionOptions } from '../../src/session-options.js';
import type { SessionStatus } from '../../src/session-state.js';
import { createVirtualClock } from '../../src/testing/clock.js';
import { type FakePlatform, fakePlatform } from '../../src/testing/fake-platform.js';
import { createVirtualNetwork } from '../../src/testing/network/virtual-network.js';
import { sessionPair } from '../../src/testing/session-pair.js';
import { createTestBus } from '../../src/testing/test-bus.js';
import { NoMore } from './pair-words.js';

/** How a promise ended, and when by the virtual clock. */
interface Outcome {
  code: SessionErrorCode | 'resolved' | 'pending';
  atMs: number;
}

function watch(clock: { now(): number }, promise: Promise<void>): Outcome {
  const outcome: Outcome = { code: 'pending', atMs: -1 };
  const settle = (code: Outcome['code']): void => {
    outcome.code = code;
    outcome.atMs = clock.now();
  };
  promise.then(
    () => settle('resolved'),
    (error: unknown) => settle(isSessionError(error) ? error.code : 'pending'),
  );
  return outcome;
}

const refusing: SessionOptions['transport'] = {
  name: 'refusing',
  connect: () => Promise.reject(new SessionError('signaling-refused', 'no seat')),
};

/** One session with nobody on the other side. */
function alone(options: Partial<SessionOptions> = {}, alter: (platform: FakePlatform) => Partial<FakePlatform> = () => ({})) {
  const clock = createVirtualClock();
  const network = createVirtualNetwork({ clock });
  const bus = createTestBus({ clock });
  const platform = fakePlatform({ clock, network });
  const session = createSession({
    transport: bus.transport,
    peerId: 'alice',
    ...options,
    platform: { ...platform, ...alter(platform) },
  });
  return { clock, bus, platform, session };
}

/** Nothing of a session that is over is left in its page. */
function expectNothingLeft({ census }: FakePlatform): void {
  const { connections, liveTracks, listeners, timers, pageListeners } = census;
  expect([connections.length, liveTracks, listeners, timers, pageListeners]).toEqual([0, 0, 0, 0, 0]);
}

describe('the time limits of start()', () => {
  it.each<
    [
      name: string,
      timeouts: SessionOptions['timeouts'],
      before: 'nothing' | 'user looks away' | 'no server',
      code: string,
      atMs: number,
    ]
  >([
    ['fetchingMs', { fetchingMs: 3000 }, 'user looks away', 'media-failed', 3000],
    ['fetchingMs, by default', {}, 'user looks away', 'media-failed', 60_000],
    ['signalingMs', { signalingMs: 2000 }, 'no server', 'signaling-open', 2000],
    ['signalingMs, by default', {}, 'no server', 'signaling-open', 15_000],
    ['peerMs', { peerMs: 4000 }, 'nothing', 'peer-timeout', 4000],
    ['peerMs, by default', {}, 'nothing', 'peer-timeout', 60_000],
    ['peerMs, where it is the shorter one', { peerMs: 500, signalingMs: 2000 }, 'no server', 'signaling-open', 500],
  ])('%s', async (_, timeouts, before, code, atMs) => {
    const media = before === 'user looks away' ? { media: { video: true } } : {};
    const { clock, bus, platform, session } = alone({ timeouts: timeouts ?? {}, ...media });
    if (before === 'user looks away') platform.mediaDevices.answers.camera = 'ignore';
    if (before === 'no server') bus.cut();
    const outcome = watch(clock, session.start());
    await clock.advance(atMs - 1);
    expect(outcome.code).toBe('pending');
    await clock.advance(1);
    expect(outcome).toEqual({ code, atMs });
    expect(session.state).toMatchObject({ status: 'failed', error: { code } });
    await clock.advance(0);
    expectNothingLeft(platform);
  });

  it('the cause of signaling-open is what the transport said last', async () => {
    const { clock, bus, session } = alone({ timeouts: { signalingMs: 1000 } });
    bus.cut();
    const start = session.start();
    await expect(clock.until(start)).rejects.toMatchObject({ cause: { message: 'The carrier is down.' } });
  });

  it('connectingMs: somebody says hello and nothing more -> connection-timeout', async () => {
    const { clock, bus, session } = alone({ timeouts: { connectingMs: 5000, peerMs: 1000 } });
    const outcome = watch(clock, session.start());
    await clock.advance(500);
    bus.inject({ v: 1, from: 'zoe', me: 'z'.repeat(32), epoch: 1, kind: 'hello' }, 'alice');
    await clock.advance(4999);
    // The other limits are met: peerMs counts until somebody is there.
    expect(outcome.code).toBe('pending');
    await clock.advance(10);
    expect(outcome.code).toBe('connection-timeout');
  });

  it('connectingMs: both descriptions are there, no packet comes through -> ice-failed', async () => {
    const pair = sessionPair({ alice: { timeouts: { connectingMs: 3000 } } });
    pair.alice.host.faults.loss = 1;
    const [alice, bob] = [pair.alice, pair.bob].map(({ session }) => watch(pair.clock, session.start()));
    await pair.clock.advance(2999);
    expect([alice?.code, bob?.code]).toEqual(['pending', 'pending']);
    await pair.clock.advance(100);
    // The goodbye of one ends the other, which has evidence of its own.
    expect([alice?.code, bob?.code]).toEqual(['ice-failed', 'ice-failed']);
  });

  it('connectingMs counts from the arrival of the peer, not from start()', async () => {
    const pair = sessionPair({ both: { timeouts: { connectingMs: 2000, peerMs: 30_000 } } });
    const alice = watch(pair.clock, pair.alice.session.start());
    await pair.clock.advance(20_000);
    await pair.clock.until(pair.bob.session.start());
    await pair.clock.advance(10);
    expect(alice.code).toBe('resolved');
  });

  it('no limit strikes after the session was connected once', async () => {
    const pair = sessionPair({ both: { timeouts: { fetchingMs: 5000, signalingMs: 5000, peerMs: 5000, connectingMs: 5000 } } });
    await pair.start();
    pair.alice.host.faults.loss = 1;
    await pair.clock.advance(20_000);
    expect(pair.alice.session.state.status).toBe('reconnecting');
    await pair.close();
  });

  it('Infinity switches a limit off', async () => {
    const { clock, session } = alone({ timeouts: { peerMs: Number.POSITIVE_INFINITY } });
    const outcome = watch(clock, session.start());
    await clock.advance(10 * 60_000);
    expect(outcome.code).toBe('pending');
    await session.close();
  });
});

describe('start() that cannot succeed', () => {
  it.each<
    [name: string, code: string, status: SessionStatus, options: Partial<SessionOptions>, alter?: (p: FakePlatform) => object]
  >([
    ['no RTCPeerConnection', 'unsupported', 'failed', {}, () => ({ PeerConnection: undefined })],
    ['the browser makes no more connections', 'unsupported', 'failed', {}, () => ({ PeerConnection: NoMore })],
    ['no devices on a secure page', 'unsupported', 'failed', { media: { video: true } }, () => ({ mediaDevices: undefined })],
    [
      'an insecure page',
      'media-insecure',
      'failed',
      { media: { audio: true } },
      () => ({ mediaDevices: undefined, secure: false }),
    ],
    [
      'the user says no',
      'media-denied',
      'failed',
      { media: { video: true } },
      (platform) => {
        platform.mediaDevices.answers.camera = 'deny';
        return {};
      },
    ],
    ['iceServers() rejects', 'ice-servers-failed', 'failed', { iceServers: () => Promise.reject(new Error('503')) }],
    ['relay only and no TURN', 'ice-failed', 'failed', { iceTransportPolicy: 'relay', iceServers: [{ urls: 'stun:a.test' }] }],
    ['the transport refuses for good', 'signaling-refused', 'failed', { transport: refusing }],
  ])('%s -> %s', async (_, code, status, options, alter) => {
    const { clock, platform, session } = alone(options, alter);
    const outcome = watch(clock, session.start());
    await clock.advance(10_000);
    expect(outcome.code).toBe(code);
    expect(session.state).toMatchObject({ status, error: { code } });
    expectNothingLeft(platform);
  });

  it('a second start() is refused, and the first goes on', async () => {
    const pair = sessionPair();
    const first = pair.start();
    await expect(pair.alice.session.start()).rejects.toMatchObject({ code: 'invalid-state' });
    await first;
    expect(pair.alice.session.state.status).toBe('connected');
    await pair.close();
  });
});

describe('start({ signal })', () => {
  it.each<[stage: SessionStatus, abortMs: number, options: Partial<SessionOptions>]>([
    ['fetching', 100, { media: { video: true } }],
    ['signaling', 5000, {}],
  ])('aborted while %s', async (stage, abortMs, options) => {
    const { clock, platform, session } = alone(options);
    const abort = new AbortController();
    const outcome = watch(clock, session.start({ signal: abort.signal }));
    await clock.advance(abortMs);
    expect(session.state.status).toBe(stage);
    abort.abort();
    await clock.advance(2000);
    expect(outcome).toEqual({ code: 'aborted', atMs: abortMs });
    expect(session.state).toEqual({ status: 'closed', by: 'local', reason: 'aborted' });
    // The camera that comes after the abort is stopped.
    expectNothingLeft(platform);
  });

  it('aborted while connecting: the other side hears the reason', async () => {
    const pair = sessionPair();
    pair.alice.host.faults.loss = 1;
    const abort = new AbortController();
    const alice = watch(pair.clock, pair.alice.session.start({ signal: abort.signal }));
    const bob = watch(pair.clock, pair.bob.session.start());
    await pair.clock.advance(500);
    expect(pair.alice.session.state.status).toBe('connecting');
    abort.abort();
    await pair.clock.advance(100);
    expect([alice.code, bob.code]).toEqual(['aborted', 'closed']);
    expect(pair.bob.session.state).toEqual({ status: 'closed', by: 'remote', reason: 'aborted' });
    expectNothingLeft(pair.alice.platform);
    expectNothingLeft(pair.bob.platform);
  });

  it('aborted after it resolved: nothing happens', async () => {
    const pair = sessionPair();
    const abort = new AbortController();
    void pair.bob.session.start();
    await pair.clock.until(pair.alice.session.start({ signal: abort.signal }));
    abort.abort();
    await pair.clock.advance(1000);
    expect(pair.alice.session.state.status).toBe('connected');
    await pair.close();
  });
});

describe('close() during start()', () => {
  it.each([0, 1, 10, 100, 520, 2000])('after %i ms: start() rejects, and nothing is left', async (ms) => {
    const { clock, platform, session } = alone({ media: { audio: true, video: true } });
    const outcome = watch(clock, session.start());
    await clock.advance(ms);
    await session.close();
    await clock.advance(2000);
    expect(outcome.code).toBe('closed');
    expectNothingLeft(platform);
  });
});
