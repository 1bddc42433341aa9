import { beforeEach, describe, expect, it } from 'vitest';
import type { OfferBody, SignalMessage } from '../../../src/signaling/message.js';
import { Clock } from '../../../src/testing/clock.js';
import { carryBetween, media, pairUp, Side } from './scripted-side.js';

const offer: OfferBody = { kind: 'offer', id: 'o1', sdp: 'v=0', mids: {}, media: {} };
/** What was heard, without the null prototypes of what was parsed. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

let clock: Clock;
let a: Side;
let b: Side;
const carry = (drop?: (message: SignalMessage) => boolean): void => carryBetween(a, b, drop);

beforeEach(() => {
  clock = new Clock();
  a = new Side('alice', clock, 'a1');
  b = new Side('bob', clock, 'b1');
});

describe('pairing', () => {
  it('a hello pairs the one who hears it, an answer pairs the other', async () => {
    a.link.hello();
    await clock.advance(0);
    expect(a.wire).toEqual([{ v: 1, from: 'alice', me: 'a1', epoch: 1, seq: 0, ack: 0, kind: 'hello' }]);
    carry();
    expect(b.link.peer).toEqual({ peerId: 'alice', instance: 'a1' });
    expect(b.heard).toEqual([{ kind: 'hello' }]);
    expect(a.link.peer).toBeNull();
    b.link.say({ kind: 'want' });
    carry();
    expect(a.link.peer).toEqual({ peerId: 'bob', instance: 'b1' });
    expect(a.bound).toEqual([[{ peerId: 'bob', instance: 'b1' }, null]]);
    expect(a.heard).toEqual([{ kind: 'want' }]);
  });

  it('the first offer travels with the hello', async () => {
    a.firstOffer = offer;
    a.link.hello();
    await clock.advance(0);
    carry();
    expect(plain(b.heard)).toEqual([{ kind: 'hello', offer }]);
  });

  it('calls again at growing intervals until somebody is there, then no more', async () => {
    a.link.hello();
    const at: number[] = [];
    for (let ms = 0; ms < 30_000; ms += 100) {
      if (a.sent().some(({ kind }) => kind === 'hello')) at.push(ms);
      await clock.advance(100);
    }
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(gaps.length).toBeGreaterThan(3);
    expect(gaps).toEqual([...gaps].sort((x, y) => x - y));
    await pairUp(a, b, clock);
    await clock.advance(60_000);
    expect(a.sent().filter(({ kind }) => kind === 'hello')).toEqual([]);
  });

  it('what is said early is told to all now, and numbered as soon as somebody is there', async () => {
    a.link.say(media('camera'));
    expect(a.sent()).toMatchObject([{ seq: 0, kind: 'media' }]);
    b.link.hello();
    await clock.advance(0);
    carry();
    expect(b.media()).toEqual(['camera']);
    await clock.advance(20_000);
    carry();
    expect(b.media()).toEqual(['camera']);
  });

  it('a third is refused with a word; it learns that we are busy', async () => {
    await pairUp(a, b, clock);
    const c = new Side('carol', clock, 'c1');
    c.link.hello();
    await clock.advance(0);
    for (const message of c.sent()) a.link.receive(message);
    const refusal = a.sent();
    expect(refusal).toMatchObject([{ kind: 'bye', reason: 'busy', to: 'carol', you: 'c1' }]);
    for (const message of refusal) c.link.receive(message);
    expect(c.warnings).toEqual(['peer-busy']);
    expect(c.link.peer).toBeNull();
    expect(a.link.peer?.peerId).toBe('bob');
  });

  it('our own id in another mouth is told once in a while, not each time', async () => {
    const twin = new Side('alice', clock, 'a2');
    twin.link.hello();
    await clock.advance(0);
    const [message] = twin.sent();
    for (let i = 0; i < 10; i++) a.link.receive(message);
    expect(a.warnings).toEqual(['peer-id-taken']);
    await clock.advance(5_000);
    a.link.receive(message);
    expect(a.warnings).toEqual(['peer-id-taken', 'peer-id-taken']);
  });
});

describe('order, repeats, loss', () => {
  beforeEach(() => pairUp(a, b, clock));

  it('numbers from 1 and restores the order', () => {
    for (const name of ['one', 'two', 'three', 'four']) a.link.say(media(name));
    const sent = a.sent();
    const base = sent[0]?.seq ?? 0;
    expect(sent.map(({ seq }) => seq - base)).toEqual([0, 1, 2, 3]);
    for (const index of [2, 0, 3, 1]) b.link.receive(sent[index]);
    expect(b.media()).toEqual(['one', 'two', 'three', 'four']);
  });

  it('takes each message once', () => {
    a.link.say(media('one'));
    a.link.say(media('two'));
    const sent = a.sent();
    for (let i = 0; i < 3; i++) for (const message of sent) b.link.receive(message);
    expect(b.media()).toEqual(['one', 'two']);
  });

  it('sends again after 1 s, then at doubled intervals up to 8 s, until it is acknowledged', async () => {
    a.link.say(media('one'));
    a.sent();
    const at: number[] = [];
    const begin = clock.now();
    for (let ms = 0; ms < 40_000; ms += 100) {
      await clock.advance(100);
      if (a.sent().some(({ kind }) => kind === 'media')) at.push(clock.now() - begin);
    }
    expect(at.slice(0, 6)).toEqual([1_000, 3_000, 7_000, 15_000, 23_000, 31_000]);
    a.link.resend();
    carry();
    await clock.advance(200);
    carry();
    await clock.advance(60_000);
    expect(a.sent()).toEqual([]);
    expect(b.media()).toEqual(['one']);
  });

  it('an acknowledgement rides on the next word, or follows by itself within 150 ms', async () => {
    a.link.say(media('one'));
    carry();
    await clock.advance(149);
    expect(b.wire).toEqual([]);
    await clock.advance(1);
    expect(b.sent()).toMatchObject([{ kind: 'state', reply: false }]);
    a.link.say(media('two'));
    carry();
    b.link.say(media('back'));
    const [answer] = b.sent();
    expect(answer?.ack).toBeGreaterThan(0);
    a.link.receive(answer);
    await clock.advance(1_000);
    expect(b.sent().filter(({ kind }) => kind === 'state')).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('every third message lost, seed %s: everything arrives once and in order', async (seed) => {
    let count = seed;
    const names = Array.from({ length: 30 }, (_, i) => `slot-${i}`);
    for (const name of names) {
      a.link.say(media(name));
      b.link.say(media(`back-${name}`));
    }
    for (let i = 0; i < 600; i++) {
      carry(() => count++ % 3 === 0);
      await clock.advance(100);
    }
    expect(b.media()).toEqual(names);
    expect(a.media()).toEqual(names.map((name) => `back-${name}`));
  });

  it('a digest finds what is missing and has it sent at once', () => {
    a.link.say(media('one'));
    a.sent();
    b.link.sync();
    carry();
    expect(b.media()).toEqual(['one']);
  });

  it('a message far ahead of a gap is not kept', () => {
    a.link.say(media('one'));
    const [message] = a.sent();
    for (let i = 1; i < 5_000; i++) b.link.receive({ ...message, seq: (message?.seq ?? 0) + i });
    b.link.receive(message);
    expect(b.media().length).toBeLessThanOrEqual(256);
  });

  it('junk gives a warning, at most one of a kind in 5 s, and nothing else', async () => {
    for (const data of [null, '{', { v: 2 }, 7, {}]) b.link.receive(data);
    expect(b.warnings).toEqual(['signaling-message', 'signaling-version']);
    await clock.advance(5_000);
    b.link.receive('');
    expect(b.warnings.length).toBe(3);
    a.link.say(media('one'));
    carry();
    expect(b.media()).toEqual(['one']);
  });

  it('a numbered message of a kind from the future is counted and skipped', () => {
    a.link.say(media('one'));
    a.link.say(media('two'));
    const [one, two] = a.sent();
    b.link.receive({ ...one, kind: 'hologram' });
    b.link.receive(two);
    expect(b.media()).toEqual(['two']);
  });
});
