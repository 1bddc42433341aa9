import { transportContract } from 'peer-session/testing';
import { describe, expect, it, vi } from 'vitest';
import { EventSourceOverFetch } from './event-source-over-fetch.js';
import { KINDS } from './transport-setups.js';

// Real sockets and processes on a machine that is busy with other tests. Nothing waits for this time to pass.
vi.setConfig({ testTimeout: 30_000 });
const limitMs = 25_000;
vi.stubGlobal('EventSource', EventSourceOverFetch);

describe.each(KINDS)('$name', ({ setup, unexamined }) => {
  for (const { name, run } of transportContract(async () => ({ ...(await setup()), limitMs }))) {
    // What nothing is lent for is named in the table: a check that is skipped by mistake must not pass for one that ran.
    const examined = !unexamined.some((pattern) => pattern.test(name));
    it(examined ? name : `not examined: ${name}`, async () => {
      const skip = vi.fn();
      await run({ skip });
      expect(skip).toHaveBeenCalledTimes(examined ? 0 : 1);
    });
  }
});
