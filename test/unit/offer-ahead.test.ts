import { describe, expect, it } from 'vitest';
import type { SignalingTransport } from '../../src/signaling/transport.js';
import { sessionPair } from '../../src/testing/session-pair.js';
import { bringsOffer, third, untilStatus, warningsOf } from './pair-words.js';

describe('the first offer, made ahead', () => {
  it.each([true, false])('the offer and its candidates are made while the channel opens, presence %s', async (presence) => {
    const pair = sessionPair({ presence });
    const { clock, bus } = pair;
    void pair.alice.session.start().catch(() => {});
    await clock.advance(1_000);
    const slow: SignalingTransport = {
      name: 'slow',
      connect: async (context) => {
        await new Promise<void>((resolve) => clock.timer(resolve, 200));
        return bus.transport.connect(context);
      },
    };
    const carol = third(pair, 'carol', slow);
    const openMs = clock.now() + 200;
    await clock.until(carol.start());
    const words = bus.sent.filter(({ from }) => from === 'carol');
    const early = words.filter(({ atMs }) => atMs <= openMs + 2).map(({ message }) => message.kind);
    expect(early.slice(0, 2)).toEqual(['hello', 'candidates']);
    expect(words.filter(bringsOffer)).toHaveLength(1);
    await carol.close();
    await pair.close();
  });

  it.each([true, false])('no offer from before the network was there is said, presence %s', async (presence) => {
    const pair = sessionPair({ presence });
    const { clock, bus } = pair;
    bus.cut('bob');
    void pair.bob.session.start().catch(() => {});
    await clock.advance(5_000);
    expect(pair.bob.platform.census.made).toBe(1);
    void pair.alice.session.start().catch(() => {});
    await clock.advance(1_000);
    bus.restore('bob');
    await untilStatus(pair.bob, 'connected');
    const [first] = bus.sent.filter((sent) => sent.from === 'bob' && bringsOffer(sent));
    expect(first?.atMs).toBeGreaterThan(6_000);
    expect(first?.message.kind === 'hello' && first.message.offer?.id).toMatch(/-1$/);
    expect(pair.bob.platform.census.made).toBeGreaterThan(1);
    expect(warningsOf(pair.bob)).toEqual([]);
    await pair.close();
  });
});

describe('the connection made ahead, on the side that waits', () => {
  it.each([
    ['answers', 0],
    ['leads, since the peer is there and not ready', 2_000],
  ])('sends what is published when the peer comes: replaced, removed and added meanwhile; it %s', async (_, readyMs) => {
    const iceServers = (): Promise<RTCIceServer[]> =>
      new Promise((resolve) => {
        pair.clock.timer(() => resolve([]), readyMs);
      });
    const pair = sessionPair({ presence: true, both: { media: { audio: true, video: true } }, bob: { iceServers } });
    const { alice, bob, clock } = pair;
    const { media } = alice.session;
    const start = alice.session.start();
    await clock.advance(1_000);
    const { track } = await clock.until(media.publish('camera', true));
    await clock.until(media.remove('microphone'));
    await clock.until(media.publish('screen', true));
    await clock.until(Promise.all([start, bob.session.start()]));
    await clock.advance(500);
    const sent = alice.session.connection?.getSenders().flatMap((sender) => sender.track ?? []);
    expect(sent).toEqual([track, media.list().find(({ name }) => name === 'screen')?.track]);
    expect(bob.session.remote.list().map(({ name }) => name)).toEqual(['camera', 'screen']);
    expect(alice.session.connection?.getTransceivers()).toHaveLength(3);
    await pair.close();
  });
});
