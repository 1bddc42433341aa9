import type { Platform } from '../../src/platform.js';
import type { VirtualClock } from '../../src/testing/clock.js';

let ids = 0;

/** Surroundings on a clock that a test moves, with no browser in them. */
export function fakePlatform(clock: VirtualClock, parts: Partial<Platform> = {}): Platform {
  return {
    PeerConnection: undefined,
    MediaStream: undefined,
    mediaDevices: undefined,
    secure: true,
    now: () => clock.now(),
    wall: () => clock.now(),
    timer: (fn, ms) => clock.timer(fn, ms),
    random: () => 0.5,
    id: () => `instance-${++ids}`,
    onPage: () => () => {},
    ...parts,
  };
}
