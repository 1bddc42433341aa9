/** What one candidate is, RFC 8839 5.1. */
export interface CandidateFields {
  readonly foundation: string;
  readonly component: 1 | 2;
  readonly protocol: 'udp' | 'tcp';
  readonly priority: number;
  readonly address: string;
  readonly port: number;
  readonly type: RTCIceCandidateType;
  readonly relatedAddress: string | null;
  readonly relatedPort: number | null;
  readonly tcpType: RTCIceTcpCandidateType | null;
  readonly ufrag: string | null;
}

const TYPES: readonly string[] = ['host', 'srflx', 'prflx', 'relay'];

/** Reads a `candidate:` line; `null` if it is none. */
export function parseCandidate(line: string): CandidateFields | null {
  const [head = '', component, protocol = '', priority, address, port, typ, type = '', ...rest] = line
    .replace(/^a=/, '')
    .trim()
    .split(/\s+/);
  const foundation = /^candidate:(.+)$/.exec(head)?.[1];
  const numbers = [component, priority, port].every((word) => /^\d+$/.test(word ?? ''));
  const transport = protocol.toLowerCase();
  if (!foundation || !numbers || !address || typ !== 'typ' || !TYPES.includes(type)) return null;
  if (transport !== 'udp' && transport !== 'tcp') return null;
  const extra = (name: string): string | null => {
    const at = rest.indexOf(name);
    return at < 0 ? null : (rest[at + 1] ?? null);
  };
  const relatedPort = extra('rport');
  return {
    foundation,
    component: component === '2' ? 2 : 1,
    protocol: transport,
    priority: Number(priority),
    address,
    port: Number(port),
    type: type as RTCIceCandidateType,
    relatedAddress: extra('raddr'),
    relatedPort: relatedPort === null ? null : Number(relatedPort),
    tcpType: extra('tcptype') as RTCIceTcpCandidateType | null,
    ufrag: extra('ufrag'),
  };
}

/** Prints a `candidate:` line. */
export function writeCandidate(c: CandidateFields): string {
  const related = c.relatedAddress === null ? '' : ` raddr ${c.relatedAddress} rport ${c.relatedPort ?? 0}`;
  const tcp = c.tcpType === null ? '' : ` tcptype ${c.tcpType}`;
  const ufrag = c.ufrag === null ? '' : ` generation 0 ufrag ${c.ufrag}`;
  return `candidate:${c.foundation} ${c.component} ${c.protocol} ${c.priority} ${c.address} ${c.port} typ ${c.type}${related}${tcp}${ufrag}`;
}

/** RFC 8445 5.1.2.1. */
export function priorityOf(type: RTCIceCandidateType, localPreference: number, component = 1): number {
  const preference = { host: 126, prflx: 110, srflx: 100, relay: 0 }[type];
  return preference * 2 ** 24 + localPreference * 2 ** 8 + (256 - component);
}

/** webrtc-pc 4.8.1. */
export class FakeIceCandidate implements RTCIceCandidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment: string | null;
  readonly address: string | null;
  readonly component: RTCIceComponent | null;
  readonly foundation: string | null;
  readonly port: number | null;
  readonly priority: number | null;
  readonly protocol: RTCIceProtocol | null;
  readonly relatedAddress: string | null;
  readonly relatedPort: number | null;
  readonly tcpType: RTCIceTcpCandidateType | null;
  readonly type: RTCIceCandidateType | null;

  constructor(init: RTCIceCandidateInit) {
    this.candidate = init.candidate ?? '';
    this.sdpMid = init.sdpMid ?? null;
    this.sdpMLineIndex = init.sdpMLineIndex ?? null;
    const fields = parseCandidate(this.candidate);
    this.usernameFragment = init.usernameFragment ?? fields?.ufrag ?? null;
    this.address = fields?.address ?? null;
    this.component = fields ? (fields.component === 1 ? 'rtp' : 'rtcp') : null;
    this.foundation = fields?.foundation ?? null;
    this.port = fields?.port ?? null;
    this.priority = fields?.priority ?? null;
    this.protocol = fields?.protocol ?? null;
    this.relatedAddress = fields?.relatedAddress ?? null;
    this.relatedPort = fields?.relatedPort ?? null;
    this.tcpType = fields?.tcpType ?? null;
    this.type = fields?.type ?? null;
  }

  toJSON(): RTCIceCandidateInit {
    return {
      candidate: this.candidate,
      sdpMid: this.sdpMid,
      sdpMLineIndex: this.sdpMLineIndex,
      usernameFragment: this.usernameFragment,
    };
  }
}
