import { EventEmitter } from 'node:events';
import { broadcastChannel, fromEmitter, messagePort } from 'peer-session/transports';
import { afterEach, describe, expect, it } from 'vitest';
import { Recorder } from './recorder.js';

const opened: Recorder[] = [];
const join = async (...[transport, id]: [Parameters<Recorder['connect']>[0], string]): Promise<Recorder> => {
  const recorder = await new Recorder(id).connect(transport);
  opened.push(recorder);
  return recorder;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((recorder) => recorder.close()));
});

describe('broadcastChannel', () => {
  it('reaches all others with that name', async () => {
    const [a, b, c] = [
      await join(broadcastChannel('one'), 'a'),
      await join(broadcastChannel('one'), 'b'),
      await join(broadcastChannel('two'), 'c'),
    ];
    await a.send({ reason: 'to b' });
    await b.heard('to b');
    await b.send({ reason: 'back' });
    await a.heard('back');
    expect([a.reasons, c.reasons]).toEqual([['back'], []]);
  });

  it('refuses to send after close, which may be said twice', async () => {
    const a = await join(broadcastChannel('one'), 'a');
    await a.close();
    await a.close();
    await expect(a.send()).rejects.toMatchObject({ code: 'signaling-lost' });
  });

  it('takes another implementation, and hears nothing of it after close', async () => {
    const channels: EventTarget[] = [];
    class Late extends EventTarget {
      constructor(readonly name: string) {
        super();
        channels.push(this);
      }
      postMessage(): void {}
      close(): void {}
    }
    const a = await join(broadcastChannel('one', { BroadcastChannel: Late }), 'a');
    const say = (reason: string): unknown => channels[0]?.dispatchEvent(new MessageEvent('message', { data: { reason } }));
    say('in time');
    await a.close();
    say('too late');
    expect(a.reasons).toEqual(['in time']);
  });

  it('says so where there is none, and does not open when aborted', async () => {
    const { BroadcastChannel } = globalThis;
    Reflect.deleteProperty(globalThis, 'BroadcastChannel');
    try {
      await expect(join(broadcastChannel('one'), 'a')).rejects.toMatchObject({ code: 'unsupported', retryable: false });
    } finally {
      globalThis.BroadcastChannel = BroadcastChannel;
    }
    const late = new Recorder('a');
    late.life.abort();
    await expect(late.connect(broadcastChannel('one'))).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('messagePort', () => {
  it('reaches the other end, one session after another', async () => {
    const { port1, port2 } = new MessageChannel();
    const [ours, theirs] = [messagePort(port1), messagePort(port2)];
    const first = await join(ours, 'a');
    const b = await join(theirs, 'b');
    await first.send({ reason: 'one' });
    await b.heard('one');
    await first.close();
    await first.close();
    await expect(first.send()).rejects.toMatchObject({ code: 'signaling-lost' });
    const second = await join(ours, 'a');
    await b.send({ reason: 'two' });
    await second.heard('two');
    expect(first.reasons).toEqual([]);
    port1.close();
  });

  it('tells that the other end is gone, for good', async () => {
    const { port1, port2 } = new MessageChannel();
    const ours = messagePort(port1);
    const a = await join(ours, 'a');
    port2.close();
    await expect(a.lost()).resolves.toMatchObject({ code: 'signaling-refused' });
    await expect(a.send()).rejects.toMatchObject({ code: 'signaling-lost' });
    await expect(join(ours, 'a')).rejects.toMatchObject({ code: 'signaling-refused', retryable: false });
  });
});

describe('fromEmitter', () => {
  const wire = (): EventEmitter => new EventEmitter();

  it('speaks by one event, both ways, and leaves no listener behind', async () => {
    const emitter = wire();
    const a = await join(fromEmitter(emitter, { event: 'rtc' }), 'a');
    const b = await join(fromEmitter(emitter, { event: 'rtc' }), 'b');
    await a.send({ reason: 'hi' });
    await b.heard('hi');
    await a.close();
    await a.close();
    expect(emitter.listenerCount('rtc')).toBe(1);
    await b.close();
    expect(emitter.listenerCount('rtc')).toBe(0);
    await expect(a.send()).rejects.toMatchObject({ code: 'signaling-lost' });
  });

  it('passes on that the carrier is down, until it is closed', async () => {
    const emitter = wire();
    const onLost = (lost: (cause?: unknown) => void): (() => void) => {
      emitter.on('disconnect', lost);
      return () => emitter.off('disconnect', lost);
    };
    const a = await join(fromEmitter(emitter, { onLost }), 'a');
    emitter.emit('disconnect', 'gone');
    await expect(a.lost()).resolves.toBe('gone');
    await a.close();
    expect(emitter.listenerCount('disconnect')).toBe(0);
  });
});
