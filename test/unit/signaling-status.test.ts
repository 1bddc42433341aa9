import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/create-session.js';
import { createVirtualClock } from '../../src/testing/clock.js';
import { fakePlatform } from '../../src/testing/fake-platform.js';
import { createVirtualNetwork } from '../../src/testing/network/virtual-network.js';
import { sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';

describe('session.signaling', () => {
  it('is told when the channel is lost and comes back, while the call goes on', async () => {
    const pair = sessionPair();
    const { session } = pair.alice;
    expect(session.signaling).toBe('opening');
    const seen: string[] = [];
    session.subscribe(() => seen.push(session.getSnapshot().signaling));
    await pair.start();
    expect([...new Set(seen)]).toEqual(['opening', 'open']);
    const heal = simulate(pair.alice, 'signaling-loss');
    await pair.clock.advance(5000);
    expect([session.getSnapshot().signaling, session.state.status]).toEqual(['lost', 'connected']);
    heal();
    await pair.clock.advance(5000);
    expect([session.getSnapshot().signaling, session.state.status]).toEqual(['open', 'connected']);
    const told = pair.alice.log.events.flatMap(({ type, event }) => (type === 'signalingchange' ? [event.signaling] : []));
    expect(told).toEqual(['open', 'lost', 'open']);
    await pair.close();
    expect(session.getSnapshot().signaling).toBe('closed');
  });

  it('is lost, told once, while the server is not reached', async () => {
    const clock = createVirtualClock();
    const platform = fakePlatform({ clock, network: createVirtualNetwork({ clock }) });
    const transport = {
      name: 'away',
      connect: () => {
        throw new Error('away');
      },
    };
    const session = createSession({ transport, platform });
    const told: string[] = [];
    session.on('signalingchange', ({ signaling }) => told.push(signaling));
    const start = session.start();
    await clock.advance(10_000);
    expect([told, session.signaling]).toEqual([['lost'], 'lost']);
    await session.close();
    await expect(start).rejects.toMatchObject({ code: 'closed' });
    expect([told, session.signaling]).toEqual([['lost'], 'closed']);
  });

  it.each(['open', 'lost'] as const)('a listener that closes the session when it is %s leaves nothing behind', async (when) => {
    const pair = sessionPair();
    const { session, platform } = pair.alice;
    session.on('signalingchange', ({ signaling }) => {
      if (signaling === when) void session.close();
    });
    const started = pair.start().catch(() => {});
    await pair.clock.advance(2000);
    if (when === 'lost') simulate(pair.alice, 'signaling-loss');
    await pair.clock.advance(2000);
    await pair.bob.session.close();
    await started;
    expect(session.state.status).toBe('closed');
    const { connections, timers, pageListeners } = platform.census;
    expect([connections.length, timers, pageListeners]).toEqual([0, 0, 0]);
  });
});
