import { beforeEach, describe, expect, it } from 'vitest';
import { IceServers, type IceServersAnswer, type IceServersContext } from '../../../src/ice/servers.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

const turn = (username: string): RTCIceServer => ({ urls: ['turn:turn.example.org'], username, credential: 'secret' });

describe('IceServers', () => {
  const wallStart = 1_700_000_000_000;
  let clock: Clock;
  let asked: IceServersContext[];
  let renewed: RTCIceServer[][];
  let warnings: string[];
  let answer: () => Promise<readonly RTCIceServer[] | IceServersAnswer>;
  let servers: IceServers;
  const wall = (): number => wallStart + clock.now();

  beforeEach(() => {
    clock = new Clock();
    asked = [];
    renewed = [];
    warnings = [];
    servers = new IceServers({
      iceServers: (context) => {
        asked.push(context);
        return answer();
      },
      platform: fakePlatform(clock, { wall }),
      renewed: (now) => renewed.push(now),
      warn: ({ code }) => warnings.push(code),
    });
  });

  const lasting = (ms: number): void => {
    answer = async () => ({ iceServers: [turn('alice')], expiresAt: wall() + ms });
  };

  it('a list is checked when it is given, and is never asked for', async () => {
    const options = { platform: fakePlatform(clock), renewed: () => {}, warn: () => {} };
    const fixed = new IceServers({ ...options, iceServers: [{ urls: 'stun:stun.example.org' }] });
    expect(fixed.current).toEqual([{ urls: ['stun:stun.example.org'] }]);
    expect(await fixed.fetch('start')).toBe(fixed.current);
    expect(fixed.stale).toBe(false);
    expect(() => new IceServers({ ...options, iceServers: [{ urls: 'http://no' }] })).toThrow(
      expect.objectContaining({ code: 'ice-server-invalid' }),
    );
  });

  it('asks the function with a reason and a signal, and takes both forms of answer', async () => {
    answer = async () => [turn('alice')];
    await servers.fetch('start');
    expect(asked[0]?.reason).toBe('start');
    expect(asked[0]?.signal.aborted).toBe(false);
    expect(servers.current).toEqual([turn('alice')]);
    expect(clock.pending).toBe(0);
    answer = async () => ({ iceServers: [turn('bob')] });
    await servers.fetch('rebuild');
    expect(servers.current).toEqual([turn('bob')]);
  });

  it('renews when three quarters of the life are over, again and again', async () => {
    lasting(100_000);
    await servers.fetch('start');
    await clock.advance(74_999);
    expect(asked.length).toBe(1);
    await clock.advance(1);
    expect(asked.map(({ reason }) => reason)).toEqual(['start', 'refresh']);
    expect(renewed).toEqual([[turn('alice')]]);
    await clock.advance(75_000);
    expect(asked.length).toBe(3);
  });

  it('takes a Date, and reads the end out of a time-limited username', async () => {
    answer = async () => ({ iceServers: [turn('alice')], expiresAt: new Date(wall() + 40_000) });
    await servers.fetch('start');
    await clock.advance(30_000);
    expect(asked.length).toBe(2);
    servers.close();
    const named = new IceServers({
      iceServers: async () => [turn(`${wallStart / 1000 + 1_000}:alice`)],
      platform: fakePlatform(clock, { wall }),
      renewed: (now) => renewed.push(now),
      warn: () => {},
    });
    renewed.splice(0);
    await named.fetch('start');
    expect(named.stale).toBe(false);
    await clock.advance((1_000_000 - clock.now()) * 0.75);
    expect(renewed.length).toBe(1);
    named.close();
  });

  it('is stale from 2 s before the end', async () => {
    lasting(100_000);
    await servers.fetch('start');
    answer = () => Promise.reject(new Error('down'));
    await clock.advance(98_000);
    expect(servers.stale).toBe(false);
    await clock.advance(1);
    expect(servers.stale).toBe(true);
    servers.close();
  });

  it('a renewal that fails is told and tried again; the old servers stay', async () => {
    lasting(100_000);
    await servers.fetch('start');
    answer = () => Promise.reject(new Error('down'));
    await clock.advance(75_000);
    expect(warnings).toEqual(['ice-servers-failed']);
    expect(servers.current).toEqual([turn('alice')]);
    lasting(100_000);
    await clock.advance(4_000);
    expect(asked.length).toBe(3);
    expect(renewed.length).toBe(1);
    servers.close();
  });

  it('credentials of no life at all are not asked for in a storm', async () => {
    lasting(0);
    await servers.fetch('start');
    await clock.advance(60_000);
    expect(asked.length).toBeLessThanOrEqual(31);
    servers.close();
  });

  it.each([
    ['it rejects', () => Promise.reject(new Error('down')), 'ice-servers-failed'],
    ['it answers with a wrong address', async () => [{ urls: 'turn:x?y' }], 'ice-server-invalid'],
    ['it answers with nothing', async () => undefined as never, 'ice-servers-failed'],
  ] as const)('the first question: %s', async (_, source, code) => {
    answer = source as typeof answer;
    await expect(servers.fetch('start')).rejects.toMatchObject({ code });
  });

  it('no answer within 10 s is a failure', async () => {
    answer = () => new Promise(() => {});
    const outcome = servers.fetch('start').catch((error: { code: string }) => error.code);
    expect(await clock.until(outcome)).toBe('ice-servers-failed');
    expect(clock.now()).toBe(10_000);
  });

  it('close() aborts the question and asks no more', async () => {
    lasting(100_000);
    await servers.fetch('start');
    servers.close();
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('an answer that comes after close() starts no timer', async () => {
    let come = (_: IceServersAnswer): void => {};
    answer = () =>
      new Promise((resolve) => {
        come = resolve;
      });
    const late = servers.fetch('start').catch(() => {});
    servers.close();
    come({ iceServers: [turn('alice')], expiresAt: wall() + 10_000 });
    await late;
    expect(clock.pending).toBe(0);
  });
});
