import { describe, expect, it } from 'vitest';
import { type SessionPairOptions, sessionPair } from '../../src/testing/session-pair.js';
import { third } from './pair-words.js';

const SEEDS = [1, 5, 8, 13, 20, 21];

describe('a crowd that starts at once', () => {
  it.each<[who: string, more: readonly string[], options: SessionPairOptions]>([
    ['three', ['carol'], { faults: { delayMs: [5, 60] } }],
    ['three, with presence', ['carol'], { presence: true, faults: { delayMs: [5, 60] } }],
    ['three, all as fast', ['carol'], { faults: { delayMs: [20, 20] } }],
    ['three, on a bad bus', ['carol'], { faults: { delayMs: [1, 200], loss: 0.1, repeat: 0.2, echo: 0.2 } }],
    ['four', ['carol', 'dave'], { faults: { delayMs: [5, 60] } }],
  ])('%s: each is in a call of two, or waits; nobody talks without end', async (_, more, options) => {
    for (const seed of SEEDS) {
      const pair = sessionPair({ seed, ...options });
      const sessions = [pair.alice.session, pair.bob.session, ...more.map((peerId) => third(pair, peerId))];
      for (const session of sessions) void session.start().catch(() => {});
      await pair.clock.advance(20_000);
      const connected = sessions.filter(({ state }) => state.status === 'connected');
      const calls = connected.map(({ peerId, remotePeerId }) => `${peerId}-${remotePeerId}`).sort();
      expect(connected.map(({ peerId, remotePeerId }) => `${remotePeerId}-${peerId}`).sort(), `seed ${seed}`).toEqual(calls);
      expect(connected.length, `seed ${seed}`).toBe(sessions.length - (sessions.length % 2));
      expect(pair.bus.sent.length, `seed ${seed}`).toBeLessThan(300);
      await Promise.all(sessions.map((session) => session.close()));
    }
  });
});
