import { createHub, type HubLimits } from 'peer-session/server';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../src/server/token-bucket.js';
import { HubClient } from './hub-client.js';

function pair(limits: Partial<HubLimits>): { a: HubClient; b: HubClient; clock: { ms: number } } {
  const clock = { ms: 0 };
  const hub = createHub({ limits, now: () => clock.ms });
  return { a: new HubClient().join(hub, 'a'), b: new HubClient().join(hub, 'b'), clock };
}

describe('limits of the hub', () => {
  it('closes who sends too much at once, and nobody else', () => {
    const { a, b } = pair({ messageBurst: 10 });
    for (let i = 0; i < 100; i++) a.say({ v: 1, kind: 'hello', i });
    expect(a.closedWith).toEqual([4429, 'more than 50 messages per second']);
    expect(b.heard.filter(({ kind }) => kind === 'hello')).toHaveLength(10);
    expect([b.closedWith, b.present]).toEqual([undefined, []]);
  });

  it('counts rubbish and pings too', () => {
    const { a } = pair({ messageBurst: 4 });
    for (const text of ['{', '{"type":"ping"}', '7', '{"to":"nobody"}']) a.say(text);
    expect(a.closedWith).toBeUndefined();
    a.say('{');
    expect(a.closedWith?.[0]).toBe(4429);
  });

  it('lets a steady stream below the rate go on', () => {
    const { a, b, clock } = pair({ messagesPerSecond: 10, messageBurst: 5 });
    for (let i = 0; i < 1_000; i++) {
      clock.ms += 100;
      a.say({ v: 1, kind: 'hello' });
    }
    expect([a.closedWith, b.heard.length]).toEqual([undefined, 1_001]);
  });

  it('closes who sends too many bytes', () => {
    const { a, b } = pair({ bytesPerSecond: 1_000, byteBurst: 2_500 });
    for (let i = 0; i < 3; i++) a.say({ v: 1, kind: 'hello', fill: 'x'.repeat(970) });
    expect(a.closedWith).toEqual([4429, 'more than 1000 bytes per second']);
    expect(b.heard.filter(({ kind }) => kind === 'hello')).toHaveLength(2);
  });

  it('closes who sends a message that is too long', () => {
    const { a, b } = pair({ messageBytes: 100 });
    a.say({ v: 1, kind: 'hello', fill: 'x'.repeat(100) });
    expect(a.closedWith?.[0]).toBe(1009);
    expect(b.heard.filter(({ kind }) => kind === 'hello')).toHaveLength(0);
  });

  it('closes who does not read', () => {
    const { a, b } = pair({ bufferedBytes: 1_000 });
    b.bufferedAmount = 1_001;
    a.say({ v: 1, kind: 'hello' });
    expect(b.closedWith?.[0]).toBe(4408);
    expect([a.closedWith, a.present]).toEqual([undefined, []]);
  });

  it('bounds the room, the rooms, and all peers; a place that is given up is free', () => {
    const hub = createHub({ limits: { peersPerRoom: 2, rooms: 2, peers: 3 } });
    const join = (peerId: string, room: string): HubClient => new HubClient().join(hub, peerId, room);
    const [a, b] = [join('a', '1'), join('b', '1')];
    expect(join('c', '1').closedWith?.[0]).toBe(4420);
    expect(join('a', '1').closedWith).toBeUndefined(); // replaces, takes no new place
    expect(a.closedWith?.[0]).toBe(4409);
    join('a', '2');
    expect(join('b', '2').closedWith?.[0]).toBe(4421);
    b.member.closed();
    expect(join('a', '3').closedWith?.[0]).toBe(4421);
    expect(join('b', '2').closedWith).toBeUndefined();
    expect(hub.stats()).toEqual({ rooms: 2, peers: 3 });
  });
});

describe('TokenBucket', () => {
  it('starts full, fills with time, never above its size, and refuses without taking', () => {
    const bucket = new TokenBucket(10, 5, 0);
    expect([bucket.take(6, 0), bucket.take(5, 0), bucket.take(1, 0)]).toEqual([false, true, false]);
    expect([bucket.take(1, 99), bucket.take(1, 100)]).toEqual([false, true]);
    expect([bucket.take(5, 1_000_000), bucket.take(0.1, 1_000_000)]).toEqual([true, false]);
  });
});
