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
    const through = `through TURN over ${over(relays)}`;
    return kind === 3
      ? say('ready', `Calls will connect ${through}; this network allows few direct paths.`)
      : say('ready', `Calls will connect: directly where both networks allow it, else ${through}.`);
  }
  if (network.udp === false) return say('blocked', `Calls beyond this network will fail: UDP is blocked and ${lack}.`);
  if (kind === 3) return say('limited', `Most calls will fail: the NAT is symmetric and ${lack}.`);
  if (kind) return say('limited', `Calls will connect where the other network allows a direct path, else fail: ${lack}.`);
  const reached = network.udp ? 'Some calls will connect' : 'Only calls within this network are sure to connect';
  return say('limited', `${reached}: ${network.udp || turn[0] ? lack : 'no STUN or TURN server answered'}.`);
}
