import { describe, expect, it } from 'vitest';
import { type ChannelOptions, RESUME_PROTOCOL } from '../../../src/channels/channel-options.js';
import { DataChannel } from '../../../src/channels/data-channel.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';
import { Wire } from './scripted-wire.js';

let lost = 0;
const nothing = (): void => {};
const build = (options: ChannelOptions = {}): DataChannel => {
  lost = 0;
  const hooks = {
    platform: fakePlatform(new Clock()),
    met: nothing,
    lost: () => void lost++,
    closed: nothing,
    received: nothing,
  };
  return new DataChannel('chat', options, { ...hooks, warn: nothing });
};

describe('closing a channel', () => {
  it.each<[name: string, options: ChannelOptions, sent: number | undefined]>([
    ['plain: what this connection was given', {}, 2],
    ['lossy: whatever came', { maxRetransmits: 0 }, 0],
    ['lossy by time: whatever came', { maxPacketLifeTime: 9 }, 0],
  ])('what the peer is to have before the stream closes, %s', async (_, options, sent) => {
    const channel = build(options);
    expect(channel.sent).toBeUndefined();
    for (const next of [new Wire(), new Wire()]) {
      channel.attach(next.real);
      next.open();
      await channel.send('one');
      await channel.send('two');
    }
    expect(channel.sent).toBe(sent);
  });

  it('of a resuming channel: all frames over all connections', async () => {
    const channel = build();
    for (const next of [new Wire(RESUME_PROTOCOL), new Wire(RESUME_PROTOCOL)]) {
      channel.attach(next.real);
      next.open();
      await channel.send('one');
    }
    expect([channel.sent, channel.received]).toEqual([2, 0]);
  });

  it('a wire that is closed behind our back is lost, and one that we have closed for the app is not', () => {
    const [channel, wire] = [build(), new Wire()];
    channel.attach(wire.real);
    wire.open();
    wire.onclose?.();
    expect(lost).toBe(1);
    channel.close();
    wire.onclose?.();
    expect(lost).toBe(1);
  });
});
