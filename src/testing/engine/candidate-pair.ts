import type { Endpoint } from '../network/network-host.js';
import type { CandidateFields } from './ice-candidate.js';
import type { LocalCandidate } from './ice-gatherer.js';
import type { IcePath } from './ice-path.js';

/** A candidate of the peer. */
export interface RemoteCandidate {
  readonly id: string;
  readonly fields: CandidateFields;
  /** Where packets go: a name is resolved. */
  readonly endpoint: Endpoint;
}

/** What the agents say to each other: STUN checks (RFC 8445 7), and the packets of the layers above. */
export type IceBody =
  | {
      readonly ice: 'check';
      readonly tx: number;
      /** USERNAME: the ufrag of the receiver, then that of the sender. */
      readonly to: string;
      readonly from: string;
      /** Stands for MESSAGE-INTEGRITY: the password of the receiver. */
      readonly pwd: string;
      /** USE-CANDIDATE */
      readonly use: boolean;
    }
  | { readonly ice: 'reply'; readonly tx: number; readonly mapped: Endpoint }
  | { readonly ice: 'data'; readonly data: unknown };

export function isIce(body: unknown): body is IceBody {
  return typeof body === 'object' && body !== null && 'ice' in body;
}

/** A pair of candidates with what is known of it. */
export class CandidatePair {
  readonly id: string;
  readonly path: IcePath;
  readonly remote: RemoteCandidate;
  readonly priority: number;
  /** As the peer sees us: may turn out to be peer-reflexive (RFC 8445 7.2.5.3.1). */
  local: LocalCandidate;
  state: 'waiting' | 'in-progress' | 'succeeded' | 'failed' = 'waiting';
  nominated = false;
  /** The controlling side asked for this pair before our own check of it succeeded. */
  wanted = false;
  pings = 0;
  rttMs: number | null = null;
  totalRttMs = 0;
  requestsSent = 0;
  responsesReceived = 0;
  bytesSent = 0;
  bytesReceived = 0;
  packetsSent = 0;
  packetsReceived = 0;
  lastReceivedAt: number | null = null;
  lastSentAt: number | null = null;
  /** tx -> when it was sent. */
  readonly pending: Map<number, number> = new Map();

  constructor(id: string, local: LocalCandidate, remote: RemoteCandidate, controlling: boolean) {
    this.id = id;
    this.local = local;
    this.path = local.base;
    this.remote = remote;
    const [g, d] = controlling
      ? [local.fields.priority, remote.fields.priority]
      : [remote.fields.priority, local.fields.priority];
    // RFC 8445 6.1.2.3, scaled down to what a number holds exactly enough.
    this.priority = Math.min(g, d) * 2 ** 21 + Math.max(g, d) / 2 ** 11 + (g > d ? 1 : 0);
  }

  get relayed(): boolean {
    return this.path.kind === 'relay' || this.remote.fields.type === 'relay';
  }

  send(body: IceBody, bytes: number, now: number): void {
    if (body.ice === 'data') {
      this.bytesSent += bytes;
      this.packetsSent += 1;
      this.lastSentAt = now;
    }
    this.path.send(this.remote.endpoint, body, bytes);
  }

  received(bytes: number, now: number): void {
    this.bytesReceived += bytes;
    this.packetsReceived += 1;
    this.lastReceivedAt = now;
  }
}
