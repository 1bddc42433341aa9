import { beforeEach, describe, expect, it } from 'vitest';
import { Liveness } from '../../../src/ice/liveness.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

let clock: Clock;
let pings: number[];
let silent: number[];
let flows: number[];
/** The counters of the path grow: media comes. */
let carries: boolean;
/** The peer answers a ping after so long, or not at all. */
let answerMs: number | null;
let liveness: Liveness;

/** @param clamp timers fire at whole multiples of this, as on a hidden page */
function build(clamp = 0): Liveness {
  const platform = fakePlatform(clock, {
    timer: (fn, ms) => clock.timer(fn, clamp === 0 ? ms : Math.ceil((clock.now() + ms) / clamp) * clamp - clock.now()),
  });
  return new Liveness({
    platform,
    ping: () => {
      pings.push(clock.now());
      if (answerMs !== null) clock.timer(() => liveness.heard(), answerMs);
    },
    silent: () => silent.push(clock.now()),
    read: () => Promise.resolve(carries ? 0 : null),
    rtt: () => 0,
    flows: () => flows.push(clock.now()),
  });
}

beforeEach(() => {
  clock = new Clock();
  pings = [];
  silent = [];
  flows = [];
  carries = false;
  answerMs = 30;
  liveness = build();
});

describe('a path that is looked after', () => {
  it('is asked only when it was quiet, and an answer is enough', async () => {
    liveness.watch();
    await clock.advance(600_000);
    expect(silent).toEqual([]);
    expect(pings.length).toBeGreaterThan(50);
    expect(pings.length).toBeLessThan(600);
  });

  it('is not asked while it speaks by itself', async () => {
    liveness.watch();
    for (let i = 0; i < 100; i++) {
      liveness.heard();
      await clock.advance(500);
    }
    expect(pings).toEqual([]);
  });

  it('is silent when a question stays without answer, within 6 s', async () => {
    liveness.watch();
    answerMs = null;
    await clock.advance(6000);
    expect(pings.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
    expect(silent[0]).toBeGreaterThan(pings[0] as number);
  });

  it('a slow answer is an answer', async () => {
    answerMs = 1400;
    liveness.watch();
    await clock.advance(120_000);
    expect(silent).toEqual([]);
  });

  it('asking again does not put off the conclusion', async () => {
    liveness.watch();
    answerMs = null;
    for (let i = 0; i < 20; i++) {
      liveness.ask();
      await clock.advance(400);
    }
    expect(silent.length).toBeGreaterThan(0);
    expect(silent[0]).toBeLessThan(6000);
  });

  it('a hidden page, whose timers fire once a minute: an answered question never ends in silence', async () => {
    liveness = build(60_000);
    liveness.watch();
    await clock.advance(30 * 60_000);
    expect(silent).toEqual([]);
    expect(pings.length).toBeGreaterThan(10);
  });

  it('a hidden page, whose timers fire once a second: media that flows has no gaps', async () => {
    carries = true;
    liveness = build(1_000);
    liveness.watch();
    await clock.advance(60_000);
    expect([pings, silent, flows]).toEqual([[], [], []]);
  });

  it('a hidden page still notices the end', async () => {
    liveness = build(60_000);
    liveness.watch();
    await clock.advance(120_000);
    answerMs = null;
    await clock.advance(180_000);
    expect(silent.length).toBeGreaterThan(0);
  });
});

describe('a path that carries media', () => {
  beforeEach(async () => {
    carries = true;
    answerMs = null;
    liveness.watch();
    await clock.advance(10_000);
  });

  it('is never asked', () => {
    expect([pings, silent]).toEqual([[], []]);
  });

  it('is missed within 2.5 s of its last packet', async () => {
    carries = false;
    const since = clock.now();
    await clock.advance(2500);
    expect(pings.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
    expect((silent[0] as number) - since).toBeGreaterThan(800);
  });

  it('may pause: an answered question is enough, and then it counts as a quiet one', async () => {
    carries = false;
    answerMs = 400;
    await clock.advance(60_000);
    expect(silent).toEqual([]);
  });

  it('a gap too short to be trouble is told when it ends', async () => {
    carries = false;
    await clock.advance(800);
    carries = true;
    await clock.advance(1000);
    expect(flows.length).toBe(1);
    expect(silent).toEqual([]);
  });

  it('in trouble: the first growth is told', async () => {
    carries = false;
    liveness.watch(true);
    await clock.advance(5000);
    expect([flows, silent]).toEqual([[], []]);
    carries = true;
    await clock.advance(300);
    expect(flows.length).toBeGreaterThan(0);
  });
});

describe('a path that is not', () => {
  it('is not asked after stop(), and what was asked before is forgotten', async () => {
    liveness.watch();
    answerMs = null;
    await clock.advance(3000);
    liveness.stop();
    const before = pings.length;
    await clock.advance(60_000);
    expect([pings.length, silent]).toEqual([before, []]);
    expect(clock.pending).toBe(0);
    answerMs = 30;
    liveness.watch();
    await clock.advance(60_000);
    expect(silent).toEqual([]);
  });

  it('watch() twice is watch() once', async () => {
    liveness.watch();
    liveness.watch();
    expect(clock.pending).toBe(1);
  });
});
