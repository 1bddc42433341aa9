import { isSessionError } from '../errors.js';
import { checkIceServers } from '../ice/server-urls.js';
import { candidateFacts } from './candidate-facts.js';
import type { ConnectivityServers } from './connectivity-options.js';
import type { ConnectivityProblem, NetworkReport, ServerReport } from './connectivity-report.js';
import { gather } from './gathering.js';
import { judgeNat, judgeUdp } from './judge-network.js';
import { judgeStun, judgeTurn, problemOf, wordsOf } from './judge-server.js';
import { relayLoopback } from './relay-loopback.js';
import { type Step, untilOver } from './run-step.js';
import { type ServerAddress, serverAddresses } from './server-address.js';

/** The addresses to test, or why the app's function did not give them. */
export async function fetchServers(
  step: Step,
  source: ConnectivityServers,
): Promise<{ addresses: readonly ServerAddress[]; problem: ConnectivityProblem | null }> {
  try {
    const { signal } = step;
    const given = typeof source === 'function' ? await untilOver(source({ reason: 'start', signal }), step) : source;
    if (given === null) throw new Error(`no answer within ${step.limitMs} ms`);
    const servers = checkIceServers('iceServers' in given ? given.iceServers : given);
    return { addresses: serverAddresses(servers), problem: null };
  } catch (error) {
    const problem = isSessionError(error)
      ? { code: error.code, message: error.message, hint: error.hint }
      : problemOf('ice-servers-failed', `The function iceServers failed: ${wordsOf(error)}`);
    return { addresses: [], problem };
  }
}

/** Asks one address. */
export async function checkServer(step: Step, address: ServerAddress): Promise<ServerReport> {
  const { url, kind, transport, server } = address;
  try {
    if (kind === 'turn') return judgeTurn(address, await relayLoopback(step, server));
    const gathering = await gather(step, { iceServers: [server] }, ({ candidates, errors }) => {
      const found = candidates.some(({ line }) => line.includes('typ srflx'));
      return found || errors.some(({ code }) => code < 700);
    });
    return judgeStun(address, gathering);
  } catch (error) {
    // The browser refused to try: too many connections, an address it does not like.
    const problem = problemOf('ice-failed', `${url}: ${wordsOf(error)}`, 'See the message of the browser.');
    return { url, kind, transport, ok: false, address: null, answerMs: null, roundTripMs: null, problem };
  }
}

/** Lets one socket ask all servers that answered over UDP, and compares what they say. */
export async function checkNetwork(
  step: Step,
  addresses: readonly ServerAddress[],
  servers: readonly ServerReport[],
): Promise<NetworkReport> {
  const answered = addresses.filter((address, i) => address.transport === 'udp' && servers[i]?.address);
  const iceServers = answered.map(({ server }) => server);
  const gathering = await gather(step, { iceServers }, () => false).catch(() => null);
  const facts = candidateFacts(gathering?.candidates.map(({ line }) => line) ?? []);
  const seen = [
    ...servers.filter(({ kind, ok }) => kind === 'stun' && ok).map(({ address }) => address),
    ...facts.filter(({ type }) => type === 'srflx').map(({ address }) => address),
  ];
  return {
    online: facts.length > 0 || servers.some(({ ok }) => ok),
    publicAddresses: [...new Set(seen.filter((address) => address !== null))],
    nat: gathering ? judgeNat(gathering, answered) : 'unknown',
    udp: judgeUdp(servers),
  };
}
