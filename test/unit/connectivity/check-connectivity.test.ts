import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkConnectivity } from '../../../src/connectivity/check-connectivity.js';
import type { ConnectivityOptions } from '../../../src/connectivity/connectivity-options.js';
import type { ConnectivityProgress, ConnectivityReport } from '../../../src/connectivity/connectivity-report.js';
import { host, relay, srflx } from './candidate-lines.js';
import { type Director, type Script, scriptedPeerConnection } from './scripted-peer-connection.js';

const login = { username: 'alice', credential: 'wonder' };
const PUBLIC = '203.0.113.7';
const own = { line: host() };

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Runs a check to its end on a virtual clock. */
async function check(
  direct: Director,
  options: ConnectivityOptions = {},
): Promise<{ report: ConnectivityReport; tookMs: number }> {
  const { PeerConnection, built } = scriptedPeerConnection(direct);
  const began = performance.now();
  let tookMs = Number.NaN;
  const report = checkConnectivity({ platform: { PeerConnection, mediaDevices: undefined }, ...options }).finally(() => {
    tookMs = performance.now() - began;
  });
  await vi.runAllTimersAsync();
  expect(built.filter(({ closed }) => !closed)).toEqual([]);
  return { report: await report, tookMs };
}

const asks = ({ iceServers = [] }: RTCConfiguration): string[] => iceServers.flatMap(({ urls }) => urls);

/** A steady NAT, STUN servers that answer after 20 ms, TURN servers that work. */
const goodNetwork: Director = ({ iceServers, iceTransportPolicy }): Script => {
  if (iceTransportPolicy === 'relay') return { candidates: [{ line: relay(), atMs: 30 }], completeMs: 40, oneWayMs: 5 };
  const mapped = iceServers?.length ? [{ line: srflx(PUBLIC, 61000), atMs: 20 }] : [];
  return { candidates: [own, ...mapped], completeMs: 40 };
};

describe('checkConnectivity', () => {
  it('compares no longer than 1.5 s and four slowest answers, though gathering never ends', async () => {
    const endless: Director = (...asked) => ({ candidates: goodNetwork(...asked).candidates ?? [] });
    expect((await check(endless, { iceServers: [{ urls: ['stun:a.example'] }] })).tookMs).toBe(20 + 1_500 + 4 * 20);
  });
  it('tells a good network', async () => {
    const progress: ConnectivityProgress[] = [];
    const iceServers = [{ urls: ['stun:a.example', 'stun:b.example'] }, { urls: 'turn:c.example', ...login }];
    const { report } = await check(goodNetwork, { iceServers, onProgress: (news) => progress.push(news) });
    expect(report).toMatchObject({
      verdict: 'ready',
      case: 2,
      webrtc: true,
      signaling: null,
      network: { online: true, nat: 'endpoint-independent', udp: true, publicAddresses: [PUBLIC] },
      problems: [],
    });
    expect(report.servers.map(({ url, answerMs, roundTripMs }) => [url, answerMs, roundTripMs])).toEqual([
      ['stun:a.example', 20, null],
      ['stun:b.example', 20, null],
      ['turn:c.example', 30, 5],
    ]);
    expect(report.summary).toMatch(/^Calls will connect, through TURN over UDP /);
    expect(progress.map(({ step, finished, total }) => [step, finished, total])).toEqual([
      ['webrtc', 1, 6],
      ['devices', 2, 6],
      ['server', 3, 6],
      ['server', 4, 6],
      ['server', 5, 6],
      ['network', 6, 6],
    ]);
    expect(JSON.stringify(report)).not.toContain('wonder');
  });

  it('asks nobody when no servers are given', async () => {
    const { report } = await check((configuration) => {
      expect(asks(configuration)).toEqual([]);
      return { candidates: [own], completeMs: 5 };
    });
    expect(report).toMatchObject({ verdict: 'limited', case: null, servers: [] });
  });

  it('silent servers end at the time limit, side by side', async () => {
    const iceServers = [
      { urls: ['stun:a.example', 'stun:b.example'] },
      { urls: ['turn:c.example', 'turns:c.example'], ...login },
    ];
    const { report, tookMs } = await check(
      ({ iceServers: asked }) => ({ candidates: [own], ...(!asked?.length && { completeMs: 5 }) }),
      {
        iceServers,
        timeoutMs: 3000,
      },
    );
    expect(report.servers.map(({ problem }) => problem?.code)).toEqual(Array.from({ length: 4 }, () => 'ice-server-unreachable'));
    expect(tookMs).toBe(3005);
    expect(report.elapsedMs).toBe(3005);
  });

  it('does not ask a dead server again to learn about the NAT', async () => {
    const asked: string[][] = [];
    await check(
      (configuration) => {
        asked.push(asks(configuration));
        return asks(configuration).includes('stun:dead.example')
          ? { candidates: [own], errors: [{ code: 701 }], completeMs: 8 }
          : goodNetwork(configuration, 0);
      },
      { iceServers: [{ urls: ['stun:a.example', 'stun:dead.example', 'stun:b.example'] }] },
    );
    expect(asked.at(-1)).toEqual(['stun:a.example', 'stun:b.example']);
  });

  it('a relay that fails ends early', async () => {
    const { report, tookMs } = await check(
      ({ iceTransportPolicy }) =>
        iceTransportPolicy === 'relay'
          ? { candidates: [{ line: relay() }], completeMs: 5, failedMs: 200 }
          : { candidates: [own], completeMs: 5 },
      { iceServers: [{ urls: 'turn:c.example', ...login }] },
    );
    expect(report.servers[0]).toMatchObject({ ok: false, address: '198.51.100.1', problem: { code: 'ice-failed' } });
    expect(tookMs).toBe(205);
  });

  it('a quota of one address is named', async () => {
    const { report } = await check(
      ({ iceTransportPolicy }, made) => {
        if (iceTransportPolicy !== 'relay') return { candidates: [own], completeMs: 5 };
        return made === 0
          ? { candidates: [{ line: relay() }], completeMs: 5 }
          : { errors: [{ code: 486, text: 'Quota' }], completeMs: 6 };
      },
      { iceServers: [{ urls: 'turn:c.example', ...login }] },
    );
    expect(report.problems[0]?.message).toBe('turn:c.example answered with error 486 Quota');
  });

  it('a browser that refuses a connection is a problem of that server', async () => {
    const { report } = await check(
      ({ iceServers }) => (iceServers?.length ? { refuses: 'too many' } : { candidates: [own], completeMs: 5 }),
      {
        iceServers: [{ urls: 'stun:a.example' }],
      },
    );
    expect(report.problems).toEqual([{ code: 'ice-failed', message: 'stun:a.example: too many', hint: expect.any(String) }]);
  });

  it('no network at all', async () => {
    const { report, tookMs } = await check(() => ({ completeMs: 2 }), {
      iceServers: [{ urls: 'stun:a.example' }, { urls: 'turn:b', ...login }],
    });
    expect(report).toMatchObject({ verdict: 'blocked', summary: 'This device has no network.', network: { online: false } });
    expect(tookMs).toBeLessThan(10);
  });

  it('no WebRTC', async () => {
    const direct: Director = () => ({});
    const { report } = await check(direct, {
      platform: { PeerConnection: undefined, mediaDevices: undefined },
      iceServers: [{ urls: 'stun:a' }],
    });
    expect(report).toMatchObject({ verdict: 'blocked', webrtc: false, servers: [] });
    expect(report.problems.map(({ code }) => code)).toEqual(['unsupported']);
  });
});

