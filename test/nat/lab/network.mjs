import { createNamespace, processesIn, removeNamespace, setSysctl, signalProcess } from './namespaces.mjs';
import { createRouter } from './router.mjs';
import { ip, nft, runIn } from './shell.mjs';

/** Addresses of the public side, out of TEST-NET-3: each service has its own, so that each can be cut alone. */
export const PUBLIC = {
  turn: '203.0.113.1',
  secondStun: '203.0.113.2',
  signaling: '203.0.113.3',
  secondSignaling: '203.0.113.4',
  thirdSignaling: '203.0.113.7',
  fourthSignaling: '203.0.113.8',
  /** Answers nothing at all, not even by ICMP. */
  silent: '203.0.113.5',
  /** A TURN server that gives out relay addresses through which nothing passes. */
  halfDead: '203.0.113.6',
  signaling6: '2001:db8:ff::3',
};

/** The names that peers know. Firefox takes `turns:` only with a name. */
export const HOSTS = { 'turn.lab.test': PUBLIC.turn, 'signal.lab.test': PUBLIC.signaling };

/**
 * The networks of the laboratory: where the peers live and what the routers do. `kind` is the route that has to come out, `servers`
 * what an app has to configure at least for that.
 */
export const NETWORKS = {
  'same router': { case: 1, kind: 'host', servers: 'none', shared: true, policy: { mapping: 'endpoint-independent' } },
  'two routers': { case: 2, kind: 'srflx', servers: 'stun', policy: { mapping: 'endpoint-independent' } },
  'two symmetric routers': { case: 3, kind: 'relay', policy: { mapping: 'symmetric' } },
  'UDP blocked': {
    case: 3,
    kind: 'relay',
    relayProtocols: ['tcp', 'tls'],
    policy: { mapping: 'endpoint-independent', udp: false },
  },
  'only TLS on 443': {
    case: 3,
    kind: 'relay',
    relayProtocols: ['tls'],
    signalingTls: true,
    policy: { mapping: 'endpoint-independent', udp: false, tcpPorts: [443] },
  },
  'IPv6 only': { case: 1, kind: 'host', servers: 'none', family: 6, policy: { mapping: 'none' } },
  'IPv4 here, IPv6 there': { servers: 'none', families: { a: 4, b: 6 }, policy: { mapping: 'endpoint-independent' } },
};

const LAN = {
  a: { 4: { net: '10.1.0', gateway: '10.1.0.1' }, 6: { net: '2001:db8:1::', gateway: '2001:db8:1::1' } },
  b: { 4: { net: '10.2.0', gateway: '10.2.0.1' }, 6: { net: '2001:db8:2::', gateway: '2001:db8:2::1' } },
};
const EXT = { a: { 4: '203.0.113.11', 6: '2001:db8:ff::11' }, b: { 4: '203.0.113.12', 6: '2001:db8:ff::12' } };

/** Builds a network: peers `a` and `b`, their routers, and the public side, each in a namespace of its own. */
export function createNetwork(name) {
  const spec = NETWORKS[name];
  const families = spec.families ?? { a: spec.family ?? 4, b: spec.family ?? 4 };
  const pub = createNamespace('pub');
  setUpPublicSide(pub, families);
  const router = (side) => setUpRouter(side, pub, families[side], families[side] === 6 ? { mapping: 'none' } : spec.policy);
  const routers = { a: router('a') };
  routers.b = spec.shared ? routers.a : router('b');
  const peers = {
    a: setUpPeer('a', routers.a, 'a', 2, families.a),
    b: setUpPeer('b', routers.b, spec.shared ? 'a' : 'b', spec.shared ? 3 : 2, families.b),
  };
  return {
    name,
    spec,
    pub,
    routers,
    peers,
    families,
    /** Where this peer reaches a service, as it stands in a URL. */
    host: (service, side) => (families[side] === 6 ? `[${PUBLIC[`${service}6`]}]` : PUBLIC[service]),
    /** Where a server of both peers has to listen. */
    listenOn: (service) => (families.a !== families.b ? '::' : families.a === 6 ? PUBLIC[`${service}6`] : PUBLIC[service]),
    remove: () => [peers.a.ns, peers.b.ns, ...new Set([routers.a.ns, routers.b.ns]), pub].forEach(removeNamespace),
  };
}

function setUpPublicSide(ns, families) {
  ip(ns, 'link add net type bridge');
  ip(ns, 'link set net up');
  const modern = ['a', 'b'].filter((peer) => families[peer] === 6);
  if (modern.length > 0) {
    allowIpv6(ns);
    ip(ns, `address add ${PUBLIC.signaling6}/64 dev net nodad`);
    for (const peer of modern) ip(ns, `route add ${LAN[peer][6].net}/64 via ${EXT[peer][6]}`);
  }
  for (const address of Object.values(PUBLIC)) if (!address.includes(':')) ip(ns, `address add ${address}/24 dev net`);
  // The rest of the internet swallows what is sent to it. Without a route there coturn hears ENETUNREACH for the first candidate with
  // a private address and from then on relays nothing for this allocation, to no address.
  ip(ns, 'neigh add 203.0.113.254 lladdr 02:00:00:00:00:fe dev net nud permanent');
  ip(ns, 'route add default via 203.0.113.254');
  nft(
    ns,
    `
table inet services {
  chain in {
    type filter hook input priority 0
    ip daddr ${PUBLIC.silent} drop
    ip daddr ${PUBLIC.halfDead} udp dport 49152-65535 drop
  }
  chain out {
    type filter hook output priority 0
    ip saddr ${PUBLIC.halfDead} udp sport 49152-65535 drop
  }
}`,
  );
}

