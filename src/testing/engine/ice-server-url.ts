import type { Carrier } from '../network/network-host.js';
import type { Personality } from './personality.js';
import { domError } from './rtc-error.js';

/** One URL of one server, taken apart (RFC 7064, RFC 7065). */
export interface ServerUrl {
  readonly url: string;
  readonly scheme: 'stun' | 'stuns' | 'turn' | 'turns';
  readonly host: string;
  readonly port: number;
  readonly carrier: Carrier;
  readonly username: string;
  readonly credential: string;
}

const SHAPE = /^(stuns?|turns?):(\[[\da-f:.]+\]|[^\s:?/@#[\]]+)(?::(\d{1,6}))?(?:\?transport=(\w+))?$/i;

function parseUrl(url: string, server: RTCIceServer, personality: Personality): ServerUrl {
  const bad = (why: string): DOMException => domError('SyntaxError', `'${url}' is not a valid ICE server URL: ${why}.`);
  const match = SHAPE.exec(url);
  if (!match) throw bad('malformed');
  const [, rawScheme = '', host = '', rawPort, transport] = match;
  const scheme = rawScheme.toLowerCase() as ServerUrl['scheme'];
  const secure = scheme.endsWith('s');
  const turn = scheme.startsWith('turn');
  if (transport !== undefined && !turn) throw bad('stun takes no query');
  const known =
    transport === undefined ||
    ['udp', 'tcp'].includes(personality.acceptsUpperCaseTransport ? transport.toLowerCase() : transport);
  if (!known) throw bad('unknown transport');
  const port = rawPort === undefined ? (secure ? 5349 : 3478) : Number(rawPort);
  if (port < 1 || port > 65_535) throw bad('port out of range');
  if (turn && (!server.username || !server.credential)) {
    throw domError('InvalidAccessError', 'Both username and credential are required when the URL scheme is "turn" or "turns".');
  }
  // RFC 8489 14.3: a username has fewer than 509 bytes.
  if (turn && new TextEncoder().encode(server.username).length > 508) {
    throw domError('InvalidAccessError', 'The username is longer than 508 bytes.');
  }
  const carrier: Carrier = secure && turn ? 'tls' : transport?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  return { url, scheme, host, port, carrier, username: server.username ?? '', credential: server.credential ?? '' };
}

/** webrtc-pc 4.4.1.8 "validate ICE servers": throws what the table of CORRECTNESS 7.1 says. */
export function parseIceServers(servers: readonly RTCIceServer[], personality: Personality): ServerUrl[] {
  return servers.flatMap((server) => {
    const legacy: unknown = Reflect.get(server, 'url');
    const given = server.urls ?? (typeof legacy === 'string' ? legacy : []);
    const urls = typeof given === 'string' ? [given] : given;
    if (urls.length === 0) throw domError('SyntaxError', 'An ICE server needs at least one URL.');
    return urls.map((url) => parseUrl(url, server, personality));
  });
}
