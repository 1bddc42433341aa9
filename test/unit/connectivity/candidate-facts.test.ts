import { describe, expect, it } from 'vitest';
import { candidateFacts, isShown } from '../../../src/connectivity/candidate-facts.js';
import { host, relay, srflx } from './candidate-lines.js';

describe('candidateFacts', () => {
  it.each<[string, string, object | null]>([
    ['a host', host('192.168.1.7'), { type: 'host', udp: true, address: '192.168.1.7', port: '50000', base: '' }],
    ['a hidden host', host(), { type: 'host', address: '6e1b9c3a-6f39-4b9d-8f3a-7a0c4a1a0d11.local' }],
    ['IPv6', host('2001:db8::7'), { type: 'host', address: '2001:db8::7' }],
    [
      'srflx',
      srflx('203.0.113.7', 61000, '192.168.1.7 rport 50000'),
      { type: 'srflx', udp: true, base: '192.168.1.7 rport 50000' },
    ],
    ['srflx of a hidden socket', srflx('203.0.113.7', 61000), { type: 'srflx', address: '203.0.113.7', port: '61000', base: '' }],
    ['relay', relay(), { type: 'relay', address: '198.51.100.1' }],
    ['TCP', 'candidate:3 1 TCP 2105458943 10.0.0.1 9 typ host tcptype active', { type: 'host', udp: false, port: '9' }],
    ['Firefox end of section', '', null],
    ['not a candidate', 'a=end-of-candidates', null],
    ['half a candidate', 'candidate:3 1 udp 2105458943 10.0.0.1', null],
  ])('%s', (_, line, facts) => {
    if (facts === null) expect(candidateFacts(line)).toBeNull();
    else expect(candidateFacts(line)).toMatchObject(facts);
  });

  it.each([
    [host('192.168.1.7'), true],
    [host('2001:db8::7'), true],
    [host(), false],
    [host('(redacted)'), false],
  ])('%s is shown: %s', (line, shown) => {
    const facts = candidateFacts(line);
    expect(facts && isShown(facts)).toBe(shown);
  });
});
