import { describe, expect, it } from 'vitest';
import { serverAddresses } from '../../../src/connectivity/server-address.js';

describe('serverAddresses', () => {
  it.each([
    ['stun:a.example', 'stun', 'udp', 'a.example'],
    ['stuns:a.example', 'stun', 'tls', 'a.example'],
    ['turn:a.example', 'turn', 'udp', 'a.example'],
    ['turn:A.example:80?transport=tcp', 'turn', 'tcp', 'a.example'],
    ['turn:a.example?transport=udp', 'turn', 'udp', 'a.example'],
    ['turns:a.example', 'turn', 'tls', 'a.example'],
    ['turns:a.example:443?transport=tcp', 'turn', 'tls', 'a.example'],
    ['turns:a.example?transport=udp', 'turn', 'dtls', 'a.example'],
    ['stun:[2001:db8::1]:3479', 'stun', 'udp', '[2001:db8::1]'],
    ['turn:[2001:db8::1]', 'turn', 'udp', '[2001:db8::1]'],
  ])('%s -> %s over %s', (url, kind, transport, host) => {
    expect(serverAddresses([{ urls: [url] }])).toEqual([{ url, kind, transport, host, server: { urls: [url] } }]);
  });

  it('takes each address on its own, with its credentials', () => {
    const login = { username: 'alice', credential: 'wonder' };
    expect(
      serverAddresses([{ urls: ['stun:a'] }, { urls: ['turn:b', 'turns:c'], ...login }]).map(({ server }) => server),
    ).toEqual([{ urls: ['stun:a'] }, { urls: ['turn:b'], ...login }, { urls: ['turns:c'], ...login }]);
  });
});
