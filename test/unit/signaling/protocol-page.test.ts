// What PROTOCOL.md shows and promises is what the parser takes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  MAX_CANDIDATE,
  MAX_CANDIDATES,
  MAX_ID,
  MAX_MESSAGE,
  MAX_SDP,
  MAX_SLOTS,
  parseMessage,
} from '../../../src/signaling/parse-message.js';

const page = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
const kinds = ['hello', 'offer', 'answer', 'candidates', 'want', 'grant', 'media', 'state', 'bye'];

/** The JSON examples of the page, in order. Those without an envelope get one. */
const examples = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) => JSON.parse(text ?? '') as { kind: string });
const whole = (example: object): object => ({ v: 1, from: 'alice', me: 'a'.repeat(32), epoch: 1, seq: 0, ack: 0, ...example });

/** The number in the row of the table of limits that begins with this. */
function limitOf(what: string): number {
  const row = page.split('\n').find((line) => line.startsWith(`| ${what}`));
  return Number(/\| ([\d,]+)[^|]*\|$/.exec(row ?? '')?.[1]?.replaceAll(',', ''));
}

describe('the examples of PROTOCOL.md', () => {
  it('show every kind', () => {
    expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
  });

  it.each(examples.map((example) => [example.kind, example] as const))('%s is taken as it stands there', (_, example) => {
    const message = whole(example);
    const parsed = parseMessage(JSON.stringify(message));
    expect(parsed).toMatchObject(message);
    // Nothing of the example is unknown to the parser: an optional `offer` or `done` may only be missing.
    expect(Object.keys(message).filter((key) => !Object.hasOwn(parsed, key))).toEqual([]);
  });

  it('stand each below a heading of their kind', () => {
    for (const kind of kinds) expect(page).toMatch(new RegExp(`^### (.* and )?${kind}( and .*)?$`, 'm'));
  });
});

describe('the limits of PROTOCOL.md', () => {
  it.each([
    ['a message, as text', MAX_MESSAGE],
    ['`sdp`', MAX_SDP],
    ['`candidate`', MAX_CANDIDATE],
    ['`from`, `to`', MAX_ID],
    ['`candidates` in one message', MAX_CANDIDATES],
  ])('%s: %i', (what, limit) => {
    expect(limitOf(what)).toBe(limit);
  });

  it('of maps', () => {
    expect(page).toContain(`the values of \`mids\` | ${MAX_SLOTS}; ${MAX_ID} each |`);
  });

  const offer = { kind: 'offer', id: 'o', sdp: 'v=0', mids: {}, media: {} };
  const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };
  const text = (length: number): string => 'x'.repeat(length);
  it.each<[what: string, limit: number, of: (length: number) => object]>([
    ['sdp', MAX_SDP, (n) => ({ ...offer, sdp: text(n) })],
    ['id', MAX_ID, (n) => ({ ...offer, id: text(n) })],
    ['from', MAX_ID, (n) => ({ kind: 'want', from: text(n) })],
    ['reason', MAX_ID, (n) => ({ kind: 'bye', reason: text(n) })],
    ['a candidate', MAX_CANDIDATE, (n) => ({ kind: 'candidates', of: 'o', candidates: [{ ...candidate, candidate: text(n) }] })],
    ['candidates', MAX_CANDIDATES, (n) => ({ kind: 'candidates', of: 'o', candidates: Array(n).fill(candidate) })],
    ['slots', MAX_SLOTS, (n) => ({ kind: 'media', media: Object.fromEntries(Array.from({ length: n }, (_, i) => [i, 'on'])) })],
    ['a name of a slot', MAX_ID, (n) => ({ kind: 'media', media: { [text(n)]: 'on' } })],
  ])('%s: at the limit it is taken, above it is dropped', (_, limit, of) => {
    expect(() => parseMessage(whole(of(limit)))).not.toThrow();
    expect(() => parseMessage(whole(of(limit + 1)))).toThrow(expect.objectContaining({ code: 'signaling-message' }));
  });

  it('the whole message: above the limit it is dropped before it is read', () => {
    const filler = text(MAX_MESSAGE);
    expect(() => parseMessage(JSON.stringify({ ...whole({ kind: 'want' }), filler }))).toThrow(/longer than/);
    const room = MAX_MESSAGE - JSON.stringify({ ...whole({ kind: 'want' }), filler: '' }).length;
    expect(() => parseMessage(JSON.stringify({ ...whole({ kind: 'want' }), filler: text(room) }))).not.toThrow();
  });
});
