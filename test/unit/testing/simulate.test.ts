import { createSession } from 'peer-session';
import { collectEvents, type Incident, sessionPair, simulate } from 'peer-session/testing';
import { memory } from 'peer-session/transports';
import { describe, expect, it } from 'vitest';

const call = { media: { audio: true, video: true } };

describe('simulate', () => {
  // What the other side of an incident sees of it, and whether there is a way back.
  it.each<[Incident, 'a way back' | 'no way back', (pair: ReturnType<typeof sessionPair>) => Promise<unknown>]>([
    [
      'ice-failure',
      'a way back',
      ({ alice }) => alice.log.waitFor('statechange', ({ state }) => state.status === 'reconnecting'),
    ],
    ['signaling-loss', 'a way back', ({ bob }) => bob.log.waitFor('warning', ({ error }) => error.code === 'signaling-lost')],
    [
      'network-down',
      'a way back',
      ({ alice }) => alice.log.waitFor('statechange', ({ state }) => state.status === 'reconnecting'),
    ],
    ['device-unplugged', 'a way back', ({ alice }) => alice.log.waitFor('trackremoved', ({ name }) => name === 'camera')],
    ['permission-revoked', 'a way back', ({ alice }) => alice.log.waitFor('trackremoved', ({ name }) => name === 'camera')],
    ['page-frozen', 'a way back', ({ clock }) => new Promise<void>((resolve) => clock.timer(resolve, 1_000))],
    ['peer-reload', 'no way back', ({ alice }) => alice.log.waitFor('peerchange', ({ change }) => change === 'restarted')],
    [
      'peer-crash',
      'no way back',
      ({ alice }) => alice.log.waitFor('statechange', ({ state }) => state.status === 'reconnecting'),
    ],
    ['peer-leave', 'no way back', ({ alice }) => alice.log.waitFor('peerchange', ({ change }) => change === 'left')],
  ])('%s: it is seen, and there is %s', async (incident, way, seen) => {
    const pair = sessionPair({ both: call });
    await pair.start();
    const heal = simulate(pair.bob, incident);
    await pair.clock.until(seen(pair), 60_000);
    if (way === 'no way back') return expect(heal).toThrow('This cannot be undone.');
    heal();
    const { alice, bob } = pair;
    const both = (): boolean => alice.session.state.status === 'connected' && bob.session.state.status === 'connected';
    for (let i = 0; i < 100 && !both(); i++) await pair.clock.advance(200);
    expect(both()).toBe(true);
  });

  it('takes a session of a pair, and no other', async () => {
    const pair = sessionPair();
    expect(simulate(pair.alice.session, 'ice-failure')).toBeTypeOf('function');
    expect(pair.alice.host.faults.loss).toBe(1);
    expect(() => simulate(createSession({ transport: memory() }), 'ice-failure')).toThrow('needs a side of a sessionPair()');
  });
});

describe('collectEvents', () => {
  it('gives what came, waits for what comes, and refuses who still waits at its end', async () => {
    const { alice, clock, start } = sessionPair({ both: call });
    const log = collectEvents(alice.session);
    const coming = log.waitFor('statechange', ({ state }) => state.status === 'connected');
    await start();
    expect((await coming).previous.status).not.toBe('connected');
    expect(await log.waitFor('peerchange')).toEqual({ peerId: 'bob', change: 'joined' }); // came already
    expect(log.events.map(({ type }) => type)).toEqual(alice.log.events.map(({ type }) => type));

    const never = log.waitFor('warning');
    const heard = log.events.length;
    log.stop();
    await expect(never).rejects.toThrow('No such "warning" came before the end.');
    await clock.until(alice.session.close());
    expect(log.events).toHaveLength(heard);
  });
});
