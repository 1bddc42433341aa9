import { describe, expect, it } from 'vitest';
import { sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';
import { statusesOf } from './pair-words.js';

describe('pause() and resume()', () => {
  it('nothing is tried while paused; resume() mends what broke meanwhile', async () => {
    const pair = sessionPair();
    await pair.start();
    pair.alice.session.pause();
    expect(pair.alice.session.state.status).toBe('paused');
    const heal = simulate(pair.alice, 'ice-failure');
    const from = pair.bus.sent.length;
    await pair.clock.advance(60_000);
    expect(pair.alice.session.state.status).toBe('paused');
    expect(pair.bus.sent.slice(from).filter(({ message }) => message.kind === 'offer' && message.from === 'alice')).toEqual([]);
    heal();
    pair.alice.session.resume();
    await pair.clock.advance(10_000);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    await pair.close();
  });

  it('nothing broke: connected again at once', async () => {
    const pair = sessionPair();
    await pair.start();
    pair.alice.session.pause();
    await pair.clock.advance(30_000);
    pair.alice.session.resume();
    expect(pair.alice.session.state.status).toBe('connected');
    await pair.clock.advance(10_000);
    expect([statusesOf(pair.alice).at(-1), statusesOf(pair.bob).at(-1)]).toEqual(['connected', 'connected']);
    await pair.close();
  });

  it.each(['idle', 'closed'])('is ignored by a session that is %s', async (when) => {
    const { alice } = sessionPair();
    if (when === 'closed') await alice.session.close();
    alice.session.pause();
    alice.session.resume();
    expect(alice.session.state.status).toBe(when);
  });
});
