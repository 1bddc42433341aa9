import { describe, expect, it } from 'vitest';
import { candidateFacts } from '../../../src/connectivity/candidate-facts.js';
import type { NatBehaviour, NetworkReport, ServerReport } from '../../../src/connectivity/connectivity-report.js';
import { judgeCase, judgeNat, judgeUdp } from '../../../src/connectivity/judge-network.js';
import { host, srflx } from './candidate-lines.js';

const one = [{ host: 'a' }];
const twoHosts = [{ host: 'a' }, { host: 'b' }];
const twoPorts = [{ host: 'a' }, { host: 'a' }];
const shown = '192.168.1.7 rport 50000';
const second = '192.168.2.9 rport 50002';
const tcp = 'candidate:3 1 tcp 1518214911 192.168.1.7 9 typ host tcptype active';
const PUBLIC = '203.0.113.7';

describe('judgeNat', () => {
  it.each<[arrow: string, lines: string[], answered: { host: string }[], expected: NatBehaviour]>([
    ['two hosts, one mapping -> independent', [host(), srflx(PUBLIC, 61000)], twoHosts, 'endpoint-independent'],
    [
      'two hosts, one mapping told twice -> independent',
      [srflx(PUBLIC, 61000), srflx(PUBLIC, 61000)],
      twoHosts,
      'endpoint-independent',
    ],
    ['two hosts, two ports of a hidden socket -> symmetric', [srflx(PUBLIC, 61000), srflx(PUBLIC, 61001)], twoHosts, 'symmetric'],
    [
      'two ports of a shown socket -> symmetric',
      [srflx(PUBLIC, 61000, shown), srflx(PUBLIC, 61001, shown)],
      twoHosts,
      'symmetric',
    ],
    [
      'two sockets, a port each -> independent',
      [srflx(PUBLIC, 1000, shown), srflx(PUBLIC, 2000, second)],
      twoHosts,
      'endpoint-independent',
    ],
    ['two ports towards one host -> symmetric', [srflx(PUBLIC, 61000), srflx(PUBLIC, 61001)], twoPorts, 'symmetric'],
    ['one port towards two ports of one host -> unknown', [srflx(PUBLIC, 61000)], twoPorts, 'unknown'],
    ['one server -> unknown', [host(), srflx(PUBLIC, 61000)], one, 'unknown'],
    [
      'two public addresses (two providers) -> independent',
      [srflx(PUBLIC, 1000), srflx('198.51.100.7', 2000)],
      twoHosts,
      'endpoint-independent',
    ],
    [
      'IPv6 goes as it is, IPv4 changes -> symmetric',
      [srflx('2001:db8::7', 50001), srflx(PUBLIC, 1000), srflx(PUBLIC, 2000)],
      twoHosts,
      'symmetric',
    ],
    ['mapped to itself -> none', [host(PUBLIC), srflx(PUBLIC, 50000)], one, 'none'],
    ['answered, no mapping, address shown -> none', [host(PUBLIC)], one, 'none'],
    ['answered, no mapping, address hidden -> unknown', [host()], one, 'unknown'],
    ['nobody answered -> unknown', [host('192.168.1.7'), tcp], [], 'unknown'],
    ['no network -> unknown', [], [], 'unknown'],
  ])('%s', (_, lines, answered, expected) => {
    const candidates = lines.flatMap((line) => {
      const facts = candidateFacts(line);
      return facts ? { ...facts, atMs: 1 } : [];
    });
    expect(judgeNat({ candidates, errors: [], complete: true }, answered)).toBe(expected);
  });

  it('no mapping, but gathering did not end -> unknown', () => {
    const facts = candidateFacts(host(PUBLIC));
    const candidates = facts ? [{ ...facts, atMs: 1 }] : [];
    expect(judgeNat({ candidates, errors: [], complete: false }, one)).toBe('unknown');
  });
});

const server = (more: Partial<ServerReport>): ServerReport => ({
  url: 'turn:a',
  kind: 'turn',
  transport: 'udp',
  ok: false,
  address: null,
  answerMs: null,
  roundTripMs: null,
  problem: null,
  ...more,
});
const refused = { code: 'ice-server-unauthorized', message: '', hint: '' } as const;

describe('judgeUdp', () => {
  it.each<[arrow: string, servers: ServerReport[], expected: boolean | null]>([
    ['no servers -> unknown', [], null],
    ['STUN answers -> open', [server({ kind: 'stun', ok: true })], true],
    ['TURN over UDP refuses the password -> open', [server({ problem: refused })], true],
    ['TURN over UDP is half-dead -> open', [server({ address: '198.51.100.1' })], true],
    ['nothing answers -> unknown', [server({}), server({ transport: 'tcp' })], null],
    ['UDP silent, TCP works -> blocked', [server({}), server({ transport: 'tcp', ok: true })], false],
    ['UDP silent, TLS refuses the password -> blocked', [server({}), server({ transport: 'tls', problem: refused })], false],
    ['TCP only, and it works -> unknown', [server({ transport: 'tcp', ok: true })], null],
    ['one UDP of two works -> open', [server({}), server({ ok: true })], true],
  ])('%s', (_, servers, expected) => expect(judgeUdp(servers)).toBe(expected));
});

describe('judgeCase', () => {
  const network: NetworkReport = { online: true, publicAddresses: [], nat: 'unknown', udp: true };
  it.each<[arrow: string, Partial<NetworkReport>, 1 | 2 | 3 | null, RegExp]>([
    ['no NAT -> 1', { nat: 'none' }, 1, /own address/],
    ['independent mapping -> 2', { nat: 'endpoint-independent' }, 2, /STUN/],
    ['symmetric -> 3', { nat: 'symmetric' }, 3, /symmetric/],
    ['UDP blocked -> 3', { udp: false }, 3, /UDP is blocked/],
    ['UDP blocked, whatever the NAT -> 3', { udp: false, nat: 'none' }, 3, /UDP is blocked/],
    ['one STUN server -> unknown', {}, null, /two STUN servers/],
    ['nothing answered -> unknown', { udp: null }, null, /No STUN or TURN server answered/],
    ['offline -> unknown', { online: false, udp: null }, null, /no network/],
  ])('%s', (_, more, expected, why) => {
    const judged = judgeCase({ ...network, ...more });
    expect(judged.case).toBe(expected);
    expect(judged.explanation).toMatch(why);
  });
});
