import { sessionPair } from 'peer-session/testing';
import { describe, expect, it } from 'vitest';

describe('a page that is gone', () => {
  it.each(['chromium', 'firefox'] as const)('counts as left when its goodbye was lost: %s', async (personality) => {
    const pair = sessionPair({ personality });
    await pair.start();
    const { alice, bob, clock } = pair;
    // No goodbye, on neither way; DTLS ends in order, as in a tab of Firefox that is closed.
    bob.bus.vanish('bob');
    bob.session.connection?.close();
    await clock.until(alice.log.waitFor('statechange', ({ state }) => state.status === 'reconnecting'));
    bob.platform.crash();
    const since = clock.now();
    await clock.until(alice.log.waitFor('peerchange', ({ change }) => change === 'left'));
    expect(clock.now() - since).toBeLessThan(3_000);
    await clock.until(alice.log.waitFor('statechange', ({ state }) => state.status === 'closed'));
    expect(alice.session.state).toEqual({ status: 'closed', by: 'remote', reason: 'left' });
    expect(clock.now() - since).toBeLessThan(20_000);
    await pair.close();
  });
});
