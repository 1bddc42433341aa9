import { beforeEach, describe, expect, it } from 'vitest';
import { type ChannelData, RESUME_PROTOCOL } from '../../../src/channels/channel-options.js';
import { DataChannel } from '../../../src/channels/data-channel.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';
import { Wire } from './scripted-wire.js';

let warnings: string[];
let closed: number;
let lost: number;
let clock: Clock;
let wire: Wire;
let channel: DataChannel;

const build = (options = {}): DataChannel =>
  new DataChannel('chat', options, {
    platform: fakePlatform(clock),
    met: () => {},
    lost: () => lost++,
    closed: () => closed++,
    received: () => {},
    warn: ({ code }) => warnings.push(code),
  });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  warnings = [];
  closed = 0;
  lost = 0;
  clock = new Clock();
  wire = new Wire();
  channel = build();
});

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  await settle();
  return done;
}

describe('sending', () => {
  it('waits for the channel to open, then sends in order', async () => {
    const sent = [channel.send('one'), channel.send('two')];
    channel.attach(wire.real);
    expect(await isDone(Promise.all(sent))).toBe(false);
    expect(channel.state).toBe('connecting');
    wire.open();
    await Promise.all(sent);
    await channel.opened;
    expect(wire.sent).toEqual(['one', 'two']);
    expect(channel.state).toBe('open');
  });

  it('text, buffers and views, of another realm too; a view sends only its part', async () => {
    channel.attach(wire.real);
    wire.open();
    const bytes = Uint8Array.from([1, 2, 3, 4]);
    await channel.send(bytes.buffer);
    await channel.send(new DataView(bytes.buffer, 1, 2));
    const { runInNewContext } = await import('node:vm');
    await channel.send(runInNewContext('Uint8Array.from([7, 8]).buffer') as ArrayBuffer);
    expect(wire.sent.map((data) => [...(data as Uint8Array)])).toEqual([
      [1, 2, 3, 4],
      [2, 3],
      [7, 8],
    ]);
  });

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['a number', 7],
    ['an object', {}],
    ['a Blob', new Blob(['x'])],
  ])('refuses %s', async (_, data) => {
    await expect(channel.send(data as string)).rejects.toMatchObject({ code: 'message-type' });
  });

  it('stops at 1 MB in the buffer of the browser and goes on when it has drained', async () => {
    channel.attach(wire.real);
    wire.open();
    const part = new Uint8Array(256 * 1024);
    const sends = Array.from({ length: 10 }, () => channel.send(part));
    await settle();
    expect(wire.sent.length).toBe(4);
    expect(await isDone(sends[3] as Promise<void>)).toBe(true);
    expect(await isDone(sends[4] as Promise<void>)).toBe(false);
    expect(wire.bufferedAmountLowThreshold).toBe(256 * 1024);
    wire.drain();
    expect(wire.sent.length).toBe(8);
    wire.drain();
    await Promise.all(sends);
    expect(wire.sent.length).toBe(10);
  });

  it('a message that the browser refuses is rejected; the next one goes', async () => {
    channel.attach(wire.real);
    wire.open();
    wire.refuse = true;
    await expect(channel.send('large')).rejects.toMatchObject({ code: 'message-size' });
    wire.refuse = false;
    await channel.send('small');
    expect(wire.sent).toEqual(['small']);
  });

  it('an aborted message is not sent; one that left already is', async () => {
    const abort = new AbortController();
    const waiting = channel.send('never', { signal: abort.signal });
    const other = channel.send('other');
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    channel.attach(wire.real);
    wire.open();
    await other;
    expect(wire.sent).toEqual(['other']);
  });
});

