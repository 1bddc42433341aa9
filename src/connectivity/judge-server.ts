import { isShown } from './candidate-facts.js';
import { problemOf } from './connectivity-problem.js';
import type { ConnectivityProblem, ServerReport } from './connectivity-report.js';
import { firstOf, type Gathering } from './gathering.js';
import type { RelayFacts } from './relay-loopback.js';
import type { ServerAddress } from './server-address.js';

/** STUN and TURN error codes (RFC 8489 section 14.8) that mean "not with this username and credential". */
const UNAUTHORIZED = [401, 431, 441];

/** An answer of the server itself; 701 is the browser's word for "unreachable" (webrtc-pc section 4.8.1.4). */
const refusalOf = ({ errors }: Gathering) => errors.find(({ code }) => code < 700);

function judgeSilence({ url, transport }: ServerAddress, gathering: Gathering): ConnectivityProblem {
  const refusal = refusalOf(gathering);
  if (refusal && UNAUTHORIZED.includes(refusal.code)) {
    return problemOf('ice-server-unauthorized', `${url} refused the username and credential (${refusal.code}).`);
  }
  if (refusal) {
    const what = `${url} answered with error ${refusal.code} ${refusal.text}`.trim();
    return problemOf('ice-server-unreachable', what, 'Look into the log of that server: its quota may be used up.');
  }
  // Firefox passes over turns: with an address in figures without a word.
  const cure =
    transport === 'tls' ? 'Check address, port and firewall, and that the certificate is valid for this host name.' : undefined;
  return problemOf('ice-server-unreachable', `${url} did not answer.`, cure);
}

/** A server that does not work. */
export const failedServer = ({ url, kind, transport }: ServerAddress, problem: ConnectivityProblem): ServerReport => ({
  url,
  kind,
  transport,
  ok: false,
  address: null,
  answerMs: null,
  roundTripMs: null,
  problem,
});

/** Does this server tell us our public address? */
export function judgeStun(server: ServerAddress, gathering: Gathering): ServerReport {
  const silent = failedServer(server, judgeSilence(server, gathering));
  const { address, atMs: answerMs } = firstOf('srflx', gathering) ?? {};
  if (address !== undefined && answerMs !== undefined) return { ...silent, ok: true, address, answerMs, problem: null };
  // Without a NAT the public address is our own, and the browser drops the double (RFC 8445 section 5.1.3). All there is to see
  // is that gathering ended in good order. Errors of IPv6 sockets mean nothing where the server has IPv4 only.
  const own = gathering.candidates.find((candidate) => candidate.type === 'host' && isShown(candidate));
  const inOrder = gathering.complete && gathering.errors.every((error) => error.address?.includes(':'));
  return own && inOrder ? { ...silent, ok: true, address: own.address, problem: null } : silent;
}

/** Does this server lend us an address, and does it carry data? */
export function judgeTurn(server: ServerAddress, { gathering, pingsMs }: RelayFacts): ServerReport {
  const relay = firstOf('relay', gathering);
  const half = `${server.url} lends an address but carries no data.`;
  const cure = "Open the server's range of relay ports for UDP, set its external address, and let it relay to itself.";
  const problem = relay && !refusalOf(gathering) ? problemOf('ice-failed', half, cure) : judgeSilence(server, gathering);
  const failed = { ...failedServer(server, problem), address: relay?.address ?? null, answerMs: relay?.atMs ?? null };
  const median = [...pingsMs].sort((a, b) => a - b)[pingsMs.length >> 1];
  // To ourselves and back is twice to the server and back.
  return median === undefined ? failed : { ...failed, ok: true, roundTripMs: median / 2, problem: null };
}
