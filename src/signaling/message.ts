/** A session description as it travels: the fields of `RTCSessionDescriptionInit` plus our own keys. */
export interface OfferBody {
  readonly kind: 'offer';
  /** The id of this description, unique for its sender. Candidates and the answer name it. */
  readonly id: string;
  /** RFC 8866, at most 256 kB. */
  readonly sdp: string;
  /** `mid` -> name of the slot that the section carries, the same name in both directions. */
  readonly mids: Readonly<Record<string, string>>;
  /** What the sender sends at this moment. */
  readonly media: MediaStates;
}

/** The answer to exactly one offer. */
export interface AnswerBody {
  readonly kind: 'answer';
  /** The id of this description. */
  readonly id: string;
  /** The id of the offer that it answers. */
  readonly answers: string;
  /** RFC 8866, at most 256 kB. */
  readonly sdp: string;
  /** What the sender sends at this moment. */
  readonly media: MediaStates;
}

/** slot name -> `on` (flowing), `muted` (published, silent). A slot that is not named sends nothing. */
export type MediaStates = Readonly<Record<string, 'on' | 'muted'>>;

/** An ICE candidate as it travels: the fields of `RTCIceCandidateInit`. */
export interface Candidate {
  /** `candidate:...`, RFC 8839 section 5.1, at most 1 kB. */
  readonly candidate: string;
  /** The `mid` of the section. */
  readonly sdpMid?: string | null;
  /** The index of the section. */
  readonly sdpMLineIndex?: number | null;
  /** The generation of ICE that it belongs to. */
  readonly usernameFragment?: string | null;
}

/** A batch of candidates that belong to one description of the sender. */
export interface CandidatesBody {
  readonly kind: 'candidates';
  /** The id of the sender's description that they belong to. */
  readonly of: string;
  /** In the order found. */
  readonly candidates: readonly Candidate[];
  /** Present and true with the last batch of this generation: our own end of candidates. */
  readonly done?: boolean;
}

/** Unnumbered: "here I am", with a first offer when there may be somebody to answer it. */
export interface HelloBody {
  readonly kind: 'hello';
  /** The first offer of this epoch. */
  readonly offer?: OfferBody;
}

/** Unnumbered: the digest. Acknowledges, tells how far the sender has counted, and asks for the same if `reply`. */
export interface StateBody {
  readonly kind: 'state';
  /** The highest `seq` that the sender has given out in this epoch. */
  readonly sent: number;
  /** The receiver is to answer with its own `state`. */
  readonly reply?: boolean;
}

/** Unnumbered: the sender is gone, or will not talk to the receiver. */
export interface ByeBody {
  readonly kind: 'bye';
  /** `closed` (the session was closed), `unload` (the page goes), `busy` (paired with another), `failed`, `aborted`, or the app's own word. */
  readonly reason: string;
}

/** Everything that is said, without its envelope. */
export type SignalBody =
  | HelloBody
  | OfferBody
  | AnswerBody
  | CandidatesBody
  | { readonly kind: 'want' }
  | { readonly kind: 'grant' }
  | { readonly kind: 'media'; readonly media: MediaStates }
  | StateBody
  | ByeBody;

/** The bodies that are numbered, acknowledged and sent again until they are. */
export type NumberedBody = Exclude<SignalBody, HelloBody | StateBody | ByeBody>;

/** What stands on every message. */
export interface Envelope {
  /** Major version of the protocol. */
  readonly v: 1;
  /** Address of the sender: its peer id. A good server stamps this itself. */
  readonly from: string;
  /** Address of the receiver. Absent: to everybody on the channel. */
  readonly to?: string;
  /** The sender's instance: one `createSession()` in one life of a page. */
  readonly me: string;
  /** The receiver's instance as the sender knows it. Absent: not met yet. */
  readonly you?: string;
  /** Counts the `RTCPeerConnection`s of this pair, from 1. */
  readonly epoch: number;
  /** Counts the numbered messages of this epoch, from 1. Absent or 0: not numbered. */
  readonly seq: number;
  /** Cumulative: everything up to this `seq` of the receiver has arrived. */
  readonly ack: number;
}

/** One message on the wire. JSON-compatible; PROTOCOL.md describes it in full. */
export type SignalMessage = Envelope & SignalBody;
