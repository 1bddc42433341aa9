// checkConnectivity() in real browsers, against a real coturn, a real signaling server and NATs for UDP, all on loopback.
import type { ConnectivityReport, ServerReport } from 'peer-session/connectivity';
import { createServer, mintTurnCredentials, type SignalingServer } from 'peer-session/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome, Wish } from './connectivity/check-page.js';
import { engines, raiseStage, type Stage } from './connectivity/check-stage.js';
import { type Coturn, freePort, startCoturn } from './connectivity/coturn.js';
import { type LoopbackNat, openNat } from './connectivity/loopback-nat.js';

const login = { username: 'alice', credential: 'wonder' };
const secret = 'only for tests';

let turn: Coturn;
let restTurn: Coturn;
let halfDead: Coturn;
let steady: LoopbackNat;
let symmetric: LoopbackNat;
let hub: SignalingServer;
let nobody: number;

beforeAll(async () => {
  [turn, restTurn, halfDead] = await Promise.all([startCoturn(), startCoturn({ secret }), startCoturn({ halfDead: true })]);
  [steady, symmetric] = await Promise.all([openNat('endpoint-independent', turn.port), openNat('symmetric', turn.port)]);
  hub = await createServer({ port: 0, host: '127.0.0.1', origins: '*' });
  nobody = await freePort();
});

afterAll(async () => {
  for (const server of [turn, restTurn, halfDead]) server?.stop();
  for (const nat of [steady, symmetric]) nat?.close();
  await hub?.close();
});

const stunOver = (nat: LoopbackNat): RTCIceServer => ({ urls: nat.doors.map((door) => `stun:${door}`) });
const udp = ({ port }: { port: number }): string => `turn:127.0.0.1:${port}?transport=udp`;
const tcp = ({ port }: { port: number }): string => `turn:127.0.0.1:${port}?transport=tcp`;
// By name: Firefox passes over turns: with an address in figures.
const tls = ({ port }: { port: number }): string => `turns:localhost:${port}?transport=tcp`;

