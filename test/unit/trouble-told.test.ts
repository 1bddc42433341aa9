import { expect, it } from 'vitest';
import { type PairSide, sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';
import { untilStatus } from './pair-words.js';

const troublesSince = ({ log }: PairSide, from: number) =>
  log.events
    .slice(from)
    .flatMap(({ type, event }) => (type === 'statechange' && event.state.status === 'reconnecting' ? [event.state] : []));

it('each state of a trouble tells since when, in wall time, and the next trouble tells its own', async () => {
  const pair = sessionPair();
  await pair.start();
  const { session, log, platform } = pair.alice;
  for (const round of [1, 2]) {
    const from = log.events.length;
    const began = platform.wall();
    const heal = simulate(pair.bob, 'ice-failure');
    await pair.clock.advance(20_000);
    heal();
    await pair.clock.advance(10_000);
    expect(session.getSnapshot().state, `round ${round}`).toEqual({ status: 'connected' });
    const [first, ...later] = troublesSince(pair.alice, from);
    expect(first).toMatchObject({ attempt: 0, reason: 'silent' });
    expect((first?.since ?? 0) - began).toBeGreaterThan(0);
    expect((first?.since ?? 0) - began).toBeLessThan(5_000);
    expect(later.length).toBeGreaterThan(0);
    for (const { since } of later) expect(since).toBe(first?.since);
  }
  await pair.close();
});

it('the peer leaves: the state is told first, once, with its reason', async () => {
  const pair = sessionPair();
  await pair.start();
  const { log } = pair.alice;
  const from = log.events.length;
  simulate(pair.bob, 'peer-leave');
  await untilStatus(pair.alice, 'closed');
  const told = log.events.slice(from).flatMap(({ type, event }) => {
    if (type === 'peerchange') return [event.change];
    if (type !== 'statechange') return [];
    return ['reason' in event.state ? `${event.state.status} ${event.state.reason}` : event.state.status];
  });
  expect(told).toEqual(['reconnecting peer-left', 'left', 'closed left']);
});

it('the peer is reloaded: no reason but that is told', async () => {
  const pair = sessionPair();
  await pair.start();
  const from = pair.alice.log.events.length;
  simulate(pair.bob, 'peer-reload');
  await pair.clock.advance(5_000);
  const reasons = troublesSince(pair.alice, from).map(({ reason }) => reason);
  expect(new Set(reasons)).toEqual(new Set(['peer-left', 'peer-restarted']));
  await pair.close();
});
