import { SessionError, type SignalingTransport } from 'peer-session';
import { delayed, fallback, logged, lossy, memory, type TransportLogEntry } from 'peer-session/transports';
import { describe, expect, it, vi } from 'vitest';
import { Recorder } from './recorder.js';

/** Never opens, and says when it was asked to stop. */
const stuck = (): SignalingTransport & { stopped: Promise<void> } => {
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const connect: SignalingTransport['connect'] = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        stop();
        reject(new Error('stopped'));
      });
    });
  return { name: 'stuck', connect, stopped };
};
const failing = (error: unknown): SignalingTransport => ({ name: 'failing', connect: () => Promise.reject(error) });
const refusing = failing(new SessionError('signaling-refused', 'no'));

describe('fallback', () => {
  it('opens the first that works', async () => {
    const bus = memory();
    const a = await new Recorder('a').connect(fallback([failing(new Error('down')), refusing, bus, stuck()]));
    const b = await new Recorder('b').connect(bus);
    await a.sees('b');
    await a.send({ reason: 'hi' });
    await b.heard('hi');
  });

  it('goes on when one takes too long, and stops it', async () => {
    vi.useFakeTimers();
    try {
      const slow = stuck();
      const opening = new Recorder('a').connect(fallback([slow, memory()], { attemptMs: 500 }));
      await vi.advanceTimersByTimeAsync(500);
      await slow.stopped;
      await opening;
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not listen to one that has failed, and closes it when it opens after all', async () => {
    const events: string[] = [];
    let late: (() => void) | undefined;
    const tardy: SignalingTransport = {
      name: 'tardy',
      connect: (context) =>
        new Promise((resolve) => {
          late = () => {
            context.receive({ reason: 'too late' });
            context.lost();
            resolve({ send: () => undefined, close: () => void events.push('closed') });
          };
        }),
    };
    vi.useFakeTimers();
    try {
      const a = new Recorder('a');
      const opening = a.connect(fallback([tardy, memory()], { attemptMs: 5 }));
      await vi.advanceTimersByTimeAsync(5);
      await opening;
      late?.();
      await vi.advanceTimersByTimeAsync(0);
      expect(events).toEqual(['closed']);
      expect(a.told).toEqual([{ what: 'peers', present: [] }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['all refuse for good -> final', [refusing, refusing], 'signaling-refused', false],
    ['one may work later -> tried again', [refusing, failing(new Error('down'))], 'signaling-open', true],
  ] as const)('%s', async (_, transports, code, retryable) => {
    const error: unknown = await new Recorder('a').connect(fallback(transports)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining('failing, failing') });
    expect((error as { cause: AggregateError }).cause.errors).toHaveLength(2);
  });

  it('stops at once when aborted', async () => {
    const a = new Recorder('a');
    const slow = stuck();
    const opening = a.connect(fallback([slow, memory()]));
    a.life.abort();
    await expect(opening).rejects.toMatchObject({ code: 'aborted' });
    await slow.stopped;
  });

  it('refuses an empty list', () => {
    expect(() => fallback([])).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

describe('delayed', () => {
  it('delays what this side hears, in order, and not what it knew before it opened', async () => {
    vi.useFakeTimers();
    try {
      const bus = memory();
      const b = await new Recorder('b').connect(bus);
      const a = await new Recorder('a').connect(delayed(bus, 200));
      expect(a.told).toEqual([{ what: 'peers', present: ['b'] }]);
      await b.send({ reason: '1' });
      await b.send({ reason: '2' });
      await new Recorder('c').connect(bus);
      await vi.advanceTimersByTimeAsync(199);
      expect(a.told).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(a.reasons).toEqual(['1', '2']);
      await a.sees('b', 'c');
      await a.send({ reason: 'at once' });
      await b.heard('at once');
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes another clock, and after close leaves no timer in it', async () => {
    const timers = new Map<() => void, number>();
    const timer = (fn: () => void, ms: number): (() => void) => {
      timers.set(fn, ms);
      return () => void timers.delete(fn);
    };
    const bus = memory();
    const a = await new Recorder('a').connect(delayed(bus, 200, timer));
    const b = await new Recorder('b').connect(bus);
    await b.send();
    expect([...timers.values()]).toEqual([200, 200]);
    await a.close();
    expect(timers.size).toBe(0);
    expect(a.reasons).toEqual([]);
  });
});

describe('lossy', () => {
  it('loses by the numbers it is given', async () => {
    const bus = memory();
    const numbers = [0.1, 0.3, 0.2999, 0.9];
    const a = await new Recorder('a').connect(lossy(bus, 0.3, () => numbers.shift() ?? 1));
    const b = await new Recorder('b').connect(bus);
    for (const reason of ['lost', 'first', 'lost too', 'second']) await a.send({ reason });
    await b.heard('second');
    expect(b.reasons).toEqual(['first', 'second']);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses the probability %s', (probability) => {
    expect(() => lossy(memory(), probability)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

describe('logged', () => {
  it('tells what passes, without what is secret', async () => {
    const entries: TransportLogEntry[] = [];
    const bus = memory();
    const a = await new Recorder('a').connect(logged(bus, (entry) => void entries.push(entry)));
    const b = await new Recorder('b').connect(bus);
    await a.send({ kind: 'offer', id: 'o1', sdp: 'a=ice-pwd:secret', seq: 3 });
    await b.send({ reason: 'x'.repeat(50), to: 'a', me: 'secret' });
    await a.heard('x'.repeat(50));
    await a.close();
    await expect(a.send()).rejects.toMatchObject({ code: 'signaling-lost' });
    expect(entries.map(({ what }) => what)).toEqual([
      'opening',
      'peers',
      'open',
      'peers',
      'send',
      'receive',
      'close',
      'send',
      'send-failed',
    ]);
    expect(entries[4]?.message).toEqual({ kind: 'offer', from: 'a', epoch: 1, seq: 3, ack: 0 });
    expect(entries.at(-1)?.error).toContain('signaling-lost');
    expect(JSON.stringify(entries)).not.toContain('secret');
  });

  it('tells of failures, of rubbish, and survives a log that throws', async () => {
    const entries: TransportLogEntry[] = [];
    await expect(new Recorder('a').connect(logged(refusing, (entry) => void entries.push(entry)))).rejects.toThrow('no');
    expect(entries.at(-1)).toEqual({ transport: 'failing', what: 'failed', error: 'signaling-refused: no' });
    const odd: SignalingTransport = {
      name: 'odd',
      connect(context) {
        for (const data of ['{', 7, null, { kind: { deep: 'secret' }, from: 'x'.repeat(1000) }]) context.receive(data);
        context.lost('why');
        return { send: () => undefined, close: () => undefined };
      },
    };
    const seen: unknown[] = [];
    const context = {
      ...new Recorder('a').context,
      receive: (data: unknown) => void seen.push(data),
      lost: () => void seen.push('lost'),
    };
    await logged(odd, (entry) => void entries.push(entry)).connect(context);
    expect(entries.at(-3)?.message).toEqual({ kind: 'object', from: 'x'.repeat(128) });
    await logged(odd, () => {
      throw new Error('the disk is full');
    }).connect(context);
    expect(seen).toHaveLength(10);
  });
});
