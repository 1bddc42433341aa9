import { describe, expect, it } from 'vitest';
import { type ChannelOptions, RESUME_PROTOCOL } from '../../../src/channels/channel-options.js';
import { DataChannel } from '../../../src/channels/data-channel.js';
import { Clock } from '../../../src/testing/clock.js';
import { sessionPair } from '../../../src/testing/session-pair.js';
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

  it.each([
    ['alice', 'plain', {}],
    ['bob', 'plain', {}],
    ['alice', 'resuming', { resume: true }],
    ['bob', 'resuming', { resume: true }],
  ] as const)(
    'as soon as %s has sent a megabyte on a %s one: all of it arrives, and the name is free again',
    async (who, _, options) => {
      const pair = sessionPair();
      await pair.start();
      const [here, there] = who === 'alice' ? [pair.alice, pair.bob] : [pair.bob, pair.alice];
      const got: number[] = [];
      let ends = 0;
      const follow = async (name: string): Promise<void> => {
        for await (const data of there.session.channel(name)) got.push((data as ArrayBuffer).byteLength);
        ends++;
      };
      there.session.on('channel', ({ name }) => void follow(name));
      for (let round = 1; round <= 2; round++) {
        const channel = here.session.channel('file', options);
        for (let i = 0; i < 20; i++) await pair.clock.until(channel.send(new Uint8Array(50_000 + i)));
        channel.close();
        await pair.clock.advance(3_000);
        expect([got.length, got.at(-1), ends]).toEqual([20 * round, 50_019, round]);
      }
      await pair.close();
    },
  );
});
