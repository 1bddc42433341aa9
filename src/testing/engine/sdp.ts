/** Directions that stand in a description; `stopped` is none of them. */
export type SdpDirection = Exclude<RTCRtpTransceiverDirection, 'stopped'>;

/** One RTP header extension (RFC 8285). */
export interface Extension {
  readonly id: number;
  readonly uri: string;
}

/** A media section, RFC 9429 5.2.1, with what the engine works on. */
export interface SdpSection {
  readonly kind: 'audio' | 'video' | 'application';
  readonly mid: string;
  /** Port 0: rejected, or not used any more. */
  readonly rejected: boolean;
  /** `a=bundle-only`: port 0 as well, but alive (RFC 9143). */
  readonly bundleOnly: boolean;
  readonly direction: SdpDirection;
  /** Ids of the streams (`a=msid`), RFC 8830. */
  readonly streams: readonly string[];
  /** Id of the track, or `null` where no `a=msid` says it. */
  readonly trackId: string | null;
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly extensions: readonly Extension[];
  readonly ssrc: number | null;
  /** Data sections only; `null`: the attribute is absent, which means 65536 (RFC 8841 6.1). */
  readonly maxMessageSize: number | null;
  /** `candidate:...` without `a=`. */
  readonly candidates: readonly string[];
  readonly endOfCandidates: boolean;
}

/** A whole description. */
export interface Sdp {
  readonly origin: string;
  readonly sessionId: string;
  readonly version: number;
  /** Mids of `a=group:BUNDLE`. */
  readonly bundle: readonly string[];
  /** `a=ice-options:trickle`. */
  readonly trickle: boolean;
  readonly sections: readonly SdpSection[];
}

/** `a` sends what `b` receives. */
export function reverseDirection(direction: SdpDirection): SdpDirection {
  if (direction === 'sendonly') return 'recvonly';
  return direction === 'recvonly' ? 'sendonly' : direction;
}

export function sends(direction: RTCRtpTransceiverDirection | null): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: RTCRtpTransceiverDirection | null): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

export function directionOf(send: boolean, receive: boolean): SdpDirection {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** RFC 9429 5.3.1: the answer's direction is what both sides want. */
export function intersectDirections(a: RTCRtpTransceiverDirection, b: RTCRtpTransceiverDirection): SdpDirection {
  return directionOf(sends(a) && sends(b), receives(a) && receives(b));
}
