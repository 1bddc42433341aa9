import { createVirtualClock } from 'peer-session/testing';
import { describe, expect, it } from 'vitest';
import { Liveness } from '../../../src/ice/liveness.js';
import { fakePlatform } from '../fake-platform.js';

function watched(): {
  clock: ReturnType<typeof createVirtualClock>;
  live: Liveness;
  told: string[];
  path: { grows: boolean; agoMs: number };
} {
  const clock = createVirtualClock();
  const told: string[] = [];
  const path = { grows: true, agoMs: 0 };
  const tell = (what: string) => (): void => void told.push(`${what} ${clock.now()}`);
  const live = new Liveness({
    platform: fakePlatform(clock),
    read: () => Promise.resolve(path.grows ? path.agoMs : null),
    ping: tell('ping'),
    silent: tell('silent'),
    rtt: () => 0,
    flows: tell('flows'),
  });
  return { clock, live, told, path };
}

describe('a path that is looked after', () => {
  it('asks nothing while packets come', async () => {
    const { clock, live, told } = watched();
    live.watch();
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it('that carried media is given up 1.1 s after its last packet', async () => {
    const { clock, live, told, path } = watched();
    live.watch();
    await clock.advance(5_000);
    path.grows = false;
    await clock.advance(1_200);
    expect(told.slice(0, 2)).toEqual(['ping 5400', 'silent 5950']);
  });

  it('is missed from the time of its last packet, not from the reading that found it', async () => {
    const { clock, live, told, path } = watched();
    live.watch();
    await clock.advance(4_700);
    path.agoMs = 290;
    await clock.advance(300);
    path.grows = false;
    await clock.advance(1_200);
    expect(told.slice(0, 2)).toEqual(['ping 5150', 'silent 5700']);
  });

  it('that was idle is asked after 2 s and given up 2.5 s later', async () => {
    const { clock, live, told, path } = watched();
    path.grows = false;
    live.watch();
    await clock.advance(4_850);
    expect(told).toEqual(['ping 2150', 'silent 4850']);
  });

  it('is in no trouble when the answer comes', async () => {
    const { clock, live, told, path } = watched();
    path.grows = false;
    live.watch();
    await clock.advance(2_200);
    live.heard();
    await clock.advance(1_000);
    expect(told).toEqual(['ping 2150']);
  });

  it('tells of a gap that was too short for trouble', async () => {
    const { clock, live, told, path } = watched();
    live.watch();
    await clock.advance(5_000);
    path.grows = false;
    await clock.advance(700);
    path.grows = true;
    await clock.advance(300);
    expect(told).toEqual(['ping 5400', 'flows 5750']);
  });

  it('in trouble is read five times a second, and its return is told', async () => {
    const { clock, live, told, path } = watched();
    path.grows = false;
    live.watch(true);
    await clock.advance(10_000);
    path.grows = true;
    await clock.advance(200);
    expect(told).toEqual(['flows 10200']);
  });

  it('is never condemned by a timer that fires late', async () => {
    const { clock, live, told, path } = watched();
    live.watch();
    await clock.advance(5_000);
    path.grows = false;
    live.ask();
    // One reading, however late, is not enough: the answer may lie behind it in the queue.
    await clock.advance(500);
    expect(told).toEqual(['ping 5000']);
    live.stop();
    await clock.advance(60_000);
    expect(told).toHaveLength(1);
  });
});
