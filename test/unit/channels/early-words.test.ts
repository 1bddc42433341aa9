import { beforeEach, describe, expect, it } from 'vitest';
import { RESUME_PROTOCOL } from '../../../src/channels/channel-options.js';
import { createChannels } from '../../../src/channels/channels.js';
import { DataChannel } from '../../../src/channels/data-channel.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';
import { Wire } from './scripted-wire.js';

let channel: DataChannel;
let clock: Clock;
let told: string[];

beforeEach(() => {
  clock = new Clock();
  told = [];
  const nothing = (): void => {};
  const hooks = {
    platform: fakePlatform(clock),
    met: () => void told.push('met'),
    lost: nothing,
    closed: nothing,
    received: nothing,
    warn: nothing,
  };
  channel = new DataChannel('chat', {}, hooks);
});

describe('what Chromium 156 does with a channel', () => {
  describe.each([
    ['plain', '', 1],
    // An acknowledgement and a frame.
    ['resuming', RESUME_PROTOCOL, 2],
  ])('open already when it is attached, as the event tells before it is true: %s', (_, protocol, sent) => {
    let adopted: Wire;

    beforeEach(async () => {
      adopted = new Wire(protocol);
      adopted.readyState = 'open';
      channel.attach(adopted.real);
      await channel.opened;
      void channel.send('once');
      expect(adopted.sent).toEqual([]);
    });

    it('it is written to 20 ms later; its event says nothing again', async () => {
      await clock.advance(19);
      adopted.open();
      expect(adopted.sent).toEqual([]);
      await clock.advance(1);
      expect(adopted.sent.length).toBe(sent);
      await clock.advance(1_000);
      expect(adopted.sent.length).toBe(sent);
    });

    it('or when the first message proves that it is open', async () => {
      adopted.onmessage?.({ data: protocol ? new Uint8Array([128, 0, 0, 0, 0]).buffer : 'first' });
      expect(adopted.sent.length).toBe(sent);
      await clock.advance(1_000);
      expect(adopted.sent.length).toBe(sent);
    });
  });

  it('a message before open: the peer is met before it is heard', () => {
    const wire = new Wire();
    channel.onMessage((data) => told.push(String(data)));
    channel.attach(wire.real);
    wire.onmessage?.({ data: 'early' });
    wire.open();
    expect(told).toEqual(['met', 'early', 'met']);
  });

  it('a buffer that never drains: what the peer acknowledged is not in it, and an acknowledgement always has room', () => {
    const stuck = new Wire(RESUME_PROTOCOL);
    const frames = (): Uint8Array[] => stuck.sent.filter((one): one is Uint8Array => one.length > 5);
    const acks = (): number => stuck.sent.length - frames().length;
    const hear = (flags: number, seq: number, bytes = 0): void => {
      const data = new Uint8Array(5 + bytes).buffer;
      new DataView(data).setUint8(0, flags);
      new DataView(data).setUint32(1, seq);
      stuck.onmessage?.({ data });
    };
    channel.attach(stuck.real);
    stuck.open();
    for (let i = 0; i < 40; i++) void channel.send(new Uint8Array(60 * 1024));
    const first = frames().length;
    expect(first).toBeLessThan(20);
    const before = acks();
    hear(3, 1, 300_000);
    expect(acks()).toBe(before + 1);
    hear(128, first);
    expect(frames().length).toBe(2 * first);
    hear(128, 2 * first);
    expect(frames().length).toBe(40);
  });
});

it('what Firefox 153 hands over of a connection that somebody closed proves nothing', () => {
  const wire = new Wire();
  const peer = { signalingState: 'stable', createDataChannel: () => wire.real };
  let heard = 0;
  const channels = createChannels({
    platform: fakePlatform(new Clock()),
    instance: () => 'them',
    announced: () => {},
    heard: () => heard++,
    proved: () => {},
    lost: () => {},
    bye: () => {},
    warn: () => {},
  });
  channels.attach(peer as object as RTCPeerConnection, false);
  wire.open();
  wire.onmessage?.({ data: '{"pong":1}' });
  peer.signalingState = 'closed';
  wire.onmessage?.({ data: '{"pong":2}' });
  expect(heard).toBe(1);
});
