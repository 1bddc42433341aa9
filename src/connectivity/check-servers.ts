import { checkIceServers } from '../ice/server-urls.js';
import type { ConnectivityServers } from './connectivity-options.js';
import { problemFrom } from './connectivity-problem.js';
import type { ConnectivityProblem, NetworkReport, ServerReport } from './connectivity-report.js';
import { firstOf, gather, NOTHING_GATHERED } from './gathering.js';
import { judgeNat, judgeUdp } from './judge-network.js';
import { failedServer, judgeStun, judgeTurn } from './judge-server.js';
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
    if (!given) throw new Error(`no answer within ${step.limitMs} ms`);
    const servers = checkIceServers('iceServers' in given ? given.iceServers : given);
    return { addresses: serverAddresses(servers), problem: null };
  } catch (error) {
    return { addresses: [], problem: problemFrom(error, 'ice-servers-failed', 'The function iceServers failed') };
  }
}

/** Asks one address. */
export async function checkServer(step: Step, address: ServerAddress): Promise<ServerReport> {
  try {
    if (address.kind === 'turn') return judgeTurn(address, await relayLoopback(step, address.server));
    return judgeStun(address, await gather(step, [address.server], (seen) => firstOf('srflx', seen) !== undefined));
  } catch (error) {
    // The browser refused to try: too many connections, an address it does not like.
    return failedServer(address, problemFrom(error, 'ice-failed', address.url));
  }
}

/** Lets one socket ask all servers that answered over UDP, and compares what they say. */
export async function checkNetwork(
  step: Step,
  addresses: readonly ServerAddress[],
  servers: readonly ServerReport[],
): Promise<NetworkReport> {
  const answered = addresses.filter(({ transport }, i) => transport === 'udp' && servers[i]?.address);
  const iceServers = answered.map(({ server }) => server);
  // A browser that opens no further connection says nothing about the network.
  const gathering = await gather(step, iceServers, () => false).catch(() => null);
  const { candidates } = gathering ?? NOTHING_GATHERED;
  const seen = [
    ...servers.flatMap(({ kind, address }) => (kind === 'stun' && address) || []),
    ...candidates.flatMap(({ type, address }) => (type === 'srflx' ? address : [])),
  ];
  return {
    online: !gathering || candidates.length > 0 || servers.some(({ ok }) => ok),
    publicAddresses: [...new Set(seen)],
    nat: judgeNat(gathering ?? NOTHING_GATHERED, answered),
    udp: judgeUdp(servers),
  };
}
