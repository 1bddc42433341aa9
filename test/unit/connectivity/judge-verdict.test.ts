import { describe, expect, it } from 'vitest';
import type {
  DevicesReport,
  NetworkReport,
  ServerReport,
  SignalingReport,
} from '../../../src/connectivity/connectivity-report.js';
import { type Findings, judgeVerdict } from '../../../src/connectivity/judge-verdict.js';

const problem = { code: 'media-denied', message: '', hint: '' } as const;
const devices: DevicesReport = {
  cameras: 1,
  microphones: 1,
  cameraPermission: 'prompt',
  microphonePermission: 'prompt',
  problem: null,
};
const network: NetworkReport = { online: true, publicAddresses: [], nat: 'endpoint-independent', udp: true };
const deaf: SignalingReport = { ok: false, openMs: null, roundTripMs: null, problem };
const base: Findings = { webrtc: true, devices, signaling: null, servers: [], network, case: 2, media: false, fetched: true };

const server = (kind: ServerReport['kind'], ok: boolean, transport: ServerReport['transport'] = 'udp'): ServerReport => ({
  url: `${kind}:a`,
  kind,
  transport,
  ok,
  address: null,
  answerMs: null,
  roundTripMs: null,
  problem: null,
});
const all = [server('turn', true), server('turn', true, 'tcp'), server('turn', true, 'tls')];

describe('judgeVerdict', () => {
  it.each<[arrow: string, Partial<Findings>, string, string]>([
    ['no WebRTC', { webrtc: false }, 'blocked', 'This browser has no WebRTC, so it cannot make calls.'],
    ['no network', { network: { ...network, online: false } }, 'blocked', 'This device has no network.'],
    [
      'no signaling',
      { signaling: deaf, servers: all },
      'blocked',
      'The signaling server cannot be reached, so no call can begin.',
    ],
    [
      'servers not fetched',
      { fetched: false },
      'limited',
      'The list of STUN and TURN servers could not be fetched, so calls may fail.',
    ],
    [
      'TURN works all ways',
      { servers: all },
      'ready',
      'Calls will connect, through TURN over UDP, TCP and TLS where there is no direct path.',
    ],
    [
      'TURN works one way',
      { servers: [server('turn', false), server('turn', true, 'tls')], case: null },
      'ready',
      'Calls will connect, through TURN over TLS where there is no direct path.',
    ],
    [
      'case 3, two TURN servers over TCP',
      { servers: [all[1], all[1]].flatMap((s) => s ?? []), case: 3 },
      'ready',
      'Calls will connect, through TURN over TCP; this network allows few direct paths.',
    ],
    [
      'no camera, nobody asked for one',
      { servers: all, devices: { ...devices, problem } },
      'ready',
      'Calls will connect, through TURN over UDP, TCP and TLS where there is no direct path.',
    ],
    [
      'no camera, and it is wanted',
      { servers: all, media: true, devices: { ...devices, problem } },
      'limited',
      'Calls will connect, but without camera or microphone of this device.',
    ],
    [
      'UDP blocked, no TURN',
      { network: { ...network, udp: false }, case: 3 },
      'blocked',
      'Calls beyond this network will fail: UDP is blocked and there is no TURN server.',
    ],
    [
      'UDP blocked, dead TURN',
      { network: { ...network, udp: false }, servers: [server('turn', false, 'tls')], case: 3 },
      'blocked',
      'Calls beyond this network will fail: UDP is blocked and no TURN server works.',
    ],
    ['symmetric, no TURN', { case: 3 }, 'limited', 'Most calls will fail: the NAT is symmetric and there is no TURN server.'],
    [
      'case 2, STUN only',
      { servers: [server('stun', true)] },
      'limited',
      'Calls will connect where there is a direct path, else fail: there is no TURN server.',
    ],
    [
      'case 2, dead TURN',
      { servers: [server('stun', true), server('turn', false)] },
      'limited',
      'Calls will connect where there is a direct path, else fail: no TURN server works.',
    ],
    [
      'no servers given',
      { network: { ...network, udp: null }, case: null },
      'limited',
      'Only calls within this network are sure to connect: there is no STUN and no TURN server.',
    ],
    [
      'no server answers',
      { network: { ...network, udp: null }, case: null, servers: [server('stun', false)] },
      'limited',
      'Only calls within this network are sure to connect: no STUN or TURN server answered.',
    ],
  ])('%s', (_, more, verdict, summary) => {
    expect(judgeVerdict({ ...base, ...more })).toEqual({ verdict, summary });
  });
});
