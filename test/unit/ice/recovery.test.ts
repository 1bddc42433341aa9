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

  const build = (nextStep: (context: RecoveryContext) => RecoveryStep = defaultRecovery().nextStep): Recovery =>
    new Recovery({
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
      ask: () => asks++,
      tell: (reason, attempt) => told.push(`${reason} ${attempt}`),
      missing: () => {},
    });

  beforeEach(() => {
    clock = new Clock();
    did = [];
    told = [];
    asks = 0;
    contexts = [];
  });

  it('asks first; restarts as soon as the peer answers; rebuilds when that does not help', async () => {
    const recovery = build();
    recovery.trouble('silent');
    expect(told).toEqual(['silent 0']);
    expect(asks).toBe(1);
    await clock.advance(500);
    expect(did).toEqual([]);
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

  it('dead transports: no restart', () => {
    const recovery = build();
    recovery.trouble('silent');
    recovery.trouble('transport-closed', true);
    recovery.reachable();
    expect(did).toEqual(['rebuild at 0']);
    expect(recovery.reason).toBe('silent');
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
