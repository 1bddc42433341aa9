import { beforeEach, describe, expect, it } from 'vitest';
import type { SignalMessage } from '../../../src/signaling/message.js';
import { Clock } from '../../../src/testing/clock.js';
import { carryBetween, media, pairUp, Side } from './scripted-side.js';

let clock: Clock;
let a: Side;
let b: Side;
const carry = (drop?: (message: SignalMessage) => boolean): void => carryBetween(a, b, drop);

beforeEach(() => {
  clock = new Clock();
  a = new Side('alice', clock, 'a1');
  b = new Side('bob', clock, 'b1');
});

describe('epochs', () => {
  beforeEach(() => pairUp(a, b, clock));

  it('a new epoch is adopted by the other, numbers begin anew, and what was before is void', async () => {
    a.link.say(media('lost'));
    const [old] = a.sent();
    a.link.nextEpoch();
    a.link.say(media('new'));
    const sent = a.sent();
    expect(sent).toMatchObject([{ epoch: a.link.epoch, seq: 1 }]);
    b.link.receive(sent[0]);
    b.link.receive(old);
    expect(b.epochs).toEqual([a.link.epoch]);
    expect(b.link.epoch).toBe(a.link.epoch);
    expect(b.media()).toEqual(['new']);
    await clock.advance(20_000);
    carry();
    expect(b.media()).toEqual(['new']);
  });

  it('both begin a new epoch at once: one epoch, and both are heard', () => {
    a.link.nextEpoch();
    b.link.nextEpoch();
    a.link.say(media('from-a'));
    b.link.say(media('from-b'));
    carry();
    expect(a.link.epoch).toBe(b.link.epoch);
    expect([a.epochs, b.epochs]).toEqual([[], []]);
    expect([a.media(), b.media()]).toEqual([['from-b'], ['from-a']]);
  });

  it('an epoch begun while a batch is being told ends the batch', () => {
    for (const name of ['one', 'two', 'three']) a.link.say(media(name));
    const [one, two, three] = a.sent();
    b.onHear = () => b.link.nextEpoch();
    b.link.receive(three);
    b.link.receive(two);
    b.link.receive(one);
    expect(b.media()).toEqual(['one']);
  });

  it('a new instance of the peer is paired again, above every epoch so far', async () => {
    const before = a.link.epoch;
    const again = new Side('bob', clock, 'b2');
    again.link.hello();
    await clock.advance(0);
    for (const message of again.sent()) a.link.receive(message);
    expect(a.bound.at(-1)).toEqual([
      { peerId: 'bob', instance: 'b2' },
      { peerId: 'bob', instance: 'b1' },
    ]);
    expect(a.link.epoch).toBeGreaterThanOrEqual(before);
    a.link.say(media('camera'));
    for (const message of a.sent()) again.link.receive(message);
    expect(again.media()).toEqual(['camera']);
    expect(again.link.epoch).toBe(a.link.epoch);
  });

  it('after close() nothing is sent by itself', async () => {
    a.link.say(media('one'));
    a.link.close();
    a.sent();
    await clock.advance(60_000);
    expect(a.sent()).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
