/** What one stream carries: user messages, and the words of RFC 8832 (open) and RFC 6525 (reset). */
export type StreamContent =
  | { readonly what: 'message'; readonly data: string | Uint8Array<ArrayBuffer> }
  | {
      readonly what: 'open';
      readonly label: string;
      readonly protocol: string;
      readonly ordered: boolean;
      readonly maxRetransmits: number | null;
      readonly maxPacketLifeTime: number | null;
    }
  | { readonly what: 'reset' }
  /** The sender gave the message up (RFC 3758). */
  | { readonly what: 'skipped' };

/** How a message is sent. */
export interface SendOptions {
  readonly ordered: boolean;
  readonly maxRetransmits: number | null;
  readonly maxPacketLifeTime: number | null;
  /** Handed to the network for the first time. */
  sent?(): void;
  /** The other side has it. */
  delivered?(): void;
}

/** A message on its way, with what retransmission needs. */
export interface Chunk {
  readonly tsn: number;
  readonly sid: number;
  /** Place in its stream; `null`: unordered. */
  readonly ssn: number | null;
  content: StreamContent;
  readonly size: number;
  readonly options: SendOptions;
  readonly queuedAt: number;
  transmissions: number;
  sentAt: number;
  missed: number;
}

/** What two associations say to each other. */
export type SctpBody =
  | { readonly sctp: 'init' | 'init-ack' }
  | {
      readonly sctp: 'data';
      readonly tsn: number;
      readonly sid: number;
      readonly ssn: number | null;
      readonly content: StreamContent;
    }
  | { readonly sctp: 'ack'; readonly tsn: number };

export function isSctp(body: unknown): body is SctpBody {
  return typeof body === 'object' && body !== null && 'sctp' in body;
}
