import { type CandidateFacts, isShown } from './candidate-facts.js';
import type { ConnectivityReport, NatBehaviour, NetworkReport, ServerReport } from './connectivity-report.js';
import type { Gathering } from './gathering.js';

/** Enough of a server's address to tell it from another. */
interface Host {
  readonly host: string;
}

/**
 * Several ports of one public address for one socket. Another address is another path: a server inside the own network, a second
 * provider. A hidden socket is the only one of its family: browsers then use the default route.
 */
function changesPerServer(mapped: readonly CandidateFacts[]): boolean {
  const ports = new Map<string, string>();
  return mapped.some(({ base, address, port }) => {
    const socket = `${base} ${address}`;
    const before = ports.get(socket) ?? port;
    ports.set(socket, port);
    return before !== port;
  });
}

/**
 * What the NAT does with one socket that talks to several servers (RFC 4787 section 4.1).
 *
 * @param answered the servers that answered over UDP; the gathering asked all of these, and no other.
 */
export function judgeNat({ candidates, complete }: Gathering, answered: readonly Host[]): NatBehaviour {
  const own = candidates.filter((facts) => facts.type === 'host' && isShown(facts)).map(({ address }) => address);
  const reflexive = candidates.filter(({ type, udp }) => udp && type === 'srflx');
  // IPv6 goes without NAT. Where there is IPv4 too, that is the question.
  const v4 = reflexive.filter(({ address }) => !address.includes(':'));
  const mapped = v4[0] ? v4 : reflexive;
  if (changesPerServer(mapped)) return 'symmetric';
  if (!answered[0]) return 'unknown';
  if (mapped[0] ? mapped.every(({ address }) => own.includes(address)) : complete && own[0]) return 'none';
  // Two ports of one host may share a mapping even in a NAT that gives each host its own.
  return mapped[0] && answered.some(({ host }) => host !== answered[0]?.host) ? 'endpoint-independent' : 'unknown';
}

/** Whether UDP gets out. Silence of all is no proof: the servers may be down, or the names wrong. */
export function judgeUdp(servers: readonly ServerReport[]): boolean | null {
  const overUdp = servers.filter(({ transport }) => transport === 'udp');
  // A wrong password came over UDP as well.
  const heard = ({ ok, address, problem }: ServerReport): boolean =>
    ok || address !== null || problem?.code === 'ice-server-unauthorized';
  if (overUdp.some(heard)) return true;
  return overUdp[0] && servers.some(heard) ? false : null;
}

type Case = Pick<ConnectivityReport, 'case' | 'explanation'>;

const CASES: Readonly<Record<Exclude<NatBehaviour, 'unknown'>, Case>> = {
  none: { case: 1, explanation: 'There is no NAT: peers reach this device at its own address.' },
  'endpoint-independent': {
    case: 2,
    explanation: 'The NAT shows everybody the same public address: with STUN there are direct paths.',
  },
  symmetric: {
    case: 3,
    explanation: 'The NAT shows each server another public port (symmetric): most paths need a TURN server.',
  },
};

/** Which of the three kinds of network this is, and why. */
export function judgeCase({ online, nat, udp }: NetworkReport): Case {
  if (!online) return { case: null, explanation: 'This device has no network.' };
  if (udp === false) return { case: 3, explanation: 'UDP is blocked: paths need a TURN server over TCP or TLS.' };
  if (nat !== 'unknown') return CASES[nat];
  const explanation = udp
    ? 'There is a NAT; it takes two STUN servers on two hosts to learn which kind.'
    : 'No STUN or TURN server answered, so nothing is known of the way out of this network.';
  return { case: null, explanation };
}
