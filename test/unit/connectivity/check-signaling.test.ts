import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkSignaling, isMarked } from '../../../src/connectivity/check-signaling.js';
import type { SignalingReport } from '../../../src/connectivity/connectivity-report.js';
import { runStep } from '../../../src/connectivity/run-step.js';
import { SessionError } from '../../../src/errors.js';
import { browserPlatform } from '../../../src/platform.js';
import type { SignalMessage } from '../../../src/signaling/message.js';
import { parseMessage } from '../../../src/signaling/parse-message.js';
import type { SignalingContext, SignalingTransport } from '../../../src/signaling/transport.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function check(transport: SignalingTransport, limitMs = 10_000): Promise<SignalingReport> {
  const report = runStep(browserPlatform(), limitMs, undefined, (step) => checkSignaling(step, transport));
  await vi.runAllTimersAsync();
  return report;
}

/** A bus that takes 100 ms to open and 20 ms for each message, and hands messages over as text to everybody. */
function bus({ carries = true, openMs = 100 } = {}) {
  const members = new Set<SignalingContext>();
  const said: SignalMessage[] = [];
  const transport: SignalingTransport = {
    name: 'bus',
    async connect(context) {
      await new Promise((resolve) => setTimeout(resolve, openMs));
      members.add(context);
      return {
        send(message) {
          said.push(message);
          const deliver = (): void => {
            for (const { receive } of members) receive(JSON.stringify(message));
          };
          if (carries) setTimeout(deliver, 20);
        },
        close: () => void members.delete(context),
      };
    },
  };
  return { transport, members, said };
}

describe('checkSignaling', () => {
  it('opens, hears itself, and leaves', async () => {
    const { transport, members, said } = bus();
    expect(await check(transport)).toEqual({ ok: true, openMs: 100, roundTripMs: 40, problem: null });
    expect(members.size).toBe(0);
    // What was said is valid, addressed and unnumbered: a session that hears it drops it.
    expect(said).toHaveLength(2);
    for (const message of said) {
      expect(parseMessage(JSON.stringify(message))).toMatchObject({ kind: 'state', seq: 0, to: expect.any(String) });
    }
  });

  it('opens but carries nothing: ok, without a round trip, and it does not wait for ever', async () => {
    const { transport, members } = bus({ carries: false });
    expect(await check(transport)).toEqual({ ok: true, openMs: 100, roundTripMs: null, problem: null });
    expect(members.size).toBe(0);
  });

  it('knows one partner only: ok, without a round trip', async () => {
    const { transport, members } = bus();
    let calls = 0;
    const narrow: SignalingTransport = {
      name: 'narrow',
      connect: (context) => (++calls > 1 ? Promise.reject(new Error('occupied')) : transport.connect(context)),
    };
    expect(await check(narrow)).toMatchObject({ ok: true, roundTripMs: null, problem: null });
    expect(members.size).toBe(0);
  });

  it.each<[string, SignalingTransport['connect'], string, RegExp]>([
    ['rejects', () => Promise.reject(new Error('refused')), 'signaling-open', /"x" did not open: refused/],
    [
      'throws',
      () => {
        throw new TypeError('bug');
      },
      'signaling-open',
      /"x" did not open: bug/,
    ],
    [
      'rejects with a SessionError',
      () => Promise.reject(new SessionError('signaling-refused', 'no token')),
      'signaling-refused',
      /^no token$/,
    ],
    ['never opens', () => new Promise(() => {}), 'signaling-open', /no answer within 10000 ms/],
  ])('a transport that %s', async (_, connect, code, message) => {
    const report = await check({ name: 'x', connect });
    expect(report).toMatchObject({ ok: false, openMs: null, roundTripMs: null, problem: { code } });
    expect(report.problem?.message).toMatch(message);
  });

  it('closes a channel that opens after the time is up', async () => {
    const { transport, members } = bus({ openMs: 500 });
    expect(await check(transport, 200)).toMatchObject({ ok: false });
    expect(members.size).toBe(0);
  });
});

describe('isMarked', () => {
  it.each<[unknown, boolean]>([
    [{ me: 'mark', from: 'a' }, true],
    ['{"me":"mark","from":"a"}', true],
    [{ me: 'mark', from: 'b' }, false],
    [{ me: 'other', from: 'a' }, false],
    ['{not json', false],
    ['null', false],
    [null, false],
    [undefined, false],
    [7, false],
  ])('%j -> %s', (data, marked) => expect(isMarked(data, 'mark', 'a')).toBe(marked));
});
