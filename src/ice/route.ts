/** One end of the live path. */
export interface RouteEnd {
  /** Where the candidate came from: an interface, a STUN server, the peer's packets, or a TURN server. */
  readonly type: RTCIceCandidateType;
  /** IP address, or `null` where the browser hides it. */
  readonly address: string | null;
  /** Port, or `null` where the browser hides it. */
  readonly port: number | null;
}

/** The path that carries the session at this moment. */
export interface Route {
  /** `host`: direct, same network. `srflx`: direct, through STUN. `relay`: relayed by TURN. */
  readonly kind: 'host' | 'srflx' | 'relay';
  /** What the packets travel in between the two ends. */
  readonly protocol: 'udp' | 'tcp';
  /** How the local side reaches its TURN server; only where the local end is relayed. */
  readonly relayProtocol?: 'udp' | 'tcp' | 'tls';
  /** Our end. */
  readonly local: RouteEnd;
  /** The peer's end. */
  readonly remote: RouteEnd;
  /** Last measured round trip in milliseconds, or `null` before the first. */
  readonly rttMs: number | null;
}

/** The members of webrtc-stats that are read, all optional: engines differ in what they report. */
interface Report {
  readonly id: string;
  readonly type: string;
  readonly timestamp?: number;
  readonly selectedCandidatePairId?: string;
  readonly nominated?: boolean;
  readonly selected?: boolean;
  readonly state?: string;
  readonly bytesReceived?: number;
  readonly lastPacketReceivedTimestamp?: number;
  readonly responsesReceived?: number;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly currentRoundTripTime?: number;
  readonly candidateType?: RTCIceCandidateType;
  readonly address?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly relayProtocol?: string;
}

const PRIVATE = /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|fe80|::1$)|\.local$/i;

const endOf = ({ candidateType = 'host', address = '', port }: Partial<Report>): RouteEnd => ({
  type: candidateType,
  address: /^[^(]/.test(address) ? address : null, // Firefox writes "(redacted)".
  port: port || null,
});

/** A peer-reflexive end was found by the checks themselves: on the same network, or behind a router. */
const direct = ({ type, address }: RouteEnd): boolean =>
  type === 'host' || (type === 'prflx' && (address === null || PRIVATE.test(address)));

/** The live path: its route, the pair it uses, and counts that grow with whatever comes through it, and with answers through other pairs. */
export interface LivePath {
  readonly route: Route;
  readonly pair: string;
  readonly came: number;
  readonly others: number;
  /** How long ago the last packet came through it, as far as the browser tells. */
  readonly agoMs: number;
}

/** The path, read from `getStats()` (webrtc-stats sections 6.13 to 6.16), or `null` while there is none. */
export function pathOf(stats: ReadonlyMap<string, Report>): LivePath | null {
  const reports = Array.from(stats.values());
  const pairs = reports.filter(({ type }) => type === 'candidate-pair');
  const chosen = reports.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
  // By the transport's word; in engines without it, the nominated one that carried most.
  const pair =
    stats.get(`${chosen?.selectedCandidatePairId}`) ??
    pairs.find(({ selected }) => selected) ??
    pairs
      .filter(({ nominated, state }) => nominated && state === 'succeeded')
      .sort((a, b) => (b.bytesReceived ?? 0) - (a.bytesReceived ?? 0))[0];
  if (!pair) return null;
  const ours: Partial<Report> = stats.get(`${pair.localCandidateId}`) ?? {};
  const local = endOf(ours);
  const remote = endOf(stats.get(`${pair.remoteCandidateId}`) ?? {});
  const relayProtocol = ours.relayProtocol as Route['relayProtocol'];
  // Behind symmetric routers one side reads local prflx and remote relay: both ends must be looked at.
  const relayed = local.type === 'relay' || remote.type === 'relay' || relayProtocol;
  const route: Route = {
    kind: relayed ? 'relay' : direct(local) && direct(remote) ? 'host' : 'srflx',
    protocol: /tcp/i.test(`${ours.protocol}`) ? 'tcp' : 'udp',
    ...(relayProtocol && { relayProtocol }),
    local,
    remote,
    rttMs: pair.currentRoundTripTime === undefined ? null : Math.round(pair.currentRoundTripTime * 1000),
  };
  const answers = reports.reduce((sum, { responsesReceived = 0 }) => sum + responsesReceived, 0);
  const own = pair.responsesReceived ?? 0;
  const agoMs = (pair.timestamp ?? 0) - (pair.lastPacketReceivedTimestamp ?? Number.NaN) || 0;
  return { route, pair: pair.id, came: (pair.bytesReceived ?? 0) + own, others: answers - own, agoMs };
}

/** Whether two routes are the same path; the round trip does not count. */
export function sameRoute(a: Route | null, b: Route | null): boolean {
  return JSON.stringify({ ...a, rttMs: 0 }) === JSON.stringify({ ...b, rttMs: 0 });
}
