import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSessionError, type SessionErrorCode } from '../../../src/errors.js';
import {
  MAX_CANDIDATE,
  MAX_CANDIDATES,
  MAX_ID,
  MAX_MESSAGE,
  MAX_SDP,
  MAX_SLOTS,
  parseMessage,
} from '../../../src/signaling/parse-message.js';

const envelope = { v: 1, from: 'alice', to: 'bob', me: 'a1', you: 'b1', epoch: 1, seq: 1, ack: 0 };
const host = 'candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host';
const bodies = {
  hello: { kind: 'hello' },
  'hello with an offer': {
    kind: 'hello',
    offer: { kind: 'offer', id: 'o1', sdp: 'v=0', mids: { 0: 'camera' }, media: { camera: 'on' } },
  },
  offer: { kind: 'offer', id: 'o1', sdp: 'v=0', mids: { 0: 'camera' }, media: { camera: 'on', microphone: 'muted' } },
  answer: { kind: 'answer', id: 'n1', answers: 'o1', sdp: 'v=0', media: {} },
  candidates: {
    kind: 'candidates',
    of: 'o1',
    candidates: [{ candidate: host, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'ab' }],
    done: true,
  },
  want: { kind: 'want' },
  grant: { kind: 'grant' },
  media: { kind: 'media', media: { camera: 'on' } },
  state: { kind: 'state', sent: 3, reply: true },
  bye: { kind: 'bye', reason: 'closed' },
} as const;

