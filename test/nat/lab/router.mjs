import { ip, nft, runIn } from './shell.mjs';

/**
 * The rules of a home router: masquerade to the outside, forward only what is known or comes from inside.
 *
 * - `mapping: 'endpoint-independent'` Linux keeps the source port where it can, so one inner socket has one outer port for all
 *   destinations. This holds only together with the drop in `to_router`: without it an unsolicited packet of the other peer
 *   makes an entry of its own in conntrack, and the own packet in the other direction, coming later, is given another port.
 * - `mapping: 'symmetric'` a random outer port for each destination.
 * - `mapping: 'none'` a plain stateful firewall, for IPv6.
 */
function rulesOf({ mapping, udp = true, tcpPorts = null }) {
  const masquerade = { 'endpoint-independent': 'masquerade', symmetric: 'masquerade fully-random', none: 'accept' }[mapping];
  return `
table inet nat {
  chain outgoing {
    type nat hook postrouting priority 100
    oifname "ext" ${masquerade}
  }
}
table inet firewall {
  chain through {
    type filter hook forward priority 0
    policy drop
    ${udp ? '' : 'meta l4proto udp drop'}
    ${tcpPorts ? `meta l4proto tcp tcp dport != { ${tcpPorts.join(', ')} } ct direction original drop` : ''}
    ct state established,related accept
    iifname "lan" accept
  }
  chain to_router {
    type filter hook input priority 0
    iifname "ext" meta l4proto ipv6-icmp accept
    iifname "ext" ct state new drop
  }
}
table inet fault {
  chain through {
    type filter hook forward priority -10
  }
}`;
}

/** A router between a `lan` bridge and the public net (`ext`), with the faults that the laboratory can give it. */
export function createRouter({ ns, address, gateway, policy }) {
  let ext = address;
  nft(ns, rulesOf(policy));
  const fault = (...rules) =>
    nft(ns, ['flush chain inet fault through', ...rules.map((rule) => `add rule inet fault through ${rule}`)].join('\n'));
  return {
    ns,
    get address() {
      return ext;
    },
    /** Swallows everything, and tells nobody: no ICMP, no RST. */
    cut: () => fault('drop'),
    /** Passes nothing from and to one address. */
    block: (one) => fault(`ip daddr ${one} drop`, `ip saddr ${one} drop`),
    /** Loses this share of the packets, both ways. By nftables: not every kernel has netem. */
    lose: (percent) => fault(`numgen random mod 100 < ${percent} drop`),
    heal: () => fault(),
    /** What a reboot does: mappings forgotten, another public address. */
    changeAddress(next) {
      fault('drop');
      ip(ns, `address add ${next}/24 dev ext`);
      ip(ns, `address del ${ext}/24 dev ext`);
      if (gateway) ip(ns, `route replace default via ${gateway}`);
      runIn(ns, 'conntrack -F', { allowFailure: true });
      ext = next;
      fault();
    },
    /** The mappings of the router, as it knows them. */
    conntrack: (protocol) => runIn(ns, ['conntrack', '-L', '-p', protocol], { allowFailure: true }),
  };
}
