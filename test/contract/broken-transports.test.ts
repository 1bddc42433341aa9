import type { SignalMessage } from 'peer-session';
import { type TransportExam, transportContract } from 'peer-session/testing';
import { delayed, lossy, memory } from 'peer-session/transports';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BROKEN_DELIVERY } from './broken/delivery.js';
import { BROKEN_LIFE } from './broken/life.js';
import { BROKEN_PRESENCE } from './broken/presence.js';
import { bus, server } from './broken/twist.js';

const BROKEN = [...BROKEN_LIFE, ...BROKEN_DELIVERY, ...BROKEN_PRESENCE];

// The transports of this file live inside the process: time can be made to pass.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The whole exam, check by check: what was found, by the name of the check. */
async function failuresOf(setup: Parameters<typeof transportContract>[0]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const all = transportContract(setup).map(({ name, run }) =>
    run().catch((error: unknown) => {
      found[name] = (error as Error).message;
    }),
  );
  const done = Promise.all(all);
  let running = true;
  void done.finally(() => {
    running = false;
  });
  while (running) await vi.advanceTimersByTimeAsync(50);
  await done;
  return found;
}

describe('the exam finds the transport that', () => {
  it.each(BROKEN)('$fault', async ({ rule, says, setup }) => {
    const found = await failuresOf(setup);
    expect(Object.keys(found)).toEqual([rule]);
    expect(found[rule]).toMatch(says);
    expect(found[rule]).toMatch(new RegExp(`^The transport ".*" breaks the rule "${rule}": .+\\. To mend it: .+\\.$`));
  });

  it('is faulty, for every check that there is', () => {
    const rules = transportContract(() => bus()).map(({ name }) => name);
    expect([...new Set(BROKEN.map(({ rule }) => rule))].sort()).toEqual([...rules].sort());
    expect(new Set(rules).size).toBe(rules.length);
  });
});

describe('the exam lets pass a transport that', () => {
  /** Hands each message on to `receive` as `pass` says. */
  const hearing = (pass: (data: unknown, receive: (data: unknown) => void) => void): TransportExam =>
    bus({ context: ({ receive }) => ({ receive: (data) => pass(data, receive) }) });
  const refusing = (when: (message: SignalMessage) => boolean): TransportExam =>
    bus({
      channel: ({ send }) => ({
        send: (message) => (when(message) ? Promise.reject(new Error('not now, or never')) : send(message)),
      }),
    });
  let turn = 0;
  const uneven = (tell: () => void): (() => void) => {
    const timer = setTimeout(tell, (turn++ * 37) % 200);
    return () => clearTimeout(timer);
  };
  const tooFast = (): (() => boolean) => {
    let burst = 0;
    return () => {
      setTimeout(() => burst--, 20);
      return burst++ >= 10;
    };
  };
  const large = (message: SignalMessage): boolean => JSON.stringify(message).length > 8192;

  const allowed: readonly (readonly [string, () => TransportExam])[] = [
    ['echoes, as every bus does', () => bus()],
    ['gives text', () => hearing((data, receive) => receive(JSON.stringify(data)))],
    ['repeats', () => hearing((data, receive) => void [receive(data), receive(data)])],
    [
      'brings what is none of our business',
      () => hearing((data, receive) => void ['{', null, 7, { hello: 1 }, data].map(receive)),
    ],
    [
      'names oneself among those present',
      () => server({ context: ({ peers, peerId }) => ({ peers: (ids) => peers([...ids, peerId]) }) }),
    ],
    ['loses a third, if it says so', () => ({ loses: true, transport: lossy(memory(), 0.3, () => (turn++ % 3) / 3) })],
    ['takes no more than 8 kB, if it says so', () => ({ ...refusing(large), messageBytes: 8192 })],
    ['refuses what comes too fast', () => refusing(tooFast())],
    ['is slow, and lets messages overtake each other', () => ({ presence: true, transport: delayed(memory(), 1, uneven) })],
    ['opens without a promise', () => ({ transport: memory() })],
  ];
  it.each(allowed)('%s', async (_, setup) => expect(await failuresOf(setup)).toEqual({}));
});