function codeOf(data: unknown): SessionErrorCode | 'taken' {
  try {
    parseMessage(data);
    return 'taken';
  } catch (error) {
    if (isSessionError(error)) return error.code;
    throw error;
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what is taken', () => {
  it.each(Object.entries(bodies))('%s, as an object and as text', (_, body) => {
    const message = { ...envelope, ...body };
    expect(plain(parseMessage(message))).toEqual(message);
    expect(plain(parseMessage(JSON.stringify(message)))).toEqual(message);
  });

  it('an envelope without receiver and numbers', () => {
    expect(plain(parseMessage({ v: 1, from: 'alice', me: 'a1', epoch: 1, kind: 'hello' }))).toEqual({
      ...{ v: 1, from: 'alice', me: 'a1', epoch: 1, seq: 0, ack: 0, kind: 'hello' },
    });
  });

  it('a kind of a later version: the envelope counts, the body is skipped', () => {
    expect(parseMessage({ ...envelope, kind: 'hologram', sdp: 5 })).toEqual({ ...envelope, kind: 'unknown' });
  });

  it('nothing that was not asked for', () => {
    const message = parseMessage({ ...envelope, ...bodies.offer, extra: 1, offer: { evil: true } });
    expect(Object.keys(message).sort()).toEqual([
      'ack',
      'epoch',
      'from',
      'id',
      'kind',
      'me',
      'media',
      'mids',
      'sdp',
      'seq',
      'to',
      'v',
      'you',
    ]);
  });

  it('media states of a later version are left out', () => {
    expect(parseMessage({ ...envelope, kind: 'media', media: { camera: 'on', hat: 'paused' } })).toMatchObject({
      media: { camera: 'on' },
    });
  });

  it('hostile keys become plain entries and touch no prototype', () => {
    const text = `{"v":1,"from":"a","me":"a1","epoch":1,"__proto__":{"polluted":1},"kind":"media",
      "media":{"__proto__":"on","constructor":"muted","toString":"on"}}`;
    const message = parseMessage(text) as unknown as { media: Record<string, string>; polluted?: number };
    expect(Object.keys(message.media).sort()).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(message.media)).toBeNull();
    expect(message.polluted).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('a copy: what the sender changes afterwards changes nothing', () => {
    const body = { kind: 'media', media: { camera: 'on' } };
    const message = parseMessage({ ...envelope, ...body });
    body.media.camera = 'muted';
    expect(message).toMatchObject({ media: { camera: 'on' } });
  });
});

describe('what is dropped', () => {
  const long = (length: number): string => 'x'.repeat(length);
  const slots = Object.fromEntries(Array.from({ length: MAX_SLOTS + 1 }, (_, i) => [`slot-${i}`, 'on']));
  const junk: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an empty text', ''],
    ['half of JSON', '{"v":1'],
    ['JSON of null', 'null'],
    ['JSON of a list', '[]'],
    ['a list', [envelope]],
    ['bytes', new ArrayBuffer(8)],
    ['a text above the limit', `"${long(MAX_MESSAGE)}"`],
    ['no version', { ...envelope, v: undefined, kind: 'hello' }],
    ['a version in words', { ...envelope, v: '1', kind: 'hello' }],
    ['no sender', { ...envelope, from: undefined, kind: 'hello' }],
    ['an empty sender', { ...envelope, from: '', kind: 'hello' }],
    ['a sender that is an object', { ...envelope, from: { toString: () => 'alice' }, kind: 'hello' }],
    ['a sender above the limit', { ...envelope, from: long(MAX_ID + 1), kind: 'hello' }],
    ['no instance', { ...envelope, me: undefined, kind: 'hello' }],
    ['a receiver that is a number', { ...envelope, to: 5, kind: 'hello' }],
    ['no epoch', { ...envelope, epoch: undefined, kind: 'hello' }],
    ['a negative epoch', { ...envelope, epoch: -1, kind: 'hello' }],
    ['an epoch that is no integer', { ...envelope, epoch: 1.5, kind: 'hello' }],
    ['an epoch beyond counting', { ...envelope, epoch: 2 ** 53, kind: 'hello' }],
    ['a seq in words', { ...envelope, seq: '1', kind: 'hello' }],
    ['an ack that is not a number', { ...envelope, ack: Number.NaN, kind: 'hello' }],
    ['no kind', envelope],
    ['a kind that is a list', { ...envelope, kind: ['hello'] }],
    ['an offer without an id', { ...envelope, ...bodies.offer, id: undefined }],
    ['an offer without a description', { ...envelope, ...bodies.offer, sdp: '' }],
    ['a description above the limit', { ...envelope, ...bodies.offer, sdp: long(MAX_SDP + 1) }],
    ['mids that are a list', { ...envelope, ...bodies.offer, mids: ['camera'] }],
    ['mids to numbers', { ...envelope, ...bodies.offer, mids: { 0: 1 } }],
    ['a slot name above the limit', { ...envelope, kind: 'media', media: { [long(MAX_ID + 1)]: 'on' } }],
    ['too many slots', { ...envelope, kind: 'media', media: slots }],
    ['media that is text', { ...envelope, kind: 'media', media: 'camera' }],
    ['an answer to nothing', { ...envelope, ...bodies.answer, answers: undefined }],
    ['candidates that are no list', { ...envelope, ...bodies.candidates, candidates: {} }],
    [
      'too many candidates',
      { ...envelope, ...bodies.candidates, candidates: Array(MAX_CANDIDATES + 1).fill({ candidate: host }) },
    ],
    ['a candidate that is text', { ...envelope, ...bodies.candidates, candidates: [host] }],
    ['a candidate above the limit', { ...envelope, ...bodies.candidates, candidates: [{ candidate: long(MAX_CANDIDATE + 1) }] }],
    ['candidates of nothing', { ...envelope, ...bodies.candidates, of: null }],
    ['a negative line index', { ...envelope, ...bodies.candidates, candidates: [{ candidate: host, sdpMLineIndex: -1 }] }],
    ['a digest without a count', { ...envelope, kind: 'state' }],
    ['a bye without a reason', { ...envelope, kind: 'bye' }],
    ['a reason above the limit', { ...envelope, kind: 'bye', reason: long(MAX_ID + 1) }],
    ['fields on the prototype only', Object.create({ ...envelope, kind: 'hello' })],
  ];

  it.each(junk)('%s', (_, data) => {
    expect(codeOf(data)).toBe('signaling-message');
  });

  it('another version says so', () => {
    expect(codeOf({ ...envelope, v: 2, kind: 'hello' })).toBe('signaling-version');
  });

  it('whatever comes is a message or a SessionError, never anything else', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true }), (data) => void codeOf(data)));
    const mutated = fc.record({ body: fc.constantFrom(...Object.values(bodies)), key: fc.string(), value: fc.anything() });
    fc.assert(fc.property(mutated, ({ body, key, value }) => void codeOf({ ...envelope, ...body, [key]: value })));
    const field = fc.constantFrom(
      'v',
      'from',
      'me',
      'to',
      'you',
      'epoch',
      'seq',
      'ack',
      'kind',
      'media',
      'mids',
      'sdp',
      'candidates',
      'offer',
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(bodies)), field, fc.anything(), (body, key, value) => {
        void codeOf({ ...envelope, ...body, [key]: value });
      }),
    );
  });
});
