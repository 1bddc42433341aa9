import { PUBLIC } from './network.mjs';

/** What both peers' namespaces count at this moment. Two of these tell what flowed in between. */
export const countFlows = (lab) => ({ a: lab.a.flows(), b: lab.b.flows() });

/**
 * What the namespaces themselves saw of a call, to hold against what the browsers say: the heaviest flow of each peer's own
 * conntrack since `before`, the router's mapping, and coturn's log. Gives complaints.
 */
export function judgeRoutes({ lab, call, routes, kind, before }) {
  const complaints = [];
  const { network, spec } = lab;
  const sides = { a: routes[0], b: routes[1] };
  for (const [side, route] of Object.entries(sides)) {
    const say = (text) => complaints.push(`${side}: ${text}`);
    if (!route) {
      say('no route');
      continue;
    }
    const other = side === 'a' ? 'b' : 'a';
    const flow = mainFlow(network.peers[side].flows(), before[side]);
    const seen = seenPath(flow, network, other);
    if (route.kind !== kind) say(`route.kind is ${route.kind}, the network allows only ${kind}`);
    if (seen.kind !== route.kind) say(`route.kind is ${route.kind}, the packets went ${describe(flow)}`);
    if (route.protocol !== 'udp') say(`route.protocol is ${route.protocol}`);
    if (route.relayProtocol !== seen.relayProtocol)
      say(`relayProtocol is ${route.relayProtocol} of ${JSON.stringify(route)}, the packets went ${describe(flow)}`);
    if (route.local.type === 'relay' && spec.relayProtocols && !spec.relayProtocols.includes(route.relayProtocol))
      say(`relayProtocol is ${route.relayProtocol}, open are only ${spec.relayProtocols}`);
    for (const text of endComplaints({
      route,
      seen,
      flow,
      network,
      side,
      other,
      allocated: (who) => lab.turn.allocated(`${call.room}-${who}`),
    }))
      say(text);
  }
  return complaints;
}

/** Which addresses and ports the two ends must have, given what went over the wire. Hidden ones (`null`) pass. */
function endComplaints({ route, seen, flow, network, side, other, allocated }) {
  const complaints = [];
  const differs = (what, told, real) => {
    if (told !== null && told !== undefined && told !== '' && told !== real && !isHidden(told))
      complaints.push(`${what} is ${told}, really ${real}`);
  };
  const publicOf = (peer) => (network.families[peer] === 6 ? network.peers[peer].address : network.routers[peer].address);
  if (seen.kind !== 'relay') {
    differs('remote.address', route.remote.address, flow.target);
    differs('remote.port', route.remote.port, flow.targetPort);
    differs('local.address', route.local.address, seen.kind === 'host' ? flow.source : publicOf(side));
    if (seen.kind === 'host') differs('local.port', route.local.port, flow.sourcePort);
    else if (route.local.port && !mappingOf(network.routers[side], flow).includes(route.local.port)) {
      complaints.push(`local.port is ${route.local.port}, the router mapped to ${mappingOf(network.routers[side], flow)}`);
    }
  } else if (seen.relayProtocol) {
    differs('local.address', route.local.address, PUBLIC.turn);
    if (!allocated(side)) complaints.push('says that it is relayed, coturn knows of no allocation');
  } else {
    differs('remote.address', route.remote.address, PUBLIC.turn);
    differs('remote.port', route.remote.port, flow.targetPort);
    if (!allocated(other)) complaints.push('says that the peer is relayed, coturn knows of no allocation');
  }
  return complaints;
}

const isHidden = (value) => typeof value === 'string' && (value.endsWith('.local') || value.startsWith('('));

/**
 * The flow that carries what this peer sends: the one with most new bytes out; servers of ours and loopback aside. What it hears may come by another:
 * where each has a relay, both may send straight to the relay of the other, each by a pair of its own.
 */
function mainFlow(flows, before) {
  const services = ['signaling', 'secondSignaling', 'thirdSignaling', 'fourthSignaling', 'signaling6'];
  const aside = [...services.map((name) => PUBLIC[name]), '127.0.0.1', '::1'];
  const keyOf = (f) => `${f.protocol} ${f.source} ${f.sourcePort} ${f.target} ${f.targetPort}`;
  const earlier = new Map(before.map((f) => [keyOf(f), f.bytesOut]));
  const grown = (f) => f.bytesOut - (earlier.get(keyOf(f)) ?? 0);
  return flows.filter((f) => !aside.includes(f.target)).sort((x, y) => grown(y) - grown(x))[0];
}

function seenPath(flow, network, other) {
  if (!flow) return { kind: 'nothing' };
  if (flow.target === PUBLIC.turn) {
    if (flow.targetPort === 3478) return { kind: 'relay', relayProtocol: flow.protocol };
    if (flow.targetPort === 443) return { kind: 'relay', relayProtocol: 'tls' };
    return { kind: 'relay' }; // Straight to the relay address of the peer.
  }
  if (isOwn(flow.target, network.peers[other].address)) return { kind: 'host' };
  if (flow.target === network.routers[other].address) return { kind: 'srflx' };
  return { kind: `to ${flow.target}` };
}

/** Browsers use temporary and changed addresses of the same peer; the first 64 bits tell for IPv6. */
const isOwn = (target, address) =>
  target === address || (address.includes('::') && target.startsWith(`${address.split('::')[0]}:`));

/** The outer ports that the router gave to this flow. */
function mappingOf(router, flow) {
  const lines = router.conntrack(flow.protocol).split('\n');
  const mine = lines.filter((line) => line.includes(`sport=${flow.sourcePort} `) && line.includes(`dst=${flow.target} `));
  return mine.map((line) => Number([...line.matchAll(/dport=(\d+)/g)].at(-1)?.[1]));
}

const describe = (flow) =>
  flow
    ? `by ${flow.protocol} to ${flow.target}:${flow.targetPort} (${flow.bytesOut} bytes out, ${flow.bytesIn} in, since the beginning)`
    : 'nowhere';