function setUpRouter(name, pub, family, policy) {
  const ns = createNamespace(`r${name}`);
  ip(ns, `link add ext type veth peer name ${name} netns ${pub}`);
  ip(pub, `link set dev ${name} master net up`);
  ip(ns, 'link set ext up');
  ip(ns, 'link add lan type bridge');
  ip(ns, 'link set lan up');
  if (family === 6) {
    allowIpv6(ns);
    setSysctl(ns, 'net.ipv6.conf.all.forwarding', 1);
    ip(ns, `address add ${LAN[name][6].gateway}/64 dev lan nodad`);
    ip(ns, `address add ${EXT[name][6]}/64 dev ext nodad`);
    const other = name === 'a' ? 'b' : 'a';
    ip(ns, `route add ${LAN[other][6].net}/64 via ${EXT[other][6]}`);
  } else {
    setSysctl(ns, 'net.ipv4.ip_forward', 1);
    setSysctl(ns, 'net.ipv4.conf.all.promote_secondaries', 1);
    ip(ns, `address add ${LAN[name][4].gateway}/24 dev lan`);
    ip(ns, `address add ${EXT[name][4]}/24 dev ext`);
  }
  return createRouter({ ns, address: EXT[name][family], policy });
}

function setUpPeer(name, router, lan, number, family) {
  const ns = createNamespace(name, HOSTS);
  const { net, gateway } = LAN[lan][family];
  let address = family === 6 ? `${net}${number}` : `${net}.${number}`;
  const prefix = family === 6 ? 64 : 24;
  ip(ns, `link add eth0 type veth peer name ${name} netns ${router.ns}`);
  ip(router.ns, `link set dev ${name} master lan up`);
  if (family === 6) allowIpv6(ns);
  else setSysctl(ns, 'net.ipv4.conf.all.promote_secondaries', 1);
  ip(ns, 'link set eth0 up');
  ip(ns, `address add ${address}/${prefix} dev eth0${family === 6 ? ' nodad' : ''}`);
  ip(ns, `route add default via ${gateway}`);
  watchFlows(ns);
  return {
    name,
    ns,
    gateway,
    get address() {
      return address;
    },
    /** The cable is out (and in again): the address stays, the carrier is gone. The page can see that. */
    unplug: () => ip(router.ns, `link set dev ${name} down`),
    plug: () => ip(router.ns, `link set dev ${name} up`),
    /** No network at all: neither a link nor an address. */
    disconnect: () => {
      ip(ns, 'address flush dev eth0');
      ip(ns, 'link set eth0 down');
    },
    reconnect: () => {
      ip(ns, 'link set eth0 up');
      ip(ns, `address add ${address}/${prefix} dev eth0`);
      ip(ns, `route add default via ${gateway}`);
    },
    /** Another address; the old one is dead from one moment to the next, without FIN or RST. */
    changeAddress(last) {
      const next = `${net}.${last}`;
      ip(ns, `address add ${next}/${prefix} dev eth0`);
      ip(ns, `address del ${address}/${prefix} dev eth0`);
      ip(ns, `route replace default via ${gateway}`);
      address = next;
    },
    forgetFlows: () => runIn(ns, 'conntrack -F', { allowFailure: true }),
    /** The conntrack entries of the peer's own namespace: what really goes over the wire, with byte counts. */
    flows: () => flowsOf(ns, () => address),
    processes: () => processesIn(ns),
    signal: (pids, signal) => pids.forEach((pid) => signalProcess(pid, signal)),
  };
}

function allowIpv6(ns) {
  setSysctl(ns, 'net.ipv6.conf.all.disable_ipv6', 0);
  setSysctl(ns, 'net.ipv6.conf.default.disable_ipv6', 0);
  setSysctl(ns, 'net.ipv6.conf.all.accept_dad', 0);
  setSysctl(ns, 'net.ipv6.conf.default.accept_dad', 0);
}

/** Conntrack runs in a namespace only where a rule asks for it; it drops nothing here. */
function watchFlows(ns) {
  setSysctl(ns, 'net.netfilter.nf_conntrack_acct', 1);
  const chain = (hook) => `chain ${hook} {\ntype filter hook ${hook} priority 0\nct state new accept\n}`;
  nft(ns, `table inet witness {\n${chain('input')}\n${chain('output')}\n}`);
}

/** Flows as seen from the peer, whoever sent the first packet. */
function flowsOf(ns, own) {
  const text = ['ipv4', 'ipv6'].map((f) => runIn(ns, ['conntrack', '-L', '-f', f], { allowFailure: true })).join('\n');
  return text.split('\n').flatMap((line) => {
    const all = (key) => [...line.matchAll(new RegExp(`${key}=(\\S+)`, 'g'))].map((m) => m[1]);
    const [protocol] = line.split(' ');
    if ((protocol !== 'udp' && protocol !== 'tcp') || all('bytes').length < 2) return [];
    const from = { address: all('src')[0], port: Number(all('sport')[0]) };
    const to = { address: all('dst')[0], port: Number(all('dport')[0]) };
    const bytes = all('bytes').map(Number);
    const [we, they, bytesOut, bytesIn] = to.address === own() ? [to, from, bytes[1], bytes[0]] : [from, to, bytes[0], bytes[1]];
    return [
      {
        protocol,
        source: we.address,
        sourcePort: we.port,
        target: they.address,
        targetPort: they.port,
        bytesOut,
        bytesIn,
      },
    ];
  });
}
