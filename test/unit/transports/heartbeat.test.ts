import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Heartbeat } from '../../../src/transports/heartbeat.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(heartbeatMs = 5_000): { events: string[]; heartbeat: Heartbeat } {
  const events: string[] = [];
  const heartbeat = new Heartbeat({
    heartbeatMs,
    answerMs: 3_000,
    clock: {
      now: () => performance.now(),
      timer: (fn, ms) => {
        const id = setTimeout(fn, ms);
        return () => clearTimeout(id);
      },
    },
    ask: () => events.push('ask'),
    dead: () => events.push('dead'),
  });
  return { events, heartbeat };
}

describe('Heartbeat', () => {
  it('asks after silence, and calls it dead when nothing comes', () => {
    const { events } = start();
    vi.advanceTimersByTime(4_999);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(events).toEqual(['ask']);
    vi.advanceTimersByTime(2_999);
    expect(events).toEqual(['ask']);
    vi.advanceTimersByTime(1);
    expect(events).toEqual(['ask', 'dead']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks nothing while things are heard', () => {
    const { events, heartbeat } = start();
    for (let i = 0; i < 100; i++) {
      vi.advanceTimersByTime(4_999);
      heartbeat.heard();
    }
    expect(events).toEqual([]);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('takes anything heard as the answer', () => {
    const { events, heartbeat } = start();
    vi.advanceTimersByTime(7_999);
    heartbeat.heard();
    vi.advanceTimersByTime(4_999);
    expect(events).toEqual(['ask']);
    vi.advanceTimersByTime(1);
    expect(events).toEqual(['ask', 'ask']);
  });

  it('asks again instead of giving up when it was this side that slept', () => {
    const { events } = start();
    vi.advanceTimersByTime(5_000);
    // Frozen for a minute: the clock went on, the timers did not.
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    vi.advanceTimersByTime(3_000);
    expect(events).toEqual(['ask', 'ask']);
    now.mockRestore();
    vi.advanceTimersByTime(3_000);
    expect(events).toEqual(['ask', 'ask', 'dead']);
  });

  it('asks again only once where timers are always late', () => {
    const { events } = start();
    let late = 0;
    const real = performance.now.bind(performance);
    const now = vi.spyOn(performance, 'now').mockImplementation(() => real() + late);
    vi.advanceTimersByTime(5_000);
    for (let i = 0; i < 2; i++) {
      late += 60_000;
      vi.advanceTimersByTime(3_000);
    }
    expect(events).toEqual(['ask', 'ask', 'dead']);
    now.mockRestore();
  });

  it('is over when stopped, also while an answer is awaited', () => {
    const { events, heartbeat } = start();
    vi.advanceTimersByTime(5_000);
    heartbeat.stop();
    heartbeat.heard();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(events).toEqual(['ask']);
  });

  it('asks nothing when switched off', () => {
    const { heartbeat } = start(Number.POSITIVE_INFINITY);
    heartbeat.heard();
    expect(vi.getTimerCount()).toBe(0);
  });
});
