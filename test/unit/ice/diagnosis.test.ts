import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.js';
import { diagnose, type IceEvidence } from '../../../src/ice/diagnosis.js';

const host = 'candidate:1 1 udp 2122260223 192.168.1.7 50000 typ host generation 0 ufrag x';
const otherHost = 'candidate:1 1 udp 2122260223 10.0.0.4 41000 typ host generation 0 ufrag y';
const name = 'candidate:0 1 UDP 2122252543 6e1b9c3a-6f39-4b9d-8f3a-7a0c4a1a0d11.local 40000 typ host';
const host6 = 'candidate:2 1 udp 2122262783 2001:db8:1::7 50001 typ host generation 0 ufrag x';
const srflx = 'candidate:3 1 udp 1686052607 203.0.113.7 61000 typ srflx raddr 192.168.1.7 rport 50000 generation 0';
const srflxB = 'candidate:3 1 udp 1686052351 203.0.113.7 61001 typ srflx raddr 192.168.1.7 rport 50000 generation 0';
const otherSrflx = 'candidate:3 1 udp 1686052607 198.51.100.9 33000 typ srflx raddr 10.0.0.4 rport 41000 generation 0';
const otherSrflxB = 'candidate:3 1 udp 1686052351 198.51.100.9 33100 typ srflx raddr 10.0.0.4 rport 41000 generation 0';
const relay = 'candidate:4 1 udp 41885695 198.51.100.1 49200 typ relay raddr 203.0.113.7 rport 61000 generation 0';
const secondInterface = 'candidate:5 1 udp 1686052607 203.0.113.7 62000 typ srflx raddr 192.168.2.9 rport 50002 generation 0';
const secondPath = 'candidate:6 1 udp 1686052095 192.168.1.1 62500 typ srflx raddr 192.168.1.7 rport 50000 generation 0';
const hidden = (port: number): string =>
  `candidate:3 1 udp 1686052607 203.0.113.7 ${port} typ srflx raddr 0.0.0.0 rport 0 generation 0`;

const stun = ['stun:stun.example.com'];
const turn = ['turn:turn.example.com', 'turns:turn.example.com:443?transport=tcp'];
const nothing: IceEvidence = { policy: 'all', servers: [], local: [host], remote: [otherHost], errors: [] };
const error = (code: number, url = 'turn:turn.example.com') => ({ url, code });

const ADD_TURN = /^Add a TURN server\.$/;
const SYMMETRIC = 'Both peers are behind symmetric NATs and no TURN server is configured. Add one.';
const NATS = 'Both peers are behind NATs without a direct path and no TURN server is configured. Add one.';
const UNREACHED = /^No answer from turn:turn\.example\.com,turns:.*, or UDP is blocked\.$/;
const DIFFERENT = 'Different networks, and no STUN or TURN server is configured.';
const OURS = 'We have no public address: no answer from STUN, or UDP is blocked.';
const THEIRS = 'The peer has no public address: no answer from STUN, or UDP is blocked.';
const REFUSED = 'turn:turn.example.com refused with 401.';
const DEAD = 'No data came through the TURN server.';
const SILENT = 'No candidate of the peer arrived.';

