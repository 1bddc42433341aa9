import { describe, expect, it } from 'vitest';
import { isSessionError, SessionError } from '../../../src/errors.js';
import { checkIceServers, expiryOf } from '../../../src/ice/server-urls.js';

const login = { username: 'alice', credential: 'hunter2' };

function refusalOf(servers: unknown): SessionError {
  try {
    checkIceServers(servers);
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(servers)}`);
}

describe('checkIceServers: good addresses', () => {
  it.each([
    ['stun:example.com', 'stun:example.com'],
    ['stun:example.com:3478', 'stun:example.com:3478'],
    ['stun:192.0.2.1:1', 'stun:192.0.2.1:1'],
    ['stun:example.com:65535', 'stun:example.com:65535'],
    ['stun:example.com:03478', 'stun:example.com:03478'],
    ['stun:[2001:db8::1]:3478', 'stun:[2001:db8::1]:3478'],
    ['stuns:example.com', 'stuns:example.com'],
    ['stun:stün.example', 'stun:stün.example'],
    ['turn:example.com', 'turn:example.com'],
    ['turn:example.com?transport=udp', 'turn:example.com?transport=udp'],
    ['turn:example.com:3478?transport=TCP', 'turn:example.com:3478?transport=tcp'],
    ['TURN:Example.com?Transport=UDP', 'turn:Example.com?transport=udp'],
    ['turns:example.com:443?transport=tcp', 'turns:example.com:443?transport=tcp'],
    ['turns:[::1]?transport=udp', 'turns:[::1]?transport=udp'],
  ])('%s -> %s', (given, taken) => {
    expect(checkIceServers([{ urls: given, ...login }])).toEqual([{ urls: [taken], ...login }]);
  });
});

describe('checkIceServers: shape', () => {
  it('takes no servers at all', () => expect(checkIceServers([])).toEqual([]));

  it('gives back a copy, and leaves what was given as it was', () => {
    const given = Object.freeze([Object.freeze({ urls: Object.freeze(['turn:a?transport=UDP', 'turn:b']), ...login })]);
    expect(checkIceServers(given)).toEqual([{ urls: ['turn:a?transport=udp', 'turn:b'], ...login }]);
  });

  it('takes the name `url` of old', () => {
    expect(checkIceServers([{ url: 'stun:example.com' }])[0]?.urls).toEqual(['stun:example.com']);
  });

  it('asks STUN for no credentials', () => {
    expect(checkIceServers([{ urls: ['stun:a', 'stuns:b'] }])).toEqual([{ urls: ['stun:a', 'stuns:b'] }]);
  });
});

describe('checkIceServers: bad input names the entry', () => {
  it.each<[where: string, servers: unknown]>([
    ['iceServers is not', undefined],
    ['iceServers is not', null],
    ['iceServers is not', { urls: 'stun:a' }],
    ['iceServers is not', 'stun:a'],
    ['iceServers[0].urls is not', [null]],
    ['iceServers[0].urls is not', ['stun:a']],
    ['iceServers[0].urls is not', [{}]],
    ['iceServers[0].urls is not', [{ urls: [] }]],
    ['iceServers[0].urls[0]: "" is not', [{ urls: '' }]],
    ['iceServers[0].urls[0]: "7" is not', [{ urls: 7 }]],
    ['iceServers[0].urls[0]: "null" is not', [{ urls: [null] }]],
    ['iceServers[1].urls[2]: "http:a" is not', [{ urls: 'stun:a' }, { urls: ['stun:a', 'stun:b', 'http:a'] }]],
    ['iceServers[0].urls[0]: "stun:" is not', [{ urls: 'stun:' }]],
    ['iceServers[0].urls[0]: "stun" is not', [{ urls: 'stun' }]],
    ['iceServers[0].urls[0]: "stun://a" is not', [{ urls: 'stun://a' }]],
    ['iceServers[0].urls[0]: "turn://a" is not', [{ urls: 'turn://a', ...login }]],
    ['iceServers[0].urls[0]: "stun:a/path" is not', [{ urls: 'stun:a/path' }]],
    ['iceServers[0].urls[0]: " stun:a" is not', [{ urls: ' stun:a' }]],
    ['iceServers[0].urls[0]: "stun:a b" is not', [{ urls: 'stun:a b' }]],
    ['iceServers[0].urls[0]: "stun:a#x" is not', [{ urls: 'stun:a#x' }]],
    ['iceServers[0].urls[0]: "stun:a:" is not', [{ urls: 'stun:a:' }]],
    ['iceServers[0].urls[0]: "stun:a:0" is not', [{ urls: 'stun:a:0' }]],
    ['iceServers[0].urls[0]: "stun:a:65536" is not', [{ urls: 'stun:a:65536' }]],
    ['iceServers[0].urls[0]: "stun:a:99999999999999999999" is not', [{ urls: 'stun:a:99999999999999999999' }]],
    ['iceServers[0].urls[0]: "stun:a:http" is not', [{ urls: 'stun:a:http' }]],
    ['iceServers[0].urls[0]: "stun:2001:db8::1" is not', [{ urls: 'stun:2001:db8::1' }]],
    ['iceServers[0].urls[0]: "stun:[2001:db8::1" is not', [{ urls: 'stun:[2001:db8::1' }]],
    ['iceServers[0].urls[0]: "stun:[example.com]" is not', [{ urls: 'stun:[example.com]' }]],
    ['iceServers[0].urls[0]: "stun:a..." is not', [{ urls: 'stun:a?transport=udp' }]],
    ['iceServers[0].urls[0]: "turn:a..." is not', [{ urls: 'turn:a?transport=sctp', ...login }]],
    ['iceServers[0].urls[0]: "turn:a..." is not', [{ urls: 'turn:a?', ...login }]],
    ['iceServers[0].username is not', [{ urls: 'turn:a' }]],
    ['iceServers[0].username is not', [{ urls: 'turns:a', credential: 'x' }]],
    ['iceServers[0].username is not', [{ urls: 'TURN:a', username: '', credential: 'x' }]],
    ['iceServers[2].credential is not', [{ urls: 'stun:a' }, { urls: 'stun:b' }, { urls: ['stun:c', 'turn:d'], username: 'a' }]],
  ])('%s valid', (where, servers) => {
    const error = refusalOf(servers);
    expect(isSessionError(error, 'ice-server-invalid')).toBe(true);
    expect(error.message).toBe(`${where} valid.`);
  });

  it.each(['turn:alice:hunter2@example.com', 'turn:example.com?password=hunter2', 'turn:alice:hunt\ner2@example.com'])(
    'keeps a password out of the message: %j',
    (urls) => expect(refusalOf([{ urls, ...login }]).message).not.toMatch(/hunt|er2/),
  );
});

describe('expiryOf', () => {
  it.each<[string, (string | undefined)[], number | null]>([
    ['no servers', [], null],
    ['no username', [undefined], null],
    ['a name', ['alice'], null],
    ['seconds:name', ['1735689600:alice'], 1735689600_000],
    ['plain seconds', ['1735689600'], 1735689600_000],
    ['the first to end', ['1735689700:a', 'bob', '1735689600:b', undefined], 1735689600_000],
    ['a short number is a name', ['4711'], null],
    ['a long number is a name', ['17356896001'], null],
    ['digits that begin a name', ['1735689600alice'], null],
    ['digits that end a name', ['alice:1735689600'], null],
  ])('%s', (_, usernames, expected) => {
    expect(expiryOf(usernames.map((username) => ({ urls: 'turn:a', ...(username !== undefined && { username }) })))).toBe(
      expected,
    );
  });
});
