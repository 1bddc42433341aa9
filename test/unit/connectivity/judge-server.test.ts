import { describe, expect, it } from 'vitest';
import { candidateFacts } from '../../../src/connectivity/candidate-facts.js';
import type { Gathering } from '../../../src/connectivity/gathering.js';
import { judgeStun, judgeTurn } from '../../../src/connectivity/judge-server.js';
import { type ServerAddress, serverAddresses } from '../../../src/connectivity/server-address.js';
import { host, relay, srflx } from './candidate-lines.js';

function addressOf(url: string): ServerAddress {
  const [address] = serverAddresses([{ urls: url }]);
  if (!address) throw new Error(url);
  return address;
}

/** What was gathered: lines, errors as `701` or `701 <our address>`, and whether it came to its end. */
function gathering(lines: readonly string[], errors: readonly string[] = [], complete = true): Gathering {
  return {
    candidates: lines.flatMap((line) => {
      const facts = candidateFacts(line);
      return facts ? { ...facts, atMs: 12 } : [];
    }),
    errors: errors.map((error) => {
      const [code = '', address = null] = error.split(' ');
      return { code: Number(code), text: 'Some Words', address };
    }),
    complete,
  };
}

describe('judgeStun', () => {
  const stun = addressOf('stun:stun.example.com');

  it('srflx -> its address and time', () => {
    expect(judgeStun(stun, gathering([host(), srflx('203.0.113.7', 61000)], ['701'], false))).toEqual({
      url: 'stun:stun.example.com',
      kind: 'stun',
      transport: 'udp',
      ok: true,
      address: '203.0.113.7',
      answerMs: 12,
      roundTripMs: null,
      problem: null,
    });
  });

  it.each<[arrow: string, Gathering, ok: boolean]>([
    ['nothing srflx, own address shown, ended in good order -> no NAT', gathering([host('203.0.113.7')]), true],
    ['the same, errors of IPv6 sockets only -> no NAT', gathering([host('203.0.113.7')], ['701 [2001:db8:0:x:x:x:x:x]']), true],
    ['the same, an error of an IPv4 socket -> silent', gathering([host('203.0.113.7')], ['701 203.0.113.x']), false],
    ['the same, an error of Firefox, which tells no address -> silent', gathering([host('203.0.113.7')], ['701']), false],
    ['the same, the time was up -> silent', gathering([host('203.0.113.7')], [], false), false],
    ['own address hidden -> silent', gathering([host()]), false],
    ['nothing at all -> silent', gathering([]), false],
  ])('%s', (_, seen, ok) => {
    const report = judgeStun(stun, seen);
    expect(report.ok).toBe(ok);
    expect(report.address).toBe(ok ? '203.0.113.7' : null);
    expect(report.problem?.code ?? null).toBe(ok ? null : 'ice-server-unreachable');
    expect(report.answerMs).toBeNull();
  });
});

describe('judgeTurn', () => {
  const turn = 'turn:turn.example.com';
  const turns = 'turns:turn.example.com:443?transport=tcp';

  it('data came through -> half the median of the pings', () => {
    const facts = { gathering: gathering([relay()], ['701']), pingsMs: [90, 20, 24, 22, 21] };
    expect(judgeTurn(addressOf(turn), facts)).toEqual({
      url: turn,
      kind: 'turn',
      transport: 'udp',
      ok: true,
      address: '198.51.100.1',
      answerMs: 12,
      roundTripMs: 11,
      problem: null,
    });
  });

  it.each<[arrow: string, url: string, Gathering, code: string, message: string, hint: RegExp]>([
    [
      '401 -> unauthorized',
      turn,
      gathering([], ['401']),
      'ice-server-unauthorized',
      'refused the username and credential (401).',
      /expired/,
    ],
    ['701, then 401 -> unauthorized', turn, gathering([], ['701', '401']), 'ice-server-unauthorized', 'refused', /secret/],
    ['441 -> unauthorized', turns, gathering([], ['441']), 'ice-server-unauthorized', '(441)', /./],
    [
      '486 quota -> its word',
      turn,
      gathering([], ['486']),
      'ice-server-unreachable',
      'answered with error 486 Some Words',
      /quota/,
    ],
    [
      'relay, second one refused by quota -> its word',
      turn,
      gathering([relay()], ['486']),
      'ice-server-unreachable',
      '486',
      /quota/,
    ],
    ['701 -> unreachable', turn, gathering([], ['701']), 'ice-server-unreachable', 'did not answer.', /firewall/],
    ['silence of UDP -> unreachable', turn, gathering([], [], false), 'ice-server-unreachable', 'did not answer.', /firewall/],
    [
      'silence of TLS -> the certificate may be it',
      turns,
      gathering([]),
      'ice-server-unreachable',
      'did not answer.',
      /certificate/,
    ],
    [
      'relay, no data -> half-dead',
      turn,
      gathering([relay()]),
      'ice-failed',
      'lends an address but carries no data.',
      /relay ports/,
    ],
    [
      'relay and 701 of another socket, no data -> half-dead',
      turn,
      gathering([relay()], ['701']),
      'ice-failed',
      'carries no data',
      /./,
    ],
  ])('%s', (_, url, seen, code, message, hint) => {
    const report = judgeTurn(addressOf(url), { gathering: seen, pingsMs: [] });
    expect(report).toMatchObject({ ok: false, roundTripMs: null, problem: { code } });
    expect(report.problem?.message).toContain(`${url} `);
    expect(report.problem?.message).toContain(message);
    expect(report.problem?.hint).toMatch(hint);
  });
});
