/** What was seen until ICE failed. Candidates are strings as in `RTCIceCandidate.candidate`, RFC 8839 section 5.1. */
export interface IceEvidence {
  readonly policy: RTCIceTransportPolicy;
  /** The addresses of all STUN and TURN servers configured. */
  readonly servers: readonly string[];
  /** Our candidates, before any filter. */
  readonly local: readonly string[];
  /** The peer's candidates. */
  readonly remote: readonly string[];
  /** From `icecandidateerror`: `url` and `errorCode`. */
  readonly errors: readonly { readonly url: string; readonly code: number }[];
}

/** Why ICE failed, and the cure: sentences for people, without secrets. */
export interface Diagnosis {
  readonly message: string;
  /** Not given: the general cure, a TURN server. */
  readonly hint: string | undefined;
}

/** Two STUN servers saw one socket under two ports. A base that the browser hides (`raddr 0.0.0.0 rport 0`) proves nothing. */
const SYMMETRIC = /( \S+ )(\d+) typ srflx (raddr \S+ rport \d\d+)\b.*\1(?!\2 )\d+ typ srflx \3\b/;

const isTurn = (url: string): boolean => /^turn/.test(url);

/** Says so where only relayed paths are allowed and nothing can relay: known before any candidate is. */
export const judgeRelay = ({ policy, servers }: Pick<IceEvidence, 'policy' | 'servers'>): string | null =>
  policy === 'relay' && !servers.some(isTurn) ? 'Only relayed paths are allowed and no TURN server is configured.' : null;

const say = (message: string, hint?: string): Diagnosis => ({ message, hint });

/** Says why ICE found no path. Pure; the first judge that knows a reason has the word. */
export function diagnose({ policy, servers, local, remote, errors }: IceEvidence): Diagnosis {
  const [ours, theirs] = [`${local}`, `${remote}`];
  const both = (what: RegExp): boolean => what.test(ours) && what.test(theirs);
  const turn = servers.filter(isTurn);
  const relayed = /relay/.test(ours);
  const open = policy === 'all';
  // 701 is "unreachable", which healthy sessions see too; anything below is the word of the server (RFC 8656 section 19).
  const refused = errors.find(({ url, code }) => isTurn(url) && code < 700);

  const cannot = judgeRelay({ policy, servers });
  if (cannot) return say(cannot);
  if (refused && !relayed) {
    return say(`${refused.url} refused with ${refused.code}.`, 'Check the TURN secret, and that the credential has not expired.');
  }
  if (!ours && open) return say('This device has no network.', 'Connect it.');
  // In a relay-only call a dead TURN server leaves both sides without candidates: not the fault of signaling.
  if (!theirs && (relayed || open)) {
    return say('No candidate of the peer arrived.', 'Check signaling, and the network of the peer.');
  }
  if (turn[0] && !relayed) {
    return say(
      `No answer from ${turn}, or UDP is blocked.`,
      'Check address, port and firewall; add turns:host:443?transport=tcp.',
    );
  }
  if (/relay/.test(ours + theirs)) return say('No data came through the TURN server.', 'Check its relay ports and firewall.');
  // A name (mDNS) may be of either family.
  if (!both(/\.local |\.\d+ \d+ typ/) && !both(/\.local |:\w* \d+ typ/))
    return say('One peer has only IPv4, the other only IPv6.');
  if (both(/flx/)) {
    const nats = both(SYMMETRIC) ? 'symmetric NATs' : 'NATs without a direct path';
    return say(`Both peers are behind ${nats} and no TURN server is configured. Add one.`);
  }
  if (!servers[0]) return say('Different networks, and no STUN or TURN server is configured.');
  return say(`${/flx/.test(ours) ? 'The peer has' : 'We have'} no public address: no answer from STUN, or UDP is blocked.`);
}
