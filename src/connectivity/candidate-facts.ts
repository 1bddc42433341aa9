/** What a candidate line says (RFC 8839 section 5.1). */
export interface CandidateFacts {
  readonly type: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  /** The socket it belongs to, or `''` where the browser hides it. */
  readonly base: string;
}

const LINE = /candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)(?: raddr (\S+) rport (\d+))?/;

/** Reads the lines it can read; the others are skipped. */
export function candidateFacts(lines: readonly string[]): CandidateFacts[] {
  return lines.flatMap((line) => {
    const [whole, protocol = '', address = '', port = '', type = '', raddr, rport = '0'] = LINE.exec(line) ?? [];
    // With mDNS on, both browsers write `raddr 0.0.0.0 rport 0`; port 9 is "discard".
    const base = +rport > 9 ? `${raddr} ${rport}` : '';
    return whole ? [{ type, protocol: protocol.toLowerCase(), address, port, base }] : [];
  });
}

/** An address that the browser shows: not a name that stands for it (mDNS), not blacked out. */
export const isShown = ({ address }: CandidateFacts): boolean => /^[\d.]+$|:/.test(address);
