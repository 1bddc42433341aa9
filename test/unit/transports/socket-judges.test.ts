import { afterEach, describe, expect, it, vi } from 'vitest';
import { judgeClose } from '../../../src/transports/judge-close.js';
import { parseIncoming } from '../../../src/transports/server-frame.js';
import { shown, socketAddress } from '../../../src/transports/socket-address.js';

describe('judgeClose', () => {
  it.each([
    // code, opening -> , open ->, retryable
    [1000, 'signaling-open', 'signaling-lost', true],
    [1001, 'signaling-open', 'signaling-lost', true],
    [1005, 'signaling-open', 'signaling-lost', true],
    [1006, 'signaling-open', 'signaling-lost', true],
    [1009, 'signaling-refused', 'signaling-refused', false],
    [1011, 'signaling-open', 'signaling-lost', true],
    [1012, 'signaling-open', 'signaling-lost', true],
    [4400, 'signaling-refused', 'signaling-refused', false],
    [4401, 'signaling-refused', 'signaling-refused', false],
    [4403, 'signaling-refused', 'signaling-refused', false],
    [4408, 'signaling-open', 'signaling-lost', true],
    [4409, 'peer-id-taken', 'peer-id-taken', false],
    [4420, 'signaling-refused', 'signaling-refused', false],
    [4421, 'signaling-open', 'signaling-lost', true],
    [4429, 'signaling-open', 'signaling-lost', true],
    [4999, 'signaling-open', 'signaling-lost', true],
  ])('%i: opening -> %s, open -> %s, retryable: %s', (code, opening, open, retryable) => {
    const end = { code, reason: 'because', address: 'wss://x/signal' };
    expect(judgeClose({ ...end, wasOpen: false })).toMatchObject({ code: opening, retryable });
    expect(judgeClose({ ...end, wasOpen: true })).toMatchObject({ code: open, retryable });
  });

  it('passes on what the server said, and what lies underneath', () => {
    const error = judgeClose({ code: 4420, reason: 'the room is full', wasOpen: false, address: 'wss://x/signal', cause: 'c' });
    expect(error).toMatchObject({ message: 'wss://x/signal refused: close code 4420: the room is full.', cause: 'c' });
    expect(judgeClose({ code: 1006, reason: '', wasOpen: false, address: 'wss://x' }).message).toBe('Could not reach wss://x.');
  });
});

describe('parseIncoming', () => {
  it.each([
    ['{"type":"welcome","room":"r","peerId":"a","peers":["b"]}', { frame: { type: 'welcome', peers: ['b'] } }],
    ['{"type":"peers","peers":[]}', { frame: { type: 'peers', peers: [] } }],
    ['{"type":"ping"}', { frame: { type: 'ping' } }],
    ['{"type":"pong"}', { frame: { type: 'other' } }],
    ['{"type":"error","code":"x"}', { frame: { type: 'other' } }],
    ['{"type":"of a later version"}', { frame: { type: 'other' } }],
    ['{"type":"peers","peers":"b"}', { frame: { type: 'other' } }],
    ['{"type":"peers","peers":[1]}', { frame: { type: 'other' } }],
    ['{"kind":"hello","v":1}', { message: { kind: 'hello', v: 1 } }],
    ['{', { message: '{' }],
    ['null', { message: null }],
    ['7', { message: 7 }],
    ['[]', { message: [] }],
  ])('%s', (text, incoming) => expect(parseIncoming(text)).toEqual(incoming));

  it('leaves bytes and what is too long to the session, unparsed', () => {
    const long = JSON.stringify({ type: 'peers', peers: ['x'.repeat(512 * 1024)] });
    expect(parseIncoming(long)).toEqual({ message: long });
    const bytes = new ArrayBuffer(3);
    expect(parseIncoming(bytes)).toEqual({ message: bytes });
  });
});

describe('socketAddress', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    ['wss://h/signal', 'wss://h/signal?room=r+%26+s&peer=a%2Fb'],
    ['https://h/signal', 'wss://h/signal?room=r+%26+s&peer=a%2Fb'],
    ['http://h:1/?token=t#top', 'ws://h:1/?token=t&room=r+%26+s&peer=a%2Fb'],
    ['ws://h/?room=other&peer=other', 'ws://h/?room=r+%26+s&peer=a%2Fb'],
  ])('%s -> %s', (url, address) => expect(socketAddress(url, { room: 'r & s', peer: 'a/b' }).href).toBe(address));

  it('is relative to the page, where there is one', () => {
    expect(() => socketAddress('/signal', { room: 'r', peer: 'p' })).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    vi.stubGlobal('location', { href: 'https://h:8443/app/?q#f' });
    expect(socketAddress('/signal', { room: 'r', peer: 'p' }).href).toBe('wss://h:8443/signal?room=r&peer=p');
  });

  it.each(['', 'ftp://h/', 'stun:h', 'ws://'])('refuses "%s"', (url) => {
    expect(() => socketAddress(url, { room: 'r', peer: 'p' })).toThrow(
      expect.objectContaining({ code: 'invalid-option', retryable: false }),
    );
  });

  it('shows neither token nor password', () => {
    expect(shown(new URL('wss://user:secret@h:1/signal?token=secret'))).toBe('wss://h:1/signal');
  });
});