describe('checkConnectivity: iceServers as a function', () => {
  const answers: [string, () => Promise<RTCIceServer[] | { iceServers: RTCIceServer[] }>][] = [
    ['a list', async () => [{ urls: 'stun:a.example' }]],
    ['a list with its expiry', async () => ({ iceServers: [{ urls: 'stun:a.example' }], expiresAt: 1 })],
  ];
  it.each(answers)('takes %s', async (_, iceServers) => {
    expect((await check(goodNetwork, { iceServers })).report.servers[0]).toMatchObject({ url: 'stun:a.example', ok: true });
  });

  const failures: [string, () => Promise<RTCIceServer[]>, string, string][] = [
    ['rejects', async () => Promise.reject(new Error('503')), 'ice-servers-failed', 'The function iceServers failed: 503'],
    [
      'never answers',
      () => new Promise(() => {}),
      'ice-servers-failed',
      'The function iceServers failed: no answer within 1000 ms',
    ],
    [
      'gives a bad address',
      async () => [{ urls: 'stun://a' }],
      'ice-server-invalid',
      'iceServers[0].urls[0]: "stun://a" is not valid.',
    ],
  ];
  it.each(failures)('that %s is a problem, not an error', async (_, iceServers, code, message) => {
    const { report } = await check(goodNetwork, { iceServers, timeoutMs: 1000 });
    expect(report.problems).toEqual([expect.objectContaining({ code, message })]);
    expect(report.summary).toMatch(/could not be fetched/);
  });
});

describe('checkConnectivity: bad options and abort', () => {
  it.each<[string, object, string]>([
    ['a bad address', { iceServers: [{ urls: 'stun:a' }, { urls: 'http:b' }] }, 'ice-server-invalid'],
    ['servers that are no list', { iceServers: 'stun:a' }, 'ice-server-invalid'],
    ['no time at all', { timeoutMs: 0 }, 'invalid-option'],
    ['a time that is none', { timeoutMs: Number.NaN }, 'invalid-option'],
    ['a transport that is none', { transport: {} }, 'invalid-option'],
  ])('%s is refused', async (_, options, code) => {
    await expect(checkConnectivity(options)).rejects.toMatchObject({ code });
  });

  it('aborted before it begins: nothing is opened', async () => {
    const { PeerConnection, built } = scriptedPeerConnection(goodNetwork);
    const check = checkConnectivity({ platform: { PeerConnection }, signal: AbortSignal.abort('no') });
    await expect(check).rejects.toMatchObject({ code: 'aborted', cause: 'no' });
    expect(built).toEqual([]);
  });

  it('aborted midway: rejects at once, closes everything, tells nothing more', async () => {
    const { PeerConnection, built } = scriptedPeerConnection(() => ({ candidates: [own] }));
    const life = new AbortController();
    const onProgress = vi.fn();
    const iceServers = [{ urls: ['stun:a', 'stun:b'] }, { urls: 'turn:c', ...login }];
    const check = checkConnectivity({
      platform: { PeerConnection, mediaDevices: undefined },
      iceServers,
      signal: life.signal,
      onProgress,
    });
    const rejected = expect(check).rejects.toMatchObject({ code: 'aborted' });
    await vi.advanceTimersByTimeAsync(500);
    const told = onProgress.mock.calls.length;
    expect(built).toHaveLength(4);
    life.abort();
    await rejected;
    expect(built.every(({ closed }) => closed)).toBe(true);
    expect(onProgress).toHaveBeenCalledTimes(told);
  });

  it('a listener that throws does not disturb the check', async () => {
    const thrown = new Promise<unknown>((resolve) => process.once('uncaughtException', resolve));
    const { report } = await check(goodNetwork, {
      onProgress({ step }) {
        if (step === 'network') throw new Error('bug in the app');
      },
    });
    expect(report.webrtc).toBe(true);
    await expect(thrown).resolves.toMatchObject({ message: 'bug in the app' });
  });
});