describe.each(engines)('$name', ({ launch }) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await raiseStage(launch);
  });
  afterAll(() => stage?.close());

  const run = (wish: Wish): Promise<Outcome> => stage.page.evaluate((asked) => globalThis.check(asked), wish);
  const reportOf = async (wish: Wish): Promise<ConnectivityReport> => {
    const { report, left, code } = await run(wish);
    expect(code).toBeUndefined();
    expect(left).toBe(0);
    if (!report) throw new Error('no report');
    return report;
  };
  const codesOf = (servers: readonly ServerReport[]): unknown[] => servers.map(({ problem }) => problem?.code ?? null);

  it('case 2: TURN carries data over UDP, TCP and TLS; every step is told', async () => {
    const iceServers = [stunOver(steady), { urls: [udp(turn), tcp(turn), tls(turn)], ...login }];
    const { report, progress, left } = await run({ iceServers, signal: hub.signalUrl });
    expect(report?.problems).toEqual([]);
    expect(report).toMatchObject({
      verdict: 'ready',
      case: 2,
      webrtc: true,
      network: { online: true, nat: 'endpoint-independent', udp: true },
    });
    expect(report?.summary).toBe('Calls will connect, through TURN over UDP, TCP and TLS where there is no direct path.');
    expect(report?.servers.map(({ kind, transport, ok }) => [kind, transport, ok])).toEqual([
      ['stun', 'udp', true],
      ['stun', 'udp', true],
      ['turn', 'udp', true],
      ['turn', 'tcp', true],
      ['turn', 'tls', true],
    ]);
    for (const server of report?.servers ?? []) {
      expect(server.address).toBe('127.0.0.1');
      expect(server.answerMs).toBeGreaterThan(0);
      if (server.kind === 'turn') expect(server.roundTripMs).toBeGreaterThan(0);
    }
    expect(report?.network.publicAddresses).toContain('127.0.0.1');
    expect(report?.signaling).toMatchObject({ ok: true, problem: null });
    expect(report?.signaling?.roundTripMs).toBeGreaterThan(0);
    expect(progress.map(({ finished }) => finished)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(progress.every(({ total }) => total === 9)).toBe(true);
    expect(progress.map(({ step }) => step).sort()).toEqual([
      'devices',
      'network',
      'server',
      'server',
      'server',
      'server',
      'server',
      'signaling',
      'webrtc',
    ]);
    expect(left).toBe(0);
  });

  it('case 3: a symmetric NAT is seen, with TURN and without', async () => {
    const helped = await reportOf({ iceServers: [stunOver(symmetric), { urls: udp(turn), ...login }] });
    expect(helped).toMatchObject({ case: 3, verdict: 'ready', network: { nat: 'symmetric' } });
    const alone = await reportOf({ iceServers: [stunOver(symmetric)] });
    expect(alone).toMatchObject({ case: 3, verdict: 'limited' });
    expect(alone.summary).toBe('Most calls will fail: the NAT is symmetric and there is no TURN server.');
  });

  it('one STUN server cannot tell which NAT it is', async () => {
    const report = await reportOf({ iceServers: [{ urls: `stun:${steady.doors[0]}` }] });
    expect(report).toMatchObject({ case: null, verdict: 'limited', network: { nat: 'unknown', udp: true } });
    expect(report.explanation).toMatch(/two STUN servers/);
  });

  it('case 3: UDP is blocked, TCP gets through', async () => {
    const iceServers = [{ urls: `stun:127.0.0.1:${nobody}` }, { urls: [udp({ port: nobody }), tcp(turn)], ...login }];
    const report = await reportOf({ iceServers, timeoutMs: 2000 });
    expect(report).toMatchObject({ case: 3, verdict: 'ready', network: { udp: false } });
    expect(report.summary).toBe('Calls will connect, through TURN over TCP; this network allows few direct paths.');
    expect(codesOf(report.servers)).toEqual(['ice-server-unreachable', 'ice-server-unreachable', null]);
  });

  it('wrong credentials are named, over each transport', async () => {
    const urls = [udp(turn), tcp(turn), tls(turn)];
    const report = await reportOf({ iceServers: [{ urls, username: 'alice', credential: 'hunter2' }] });
    expect(codesOf(report.servers)).toEqual(urls.map(() => 'ice-server-unauthorized'));
    expect(report.problems.map(({ message }) => message)).toEqual(
      urls.map((url) => `${url} refused the username and credential (401).`),
    );
    expect(report.verdict).toBe('limited');
    expect(JSON.stringify(report)).not.toMatch(/hunter2|alice/);
  });

  it('an expired time-limited credential is refused, a fresh one works', async () => {
    const urls = [udp(restTurn)];
    const fresh = await mintTurnCredentials({ secret, urls, ttlSeconds: 60 });
    const stale = await mintTurnCredentials({ secret, urls, ttlSeconds: 60, now: () => Date.now() - 3_600_000 });
    const iceServers = [...fresh.iceServers, ...stale.iceServers].map((server) => ({ ...server }));
    expect(codesOf((await reportOf({ iceServers })).servers)).toEqual([null, 'ice-server-unauthorized']);
  });

  it('a half-dead TURN server gives an address and is found out', async () => {
    const report = await reportOf({ iceServers: [{ urls: udp(halfDead), ...login }], timeoutMs: 3000 });
    expect(report.servers[0]).toMatchObject({
      ok: false,
      address: '127.0.0.1',
      roundTripMs: null,
      problem: { code: 'ice-failed' },
    });
    expect(report.servers[0]?.problem?.message).toMatch(/lends an address but carries no data/);
  });

  it('dead servers and wrong names end within the time limit', async () => {
    const bad = [`stun:127.0.0.1:${nobody}`, 'stun:nowhere.invalid'];
    const worse = [udp({ port: nobody }), tcp({ port: nobody }), 'turn:nowhere.invalid', tls({ port: nobody })];
    const report = await reportOf({ iceServers: [{ urls: bad }, { urls: worse, ...login }], timeoutMs: 2000 });
    expect(codesOf(report.servers)).toEqual(Array.from({ length: 6 }, () => 'ice-server-unreachable'));
    expect(report).toMatchObject({ verdict: 'limited', case: null, network: { nat: 'unknown', udp: null, online: true } });
    expect(report.elapsedMs).toBeLessThan(6000);
  });

  it('an unreachable signaling server blocks calls', async () => {
    const report = await reportOf({ signal: `ws://127.0.0.1:${nobody}/signal`, timeoutMs: 2000 });
    expect(report).toMatchObject({
      verdict: 'blocked',
      signaling: { ok: false, openMs: null, problem: { code: 'signaling-open' } },
    });
  });

  it('camera and microphone are opened and closed when asked for', async () => {
    const { devices, problems } = await reportOf({ media: true });
    expect(devices).toMatchObject({ problem: null });
    expect(Math.min(devices.cameras, devices.microphones)).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  it('can be aborted midway, and closes what it opened', async () => {
    const iceServers = [{ urls: [udp({ port: nobody }), tcp(turn)], ...login }];
    const { code, abortedMs, progress, left } = await run({ iceServers, abortAfter: 'webrtc' });
    expect(code).toBe('aborted');
    expect(abortedMs).toBeLessThan(100);
    expect(progress.map(({ step }) => step)).toEqual(['webrtc']);
    expect(left).toBe(0);
  });
});
