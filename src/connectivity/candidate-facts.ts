/** What a candidate line says (RFC 8839 section 5.1). */
export interface CandidateFacts {
  readonly type: string;
  /** Whether it is for UDP. */
  readonly udp: boolean;
  readonly address: string;
  readonly port: string;
  /** The socket it belongs to, or `''` where the browser hides it. */
  readonly base: string;
}

const LINE = /candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)(?: raddr (\S+ rport \d\d+))?/;

/** Reads a line, or gives `null` for one it cannot read. */
export function candidateFacts(line: string): CandidateFacts | null {
  // With mDNS on, both browsers write `raddr 0.0.0.0 rport 0`.
  const [, protocol, address, port, type, base = ''] = LINE.exec(line) ?? [];
  return protocol && address && port && type ? { type, udp: /udp/i.test(protocol), address, port, base } : null;
}

/** An address that the browser shows: not a name that stands for it (mDNS). */
export const isShown = ({ address }: CandidateFacts): boolean => /^[\d.]+$|:/.test(address);
