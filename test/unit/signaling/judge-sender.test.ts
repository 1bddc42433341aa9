import { describe, expect, it } from 'vitest';
import { type Addresses, judgeSender, type SenderFacts, type SenderVerdict } from '../../../src/signaling/judge-sender.js';

/** We are alice, instance a1. `paired`: with bob, instance b1. */
const alone: SenderFacts = { peerId: 'alice', me: 'a1', bound: null, vacant: false, known: false, tentative: null };
const paired: SenderFacts = { ...alone, bound: { peerId: 'bob', instance: 'b1' } };
const vacant: SenderFacts = { ...paired, vacant: true };

const hello: Addresses = { from: 'bob', me: 'b1', kind: 'hello' };
const media: Addresses = { from: 'bob', to: 'alice', me: 'b1', you: 'a1', kind: 'media' };
const bye: Addresses = { from: 'bob', to: 'alice', me: 'b1', you: 'a1', kind: 'bye' };
const carol = { from: 'carol', me: 'c1' };

const cases: readonly (readonly [SenderVerdict, string, SenderFacts, Addresses])[] = [
  ['echo', 'our own words', alone, { from: 'alice', me: 'a1', kind: 'hello' }],
  ['echo', 'our own words under another name', paired, { ...media, me: 'a1' }],
  ['other', 'addressed to carol', paired, { ...media, to: 'carol' }],
  ['other', 'addressed to an earlier life of ours', paired, { ...media, you: 'a0' }],
  ['other', 'a bye to an earlier life of ours', paired, { ...bye, you: 'a0' }],
  ['taken', 'our name, another instance', alone, { from: 'alice', me: 'x', kind: 'hello' }],
  ['peer', 'bob as we know him', paired, media],
  ['peer', 'bob to everybody', paired, { from: 'bob', me: 'b1', kind: 'hello' }],
  ['peer', 'bye of bob', paired, bye],
  ['bind', 'alone, a hello', alone, hello],
  ['bind', 'alone, a word to our instance', alone, media],
  ['stranger', 'alone, a word to nobody that is no hello', alone, { from: 'bob', me: 'b1', kind: 'media' }],
  ['stranger', 'alone, a bye to nobody', alone, { from: 'bob', me: 'b1', kind: 'bye' }],
  ['busy', 'alone, a bye to our instance', alone, bye],
  ['bind', 'bob reloaded, a hello', paired, { ...hello, me: 'b2' }],
  ['bind', 'bob reloaded, a word to our instance', paired, { ...media, me: 'b2' }],
  ['stranger', 'a late hello of an earlier life of bob', { ...paired, known: true }, { ...hello, me: 'b0' }],
  ['bind', 'vacant, an earlier life of bob is back', { ...vacant, known: true }, { ...hello, me: 'b0' }],
  ['stranger', 'another instance of bob, no hello', paired, { from: 'bob', me: 'b2', kind: 'media' }],
  ['stranger', 'another instance of bob says bye', paired, { ...bye, me: 'b2' }],
  ['refuse', 'paired, hello of carol', paired, { ...carol, kind: 'hello' }],
  ['refuse', 'paired, carol knows our instance', paired, { ...carol, to: 'alice', you: 'a1', kind: 'offer' }],
  ['stranger', 'paired, carol without an introduction', paired, { ...carol, kind: 'want' }],
  ['stranger', 'paired, bye of carol', paired, { ...carol, to: 'alice', you: 'a1', kind: 'bye' }],
  [
    'bind',
    'bob only called, carol speaks to our instance',
    { ...paired, tentative: 'new' },
    { ...carol, you: 'a1', kind: 'offer' },
  ],
  ['stranger', 'bob called just now, hello of carol', { ...paired, tentative: 'new' }, { ...carol, kind: 'hello' }],
  [
    'bind',
    'bob called long ago and never answered, hello of carol',
    { ...paired, tentative: 'old' },
    { ...carol, kind: 'hello' },
  ],
  ['bind', 'vacant, hello of carol', vacant, { ...carol, kind: 'hello' }],
  ['stranger', 'vacant, carol without an introduction', vacant, { ...carol, kind: 'media' }],
  ['peer', 'vacant, bob is back', vacant, hello],
  ['peer', 'vacant, a new life of bob says bye to us', vacant, { ...bye, me: 'b2' }],
  ['peer', 'vacant, a new life of bob says bye to all', vacant, { from: 'bob', me: 'b2', kind: 'bye' }],
  ['stranger', 'vacant, a late bye of an earlier life of bob', { ...vacant, known: true }, { ...bye, me: 'b0' }],
  ['stranger', 'vacant, bye of carol', vacant, { ...carol, to: 'alice', you: 'a1', kind: 'bye' }],
];

describe('judgeSender', () => {
  it.each(cases)('%s <- %s', (verdict, _, facts, message) => {
    expect(judgeSender(facts, message)).toBe(verdict);
  });
});