describe('diagnose', () => {
  it.each<[arrow: string, evidence: Partial<IceEvidence>, message: string | RegExp, hint: string | RegExp]>([
    ['relay only, no servers -> no TURN', { policy: 'relay' }, /^Only relayed/, ADD_TURN],
    [
      'relay only, STUN only, nothing gathered -> no TURN',
      { policy: 'relay', servers: stun, local: [] },
      /^Only relayed/,
      ADD_TURN,
    ],
    ['401 -> credentials', { servers: turn, errors: [error(701), error(401)] }, REFUSED, /TURN secret.*expired/],
    [
      '401, nothing of the peer either -> credentials',
      { policy: 'relay', servers: turn, local: [], remote: [], errors: [error(401)] },
      REFUSED,
      /secret/,
    ],
    ['486 quota -> refused', { servers: turn, errors: [error(486)] }, /refused with 486/, /./],
    [
      '401 of one server, relay of another -> not the credentials',
      { servers: turn, local: [host, relay], errors: [error(401)] },
      DEAD,
      /./,
    ],
    [
      'error of a STUN server -> not the credentials',
      { servers: [...stun, ...turn], errors: [error(400, 'stun:x')] },
      /^No answer/,
      /./,
    ],
    ['no address -> no network', { local: [], remote: [] }, 'This device has no network.', 'Connect it.'],
    ['no address, TURN configured -> no network', { local: [], servers: turn }, 'This device has no network.', /./],
    [
      'relay only, nothing gathered, peer too -> TURN unreachable',
      { policy: 'relay', servers: turn, local: [], remote: [] },
      UNREACHED,
      /firewall.*turns:host:443/,
    ],
    ['nothing of the peer -> signaling', { remote: [] }, SILENT, /signaling/],
    ['nothing of the peer, TURN dead -> signaling', { servers: turn, remote: [] }, SILENT, /signaling/],
    [
      'nothing of the peer, relay only, relay gathered -> signaling',
      { policy: 'relay', servers: turn, local: [relay], remote: [] },
      SILENT,
      /./,
    ],
    ['TURN, no relay, 701 -> unreachable', { servers: turn, errors: [error(701)] }, UNREACHED, /./],
    [
      'TURN, no relay, silence (Firefox, turns) -> unreachable',
      { servers: turn, local: [host, srflx], remote: [otherSrflx] },
      UNREACHED,
      /./,
    ],
    ['relay on both -> half-dead TURN', { servers: turn, local: [host, relay], remote: [otherHost, relay] }, DEAD, /relay ports/],
    ['relay on our side only -> half-dead TURN', { servers: turn, local: [host, relay] }, DEAD, /./],
    ['relay on the other side only -> half-dead TURN', { remote: [otherHost, relay] }, DEAD, /./],
    ['IPv4 / IPv6 -> families', { remote: [host6] }, 'One peer has only IPv4, the other only IPv6.', ADD_TURN],
    [
      'IPv6 / IPv4 -> families',
      { local: [host6], remote: [host, srflx], servers: stun },
      'One peer has only IPv4, the other only IPv6.',
      ADD_TURN,
    ],
    ['IPv6 / both -> not families', { local: [host6], remote: [host, host6] }, DIFFERENT, ADD_TURN],
    ['IPv6 / name -> not families', { local: [host6], remote: [name] }, DIFFERENT, ADD_TURN],
    ['host / host, no servers -> no STUN', {}, DIFFERENT, ADD_TURN],
    ['mDNS / mDNS, no servers -> no STUN', { local: [name], remote: [name] }, DIFFERENT, ADD_TURN],
    ['host / host, STUN -> UDP blocked', { servers: stun }, OURS, ADD_TURN],
    ['host / srflx, STUN -> UDP blocked here', { servers: stun, remote: [otherHost, otherSrflx] }, OURS, ADD_TURN],
    ['srflx / host, STUN -> UDP blocked there', { servers: stun, local: [host, srflx] }, THEIRS, ADD_TURN],
    [
      'srflx / srflx, two ports each -> symmetric',
      { servers: stun, local: [host, srflx, srflxB], remote: [otherHost, otherSrflx, otherSrflxB] },
      SYMMETRIC,
      ADD_TURN,
    ],
    ['srflx / srflx, one port each -> some NAT', { servers: stun, local: [host, srflx], remote: [otherSrflx] }, NATS, ADD_TURN],
    [
      'srflx / srflx, symmetric on one side only -> some NAT',
      { servers: stun, local: [srflx, srflxB], remote: [otherSrflx] },
      NATS,
      ADD_TURN,
    ],
    [
      'srflx / srflx, two interfaces -> some NAT',
      { servers: stun, local: [srflx, secondInterface], remote: [otherSrflx, otherSrflxB] },
      NATS,
      ADD_TURN,
    ],
    [
      'srflx / srflx, the same mapping twice -> some NAT',
      { servers: stun, local: [srflx, srflx], remote: [otherSrflx, otherSrflxB] },
      NATS,
      ADD_TURN,
    ],
    [
      'srflx / srflx, a STUN server inside the own network -> some NAT',
      { servers: stun, local: [srflx, secondPath], remote: [otherSrflx, otherSrflxB] },
      NATS,
      ADD_TURN,
    ],
    [
      'srflx / srflx, hidden bases -> some NAT',
      { servers: stun, local: [hidden(1000), hidden(2000)], remote: [otherSrflx, otherSrflxB] },
      NATS,
      ADD_TURN,
    ],
  ])('%s', (_, evidence, message, hint) => {
    const said = diagnose({ ...nothing, ...evidence });
    expect(said.message).toMatch(typeof message === 'string' ? new RegExp(`^${message.replace(/[.?]/g, '\\$&')}$`) : message);
    expect(new SessionError('ice-failed', said.message, { hint: said.hint }).hint).toMatch(hint);
  });
});
