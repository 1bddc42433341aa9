// Candidate lines as the two browsers write them.

/** A host candidate; by default one that the browser hides behind a name. */
export const host = (address = '6e1b9c3a-6f39-4b9d-8f3a-7a0c4a1a0d11.local', port = 50000): string =>
  `candidate:1 1 udp 2122260223 ${address} ${port} typ host generation 0 ufrag x network-cost 999`;

/** A server reflexive candidate; by default of a hidden socket. */
export const srflx = (address: string, port: number, base = '0.0.0.0 rport 0'): string =>
  `candidate:3 1 UDP 1686052607 ${address} ${port} typ srflx raddr ${base} generation 0 ufrag x`;

/** A relayed candidate. */
export const relay = (address = '198.51.100.1', port = 49200): string =>
  `candidate:4 1 udp 41885695 ${address} ${port} typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag x`;
