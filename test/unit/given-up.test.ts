import { describe, expect, it } from 'vitest';
import { sessionPair } from '../../src/testing/session-pair.js';

describe('a connection that is given up', () => {
  // Both start at once: the first offers cross, and one of them gives way.
  const crossed = async (
    iceServers: RTCIceServer[],
  ): Promise<{ alive(): number; wait(ms: number): Promise<void>; close(): Promise<void> }> => {
    const pair = sessionPair({ both: { iceServers } });
    await pair.start();
    const sides = [pair.alice, pair.bob].map(({ platform }) => platform.census);
    expect(new Set(sides.map(({ made }) => made))).toEqual(new Set([1, 2]));
    const alive = (): number => sides.reduce((sum, { connections }) => sum + connections.length, 0);
    return { alive, wait: (ms) => pair.clock.advance(ms), close: () => pair.close() };
  };

  it('has gathered: it is closed a quarter of a second later', async () => {
    const { alive, wait, close } = await crossed([]);
    expect(alive()).toBe(3);
    await wait(260);
    expect(alive()).toBe(2);
    await close();
  });

  it('still gathers, since a server does not answer: it has two seconds more, since Chromium never frees one that is closed just then', async () => {
    const { alive, wait, close } = await crossed([{ urls: 'stun:dead.test' }]);
    await wait(1_500);
    expect(alive()).toBe(3);
    await wait(1_500);
    expect(alive()).toBe(2);
    await close();
  });

  it('is closed with the session', async () => {
    const { alive, close } = await crossed([{ urls: 'stun:dead.test' }]);
    expect(alive()).toBe(3);
    await close();
    expect(alive()).toBe(0);
  });
});
