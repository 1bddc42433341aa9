import { beforeEach, describe, expect, it } from 'vitest';
import { Recovery } from '../../../src/ice/recovery.js';
import { defaultRecovery, type RecoveryContext, type RecoveryStep } from '../../../src/ice/recovery-policy.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

describe('Recovery', () => {
  let clock: Clock;
  let did: string[];
  let told: string[];
  let asks: number;
  let contexts: RecoveryContext[];
  let missing: number[];
  /** The peer hears each question and answers it at once. */
  let answers: boolean;
  let running: Recovery;

  const build = (nextStep: (context: RecoveryContext) => RecoveryStep = defaultRecovery().nextStep): Recovery => {
    running = new Recovery({
      platform: fakePlatform(clock),
      policy: {
        nextStep(context) {
          contexts.push(context);
          return nextStep(context);
        },
      },
      restart: () => did.push(`restart at ${clock.now()}`),
      rebuild: () => did.push(`rebuild at ${clock.now()}`),
      giveUp: (reason) => did.push(`give up, ${reason}, at ${clock.now()}`),
      ask: () => {
        asks++;
        if (answers) running.reachable();
      },
      tell: (reason, attempt) => told.push(`${reason} ${attempt}`),
      missing: (ms) => missing.push(ms),
      restartFirst: () => true,
      usualMs: () => 200,
    });
    return running;
  };

  beforeEach(() => {
    clock = new Clock();
    did = [];
    told = [];
    asks = 0;
    contexts = [];
    missing = [];
    answers = false;
  });

  it('asks first; restarts as soon as the peer answers; rebuilds when that does not help', async () => {
    const recovery = build();
    recovery.trouble('silent');
    expect(told).toEqual(['silent 0']);
    expect(asks).toBe(1);
    await clock.advance(500);
    expect(did).toEqual([]);
    answers = true;
    recovery.reachable();
    expect(did).toEqual(['restart at 500']);
    await clock.advance(3_100);
    expect(did[1]).toMatch(/^rebuild at 35\d\d$/);
    expect(told).toEqual(['silent 0', 'silent 1', 'silent 2']);
    recovery.over();
    await clock.advance(200_000);
    expect(did.length).toBe(2);
    expect(recovery.reason).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it('asks twice a second while the trouble lasts', async () => {
    const recovery = build();
    recovery.trouble('silent');
    await clock.advance(5_000);
    expect(asks).toBe(11);
    recovery.over();
    await clock.advance(5_000);
    expect(asks).toBe(11);
  });

  it('a peer that was there and falls silent is missing again, and nothing more is tried until it speaks', async () => {
    const recovery = build();
    answers = true;
    recovery.trouble('silent');
    expect(did).toEqual(['restart at 0']);
    await clock.advance(1_000);
    expect(missing.every((ms) => ms === 0)).toBe(true);
    answers = false;
    await clock.advance(20_000);
    expect(did).toEqual(['restart at 0', 'rebuild at 3000']);
    expect(missing.at(-1)).toBe(20_000);
    recovery.reachable();
    expect(did.slice(2)).toEqual(['rebuild at 21000']);
    recovery.over();
  });

  it('a peer that left and came back has all the time of a lost path, not the rest of its own', async () => {
    const recovery = build();
    recovery.trouble('peer-left', true);
    await clock.advance(14_900);
    recovery.trouble('peer-restarted', false, true);
    expect(recovery.reason).toBe('peer-restarted');
    await clock.advance(100_000);
    expect(did).toEqual([]);
    await clock.advance(30_000);
    expect(did).toEqual(['give up, peer-restarted, at 134900']);
  });

  it('dead transports: no restart', () => {
    const recovery = build();
    recovery.trouble('silent');
    recovery.trouble('transport-closed', true);
    recovery.reachable();
    expect(did).toEqual(['rebuild at 0']);
    expect(recovery.reason).toBe('silent');
  });

  it('asked with the path and answered: the first step is taken at once', async () => {
    const recovery = build();
    recovery.asked();
    await clock.advance(100);
    recovery.reachable();
    await clock.advance(400);
    recovery.trouble('silent');
    expect(did).toEqual(['restart at 500']);
  });

  it('asked with the path and not answered: the peer has been missing since the question', async () => {
    const recovery = build();
    recovery.reachable();
    await clock.advance(100);
    recovery.asked();
    await clock.advance(550);
    recovery.trouble('silent');
    expect(missing).toEqual([550]);
    await clock.advance(500);
    expect(missing).toEqual([550, 1_050]);
    expect(did).toEqual([]);
  });

  it('a question of long ago says nothing', async () => {
    const recovery = build();
    recovery.asked();
    await clock.advance(100);
    recovery.reachable();
    await clock.advance(10_000);
    recovery.trouble('silent');
    expect(did).toEqual([]);
    expect(missing).toEqual([0]);
  });

  it('signaling had to be opened anew: a new connection at once', async () => {
    const recovery = build();
    recovery.trouble('silent');
    await clock.advance(500);
    recovery.again();
    recovery.reachable();
    await clock.advance(1_000);
    expect(did).toEqual(['rebuild at 900']);
  });

  it('an old path that comes back together with signaling: no step at all', async () => {
    const recovery = build();
    recovery.trouble('silent');
    await clock.advance(500);
    recovery.again();
    recovery.reachable();
    await clock.advance(200);
    recovery.over();
    await clock.advance(10_000);
    expect(did).toEqual([]);
  });

  it('after a restart the peer answers elsewhere: a new connection at once', async () => {
    const recovery = build();
    recovery.trouble('silent');
    recovery.elsewhere();
    recovery.reachable();
    await clock.advance(200);
    recovery.elsewhere();
    expect(did).toEqual(['restart at 0', 'rebuild at 200']);
  });

  it('replaced by the peer: no step of ours, though the peer was heard just now', async () => {
    const recovery = build();
    recovery.asked();
    await clock.advance(100);
    recovery.reachable();
    recovery.trouble('peer-rebuilt', false, true);
    expect(did).toEqual([]);
  });

  it('a peer that left: the reason changes and its time begins anew', async () => {
    const recovery = build();
    recovery.trouble('transport-closed', true);
    await clock.advance(10_000);
    recovery.trouble('peer-left', true);
    expect(recovery.reason).toBe('peer-left');
    await clock.advance(14_000);
    expect(did).toEqual([]);
    await clock.advance(1_100);
    expect(did).toEqual(['give up, peer-left, at 25000']);
  });

  it('gives up in the end', async () => {
    const recovery = build();
    recovery.trouble('path-lost');
    await clock.advance(119_000);
    expect(did).toEqual([]);
    await clock.advance(1_000);
    expect(did).toEqual(['give up, path-lost, at 120000']);
  });

  it('a rebuild by the peer counts as a step: it gets its time', async () => {
    const recovery = build();
    recovery.trouble('peer-rebuilt');
    recovery.rebuilding();
    recovery.reachable();
    expect(did).toEqual([]);
    expect(contexts.at(-1)).toMatchObject({ lastStep: 'rebuild', dead: false });
  });

  it('nothing happens while held; afterwards the clock begins anew', async () => {
    const recovery = build();
    recovery.hold(true);
    recovery.trouble('silent');
    await clock.advance(500_000);
    expect(did).toEqual([]);
    expect(asks).toBe(0);
    recovery.hold(false);
    expect(did).toEqual([]);
    expect(asks).toBe(1);
    recovery.reachable();
    expect(did).toEqual(['restart at 500000']);
  });

  it('a policy that always acts is not called in a storm', async () => {
    const recovery = build(() => ({ step: 'restart' }));
    recovery.trouble('silent');
    await clock.advance(1_000);
    expect(did.length).toBeLessThanOrEqual(51);
    recovery.over();
  });
});
