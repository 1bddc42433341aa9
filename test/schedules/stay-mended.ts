import { describe, expect, it } from 'vitest';
import { playSchedule } from './play-schedule.js';
import { QUIET, type Schedule } from './schedule.js';

/** Plays schedules that failed once, each told as what differs from a quiet one. */
export function stayMended(what: string, found: Readonly<Record<string, Partial<Schedule>>>): void {
  describe(what, () => {
    it.each(Object.entries(found))('%s', async (_, one) => {
      expect((await playSchedule({ ...QUIET, ...one })).wrong).toEqual([]);
    });
  });
}