describe('receiving', () => {
  const receive = (data: ChannelData): void => wire.onmessage?.({ data });

  beforeEach(() => {
    channel.attach(wire.real);
    wire.open();
  });

  it('asks for buffers', () => {
    expect(wire.binaryType).toBe('arraybuffer');
  });

  it('keeps what comes before anybody listens for the first who does', () => {
    receive('one');
    receive('two');
    const [first, second]: [ChannelData[], ChannelData[]] = [[], []];
    channel.onMessage((data) => first.push(data));
    channel.onMessage((data) => second.push(data));
    receive('three');
    expect([first, second]).toEqual([['one', 'two', 'three'], ['three']]);
  });

  it('keeps at most 10 000, drops the oldest and says so', () => {
    for (let i = 0; i <= 10_000; i++) receive(String(i));
    expect(warnings).toEqual(['messages-lost']);
    const got: ChannelData[] = [];
    channel.onMessage((data) => got.push(data));
    expect([got.length, got[0], got.at(-1)]).toEqual([10_000, '1', '10000']);
  });

  it('iterates until the channel is closed, and takes nothing after a break', async () => {
    receive('one');
    const got: ChannelData[] = [];
    for await (const data of channel) {
      got.push(data);
      if (data === 'one') receive('two');
      if (data === 'two') break;
    }
    receive('three');
    expect(got).toEqual(['one', 'two']);
    const rest: ChannelData[] = [];
    const iterated = (async () => {
      for await (const data of channel) rest.push(data);
    })();
    await settle();
    channel.close();
    await iterated;
    expect(rest).toEqual(['three']);
  });
});

describe('the end, and another connection', () => {
  it('close(): what waits is rejected, it is told once; the wire stays until the peer has everything', async () => {
    const waiting = channel.send('never');
    channel.attach(wire.real);
    channel.close();
    channel.close();
    await expect(waiting).rejects.toMatchObject({ code: 'channel-closed' });
    await expect(channel.opened).rejects.toMatchObject({ code: 'channel-closed' });
    await expect(channel.send('late')).rejects.toMatchObject({ code: 'channel-closed' });
    expect([wire.closed, closed, channel.state]).toEqual([false, 1, 'closed']);
  });

  it.each<[name: string, wired: boolean, act: () => Promise<void> | void, gone: number]>([
    ['no stream under it', false, () => {}, 1],
    ['not yet', true, () => {}, 0],
    ['the stream closed', true, () => wire.onclose?.(), 1],
    ['the stream never closes', true, () => clock.advance(5_000), 1],
    ['the connection is gone', true, () => channel.detach(), 0],
  ])('what is told when its stream has closed, too: %s', async (_, wired, act, times) => {
    if (wired) channel.attach(wire.real);
    let gone = 0;
    channel.close();
    channel.end(() => gone++);
    expect(wire.closed).toBe(wired);
    await act();
    expect([gone, channel.state]).toEqual([times, 'closed']);
    await clock.advance(10_000);
    expect(lost).toBe(0);
  });

  it('closed by the other side: told to nobody again', () => {
    channel.end();
    expect([closed, channel.state]).toEqual([0, 'closed']);
  });

  it('a new wire goes on where the old one ended; late words of the old one count for nothing', async () => {
    channel.attach(wire.real);
    wire.open();
    await channel.send('one');
    channel.detach();
    expect(channel.state).toBe('connecting');
    const sent = channel.send('two');
    const next = new Wire();
    channel.attach(next.real);
    wire.onclose?.();
    next.open();
    await sent;
    expect([wire.sent, next.sent]).toEqual([['one'], ['two']]);
    await clock.advance(2_000);
    expect(lost).toBe(0);
    next.onclose?.();
    await clock.advance(2_000);
    expect(lost).toBe(1);
  });

  it('what the creator of the wire says holds: a framed one resumes', async () => {
    const other = build({ resume: true });
    const [here, there] = [new Wire(RESUME_PROTOCOL), new Wire(RESUME_PROTOCOL)];
    channel.attach(here.real);
    other.attach(there.real);
    const got: ChannelData[] = [];
    other.onMessage((data) => got.push(data));
    here.open();
    there.open();
    await channel.send('framed');
    for (const bytes of here.sent) there.onmessage?.({ data: (bytes as Uint8Array).slice().buffer });
    expect(got).toEqual(['framed']);
  });
});
