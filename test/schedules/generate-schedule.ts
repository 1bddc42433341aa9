import type { BusFaults, PersonalityName } from 'peer-session/testing';
import { createRandom, type Random } from '../../src/testing/random.js';
import { type Act, type Deed, type Profile, type Schedule, SIDES, type SideName } from './schedule.js';

const NO_FAULTS: BusFaults = { loss: 0, repeat: 0, delayMs: [1, 1], echo: 0, stranger: 0 };
const MEDIA = [
  { name: 'camera', kind: 'video' },
  { name: 'microphone', kind: 'audio' },
  { name: 'one', kind: 'video' },
  { name: 'two', kind: 'video' },
  { name: 'three', kind: 'audio' },
] as const;
const CHANNELS = ['r1', 'r2', 'p1', 'p2'];
const ENGINES: readonly PersonalityName[] = ['chromium', 'firefox', 'strict'];

function faultsOf(random: Random): BusFaults {
  const grade = random.next();
  if (grade < 0.2) return NO_FAULTS;
  const harsh = grade > 0.6;
  const longest = random.pick([5, 40, 120, harsh ? 600 : 200]);
  return {
    loss: harsh ? random.next() * 0.3 : random.next() * 0.05,
    repeat: random.next() * (harsh ? 0.5 : 0.15),
    delayMs: [random.int(0, Math.floor(longest / 4)), longest],
    echo: random.chance(0.3) ? random.next() : 0,
    stranger: random.chance(0.4) ? random.next() * 0.5 : 0,
  };
}

type Draw = (random: Random) => Deed;
const media: Draw = (random) => ({ act: 'publish', ...random.pick(MEDIA), own: random.chance(0.5) });
const named =
  (act: 'remove' | 'mute' | 'unmute'): Draw =>
  (random) => ({ act, name: random.pick(MEDIA).name });
const bytesOf = (random: Random): number => (random.chance(0.15) ? random.int(50_000, 200_000) : random.int(0, 400));
const send: Draw = (random) => {
  const channel = random.pick(CHANNELS);
  return {
    act: 'send',
    channel,
    count: random.int(1, 20),
    bytes: channel.startsWith('r') ? bytesOf(random) : random.int(0, 400),
  };
};
const lasting = (act: 'cut' | 'ice-failure' | 'network-down' | 'freeze' | 'pause', longestMs: number): Draw => {
  return (random) => ({ act, forMs: random.int(20, random.chance(0.7) ? Math.min(1_500, longestMs) : longestMs) });
};
const gone = (act: 'reload' | 'crash'): Draw => {
  return (random) => ({ act, forMs: random.int(1, random.chance(0.7) ? 800 : 6_000) });
};

const OUTAGES: readonly (readonly [weight: number, draw: Draw])[] = [
  [3, () => ({ act: 'restart' })],
  [3, lasting('cut', 4_000)],
  [3, () => ({ act: 'kill' })],
  [3, lasting('ice-failure', 9_000)],
  [3, lasting('network-down', 9_000)],
  [3, () => ({ act: 'address-change' })],
  [2, lasting('freeze', 6_000)],
  [2, lasting('pause', 6_000)],
];
const TABLES: Readonly<Record<Profile, readonly (readonly [weight: number, draw: Draw])[]>> = {
  mixed: [
    [18, media],
    [7, named('remove')],
    [5, named('mute')],
    [4, named('unmute')],
    [8, (random) => ({ act: 'open', channel: random.pick(CHANNELS) })],
    [3, (random) => ({ act: 'shut', channel: random.pick(CHANNELS) })],
    [12, send],
    [4, gone('reload')],
    [2, gone('crash')],
    ...OUTAGES,
  ],
  outages: [[30, (random) => ({ act: 'send', channel: 'r1', count: random.int(1, 30), bytes: bytesOf(random) })], ...OUTAGES],
};

function drawDeed(random: Random, profile: Profile): Deed {
  const table = TABLES[profile];
  let left = random.next() * table.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, draw] of table) {
    left -= weight;
    if (left < 0) return draw(random);
  }
  return { act: 'restart' };
}

/** Acts come in clusters: what happens within a round trip of something else is what breaks. */
function timesOf(random: Random, count: number, endMs: number): number[] {
  const centres = Array.from({ length: random.int(1, 4) }, () => random.int(0, endMs - 500));
  return Array.from({ length: count }, () =>
    random.chance(0.7) ? random.pick(centres) + random.int(0, 300) : random.int(0, endMs - 1),
  ).sort((a, b) => a - b);
}

/** The schedule of a seed. */
export function generateSchedule(seed: number, profile: Profile = 'mixed'): Schedule {
  const random = createRandom(seed).fork(`schedule ${profile}`);
  const endMs = random.pick([2_000, 4_000, 8_000, 12_000]);
  const engine = (): PersonalityName => random.pick(ENGINES);
  const place = random.pick(['lan', 'lan', 'lan', 'lan', 'cone', 'cone', 'symmetric'] as const);
  const late = random.chance(0.5) ? 0 : random.int(1, random.chance(0.7) ? 500 : 4_000);
  const first = random.chance(0.5);
  const acts: Act[] = timesOf(random, random.int(3, 14), endMs).map((atMs) => ({
    atMs,
    side: random.pick(SIDES),
    ...drawDeed(random, profile),
  }));
  if (profile === 'mixed' && random.chance(0.12)) acts.push(closing(random, endMs));
  return {
    seed,
    personality: [engine(), engine()],
    place,
    presence: random.chance(0.5),
    endMs,
    faults: faultsOf(random),
    startMs: first ? [0, late] : [late, 0],
    fetch: [random.chance(0.3), random.chance(0.3)],
    acts,
  };
}

function closing(random: Random, endMs: number): Act {
  const side: SideName = random.pick(SIDES);
  return { atMs: endMs - random.int(0, 400), side, act: 'close', reason: random.pick(['closed', 'hung-up', 'moved']) };
}
