import { SessionError, type SessionErrorCode } from '../errors.js';
import { candidateFacts, isShown } from './candidate-facts.js';
import type { ConnectivityProblem, ServerReport } from './connectivity-report.js';
import type { Gathering } from './gathering.js';
import type { RelayFacts } from './relay-loopback.js';
import type { ServerAddress } from './server-address.js';

/** A problem with the general cure of its code, or an exact one. */
export function problemOf(code: SessionErrorCode, message: string, cure?: string): ConnectivityProblem {
  const { hint } = new SessionError(code, message, cure === undefined ? {} : { hint: cure });
  return { code, message, hint };
}

/** What a thrown thing says. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** STUN and TURN error codes (RFC 8489 section 14.8) that mean "not with this username and credential". */
const UNAUTHORIZED = [401, 431, 441];

/** An answer of the server itself; 701 is the browser's word for "unreachable" (webrtc-pc section 4.8.1.4). */
const answered = ({ errors }: Gathering) => errors.find(({ code }) => code < 700);

function judgeSilence({ url, host, transport }: ServerAddress, gathering: Gathering): ConnectivityProblem {
  const refusal = answered(gathering);
  if (refusal && UNAUTHORIZED.includes(refusal.code)) {
    return problemOf('ice-server-unauthorized', `${url} refused the username and credential (${refusal.code}).`);
  }
  if (refusal) {
    const cure = 'Look into the log of that server: it may have run out of addresses or of its quota.';
    return problemOf('ice-server-unreachable', `${url} answered with error ${refusal.code} ${refusal.text}`.trim(), cure);
  }
  if (transport === 'tls') {
    // Firefox ignores such an address without a word.
    const byNumber = /^[\d.]+$|^\[/.test(host);
    const cure = byNumber
      ? 'Use a host name: Firefox ignores turns: with an IP address, and certificates are made for names.'
      : 'Check address, port and firewall, and that the certificate is valid for this name.';
    return problemOf('ice-server-unreachable', `${url} could not be reached.`, cure);
  }
  return problemOf('ice-server-unreachable', `${url} did not answer.`);
}

const base = ({ url, kind, transport }: ServerAddress) => ({ url, kind, transport });

/** The first candidate of a type, and when it was found. */
function firstOf(type: string, { candidates }: Gathering): { address: string; atMs: number } | undefined {
  for (const { line, atMs } of candidates) {
    for (const facts of candidateFacts([line])) if (facts.type === type) return { address: facts.address, atMs };
  }
  return undefined;
}

/** Does this server tell us our public address? */
export function judgeStun(address: ServerAddress, gathering: Gathering): ServerReport {
  const found = firstOf('srflx', gathering);
  if (found) {
    return { ...base(address), ok: true, address: found.address, answerMs: found.atMs, roundTripMs: null, problem: null };
  }
  // Without a NAT the public address is our own, and the browser drops the double (RFC 8445 section 5.1.3). All there is to see
  // is that gathering ended in good order. Errors of IPv6 sockets mean nothing where the server has IPv4 only.
  const own = candidateFacts(gathering.candidates.map(({ line }) => line)).find(
    (facts) => facts.type === 'host' && isShown(facts),
  );
  const ok = gathering.complete && own !== undefined && gathering.errors.every((error) => error.address?.includes(':') ?? false);
  const problem = ok ? null : judgeSilence(address, gathering);
  return { ...base(address), ok, address: ok ? own.address : null, answerMs: null, roundTripMs: null, problem };
}

/** Does this server lend us an address, and does it carry data? */
export function judgeTurn(address: ServerAddress, { gathering, pingsMs }: RelayFacts): ServerReport {
  const found = firstOf('relay', gathering);
  const median = pingsMs.toSorted((a, b) => a - b)[pingsMs.length >> 1];
  const half = `${address.url} lends an address but carries no data.`;
  const cure = "Open the server's range of relay ports for UDP, set its external address, and let it relay to itself.";
  const silence = answered(gathering) || !found ? judgeSilence(address, gathering) : problemOf('ice-failed', half, cure);
  return {
    ...base(address),
    ok: median !== undefined,
    address: found?.address ?? null,
    answerMs: found?.atMs ?? null,
    // To ourselves and back is twice to the server and back.
    roundTripMs: median === undefined ? null : median / 2,
    problem: median === undefined ? silence : null,
  };
}
