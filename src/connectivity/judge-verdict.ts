import type { ConnectivityReport, ConnectivityVerdict, ServerReport } from './connectivity-report.js';

/** What the verdict is made from. */
export interface Findings extends Pick<ConnectivityReport, 'webrtc' | 'devices' | 'signaling' | 'servers' | 'network' | 'case'> {
  /** Whether camera and microphone are wanted. */
  readonly media: boolean;
  /** Whether the list of servers could be had. */
  readonly fetched: boolean;
}

type Judgement = Pick<ConnectivityReport, 'verdict' | 'summary'>;

const say = (verdict: ConnectivityVerdict, summary: string): Judgement => ({ verdict, summary });

const over = (servers: readonly ServerReport[]): string =>
  [...new Set(servers.map(({ transport }) => transport.toUpperCase()))].join(', ').replace(/, (\w+)$/, ' and $1');

/** What a call can expect, and one sentence that says so. The first that knows has the word. */
export function judgeVerdict({ webrtc, devices, signaling, servers, network, media, fetched, case: kind }: Findings): Judgement {
  if (!webrtc) return say('blocked', 'This browser has no WebRTC, so it cannot make calls.');
  if (!network.online) return say('blocked', 'This device has no network.');
  if (signaling?.ok === false) return say('blocked', 'The signaling server cannot be reached, so no call can begin.');
  if (!fetched) return say('limited', 'The list of STUN and TURN servers could not be fetched, so calls may fail.');
  const turn = servers.filter((server) => server.kind === 'turn');
  const relays = turn.filter(({ ok }) => ok);
  const lack = turn[0] ? 'no TURN server works' : 'there is no TURN server';
  if (relays[0]) {
    if (media && devices.problem) return say('limited', 'Calls will connect, but without camera or microphone of this device.');
    const direct = kind === 3 ? '; this network allows few direct paths' : ' where there is no direct path';
    return say('ready', `Calls will connect, through TURN over ${over(relays)}${direct}.`);
  }
  if (network.udp === false) return say('blocked', `Calls beyond this network will fail: UDP is blocked and ${lack}.`);
  if (kind === 3) return say('limited', `Most calls will fail: the NAT is symmetric and ${lack}.`);
  if (network.udp) return say('limited', `Calls will connect where there is a direct path, else fail: ${lack}.`);
  const none = servers[0] ? 'no STUN or TURN server answered' : 'there is no STUN and no TURN server';
  return say('limited', `Only calls within this network are sure to connect: ${none}.`);
}
