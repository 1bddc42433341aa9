import { beforeEach, describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.js';
import { Carrier } from '../../../src/signaling/carrier.js';
import type { SignalMessage } from '../../../src/signaling/message.js';
import type { SignalingChannel, SignalingContext } from '../../../src/signaling/transport.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

const message: SignalMessage = { v: 1, from: 'alice', me: 'a1', epoch: 1, seq: 0, ack: 0, kind: 'hello' };

/** One call of `connect`, in the hands of the test. */
interface Attempt {
  readonly at: number;
  readonly context: SignalingContext;
  readonly sent: SignalMessage[];
  closed: number;
  open(): void;
  fail(cause: unknown): void;
}

let clock: Clock;
let attempts: Attempt[];
let told: string[];
let refuse: ((message: SignalMessage) => void | Promise<void>) | undefined;
let askAgain: boolean;
let carrier: Carrier;

const settle = (): Promise<void> => clock.advance(0);
const last = (): Attempt => attempts.at(-1) as Attempt;

beforeEach(() => {
  clock = new Clock();
  attempts = [];
  told = [];
  refuse = undefined;
  askAgain = false;
  carrier = new Carrier({
    transport: {
      name: 'scripted',
      connect(context): Promise<SignalingChannel> {
        return new Promise((resolve, reject) => {
          const attempt: Attempt = {
            at: clock.now(),
            context,
            sent: [],
            closed: 0,
            open: () =>
              resolve({
                send(one) {
                  if (refuse) return refuse(one);
                  attempt.sent.push(one);
                },
                close() {
                  attempt.closed++;
                },
              }),
            fail: reject,
          };
          attempts.push(attempt);
        });
      },
    },
    peerId: 'alice',
    platform: fakePlatform(clock),
    receive: (data) => told.push(`receive ${String(data)}`),
    peers: (present) => told.push(`peers ${present.join()}`),
    opened: () => {},
    turned: () => told.push(carrier.status),
    warn: ({ code }) => told.push(`warn ${code}`),
    refused: ({ code }) => {
      told.push(`refused ${code}`);
      return askAgain;
    },
  });
});

async function opened(): Promise<Attempt> {
  carrier.kick();
  last().open();
  await settle();
  return last();
}

describe('Carrier', () => {
  it('opens once, however often it is kicked', async () => {
    carrier.kick();
    carrier.kick();
    expect(attempts.length).toBe(1);
    last().open();
    await settle();
    carrier.kick();
    expect(attempts.length).toBe(1);
    expect(told).toEqual(['open']);
    expect(carrier.open).toBe(true);
  });

  it('tells who is there without ourselves', async () => {
    const { context } = await opened();
    context.peers(['alice', 'bob']);
    context.receive('word');
    expect(told).toEqual(['open', 'peers bob', 'receive word']);
  });

  it('tries again with growing, bounded waits', async () => {
    carrier.kick();
    for (let i = 0; i < 12; i++) {
      last().fail(new Error('no'));
      await settle();
      const { length } = attempts;
      while (attempts.length === length) await clock.advance(1);
    }
    const waits = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0));
    // Three quarters of 250, 500, 1000 ms: the random number is 0.5 here. Time moves in steps of 1 ms.
    expect(waits.slice(0, 4).map((ms) => Math.round(ms / 10))).toEqual([19, 38, 75, 75]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(751);
    expect(told).toEqual(['lost']);
    expect(carrier.lastError).toEqual(new Error('no'));
  });

  it('gives an attempt up that does not answer, aborts it, and closes a channel that comes after that', async () => {
    carrier.kick();
    const [first] = attempts;
    await clock.advance(2_499);
    expect(first?.context.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(first?.context.signal.aborted).toBe(true);
    await clock.advance(1_000);
    expect(attempts.length).toBe(2);
    first?.open();
    await settle();
    expect(first?.closed).toBe(1);
    expect(told).toEqual(['lost']);
    first?.context.receive('late');
    first?.context.peers(['bob']);
    first?.context.lost();
    last().open();
    await settle();
    expect(told).toEqual(['lost', 'open']);
    expect(attempts.length).toBe(2);
  });

  it('a lost channel is told, closed and opened again; a kick does it at once', async () => {
    const first = await opened();
    first.context.lost(new Error('gone'));
    first.context.lost(new Error('gone again'));
    expect(told).toEqual(['open', 'lost', 'warn signaling-lost']);
    expect(first.closed).toBe(1);
    expect(carrier.open).toBe(false);
    expect(attempts.length).toBe(1);
    carrier.kick();
    expect(attempts.length).toBe(2);
    last().open();
    await clock.advance(10_000);
    expect(attempts.length).toBe(2);
    expect(told.at(-1)).toBe('open');
  });

  it.each(['while opening', 'when open'])('a refusal %s ends it for good', async (when) => {
    const error = new SessionError('signaling-refused', 'wrong token');
    if (when === 'when open') (await opened()).context.lost(error);
    else {
      carrier.kick();
      last().fail(error);
    }
    await clock.advance(60_000);
    expect(told.at(-1)).toBe('refused signaling-refused');
    expect(attempts.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('a refusal while a call goes on: once more soon, for a fresh token, then every eight seconds at most', async () => {
    askAgain = true;
    const error = new SessionError('signaling-refused', 'token expired');
    (await opened()).context.lost(error);
    await clock.advance(500);
    expect(attempts.length).toBe(2);
    for (const made of [2, 3, 4]) {
      last().fail(error);
      await clock.advance(3_000);
      expect(attempts.length).toBe(made);
      await clock.advance(5_000);
      expect(attempts.length).toBe(made + 1);
    }
    last().open();
    await settle();
    expect(told.at(-1)).toBe('open');
    expect(told).not.toContain('warn signaling-lost');
  });

  it('a retryable SessionError is tried again', async () => {
    carrier.kick();
    last().fail(new SessionError('signaling-open', 'busy'));
    await clock.advance(1_000);
    expect(attempts.length).toBe(2);
    expect(told).toEqual(['lost']);
  });

  it('a message that is not taken harms nothing', async () => {
    const first = await opened();
    refuse = () => {
      throw new Error('thrown');
    };
    carrier.send(message);
    refuse = () => Promise.reject(new Error('rejected'));
    carrier.send(message);
    refuse = undefined;
    carrier.send(message);
    await settle();
    expect(first.sent.at(-1)).toEqual(message);
    expect(told).toEqual(['open']);
  });

  it('close(): what was said in the same task still leaves, then nothing is opened or told any more', async () => {
    const first = await opened();
    carrier.send(message);
    carrier.close();
    expect(first.closed).toBe(0);
    await settle();
    expect(first.sent).toEqual([message]);
    expect(first.closed).toBe(1);
    expect(first.context.signal.aborted).toBe(true);
    first.context.receive('late');
    first.context.lost();
    carrier.kick();
    await clock.advance(60_000);
    expect(attempts.length).toBe(1);
    expect(told).toEqual(['open']);
    expect(clock.pending).toBe(0);
  });

  it('close() while opening aborts the attempt, and closes what comes of it', async () => {
    carrier.kick();
    carrier.close();
    await settle();
    expect(last().context.signal.aborted).toBe(true);
    last().open();
    await settle();
    expect(last().closed).toBe(1);
    expect(told).toEqual([]);
    await clock.advance(60_000);
    expect(attempts.length).toBe(1);
  });
});
