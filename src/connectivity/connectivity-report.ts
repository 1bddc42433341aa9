import type { SessionErrorCode } from '../errors.js';

/** Something that does not work: a code to switch on, what happened, and the cure. Plain data without secrets. */
export interface ConnectivityProblem {
  /** The same codes as a `SessionError`; each has a heading in the errors page. */
  readonly code: SessionErrorCode;
  /** What happened, naming the server or device. */
  readonly message: string;
  /** The cure, in one sentence. */
  readonly hint: string;
}

/** What the page may do with a kind of device. `unknown`: this browser does not tell without asking the user. */
export type DevicePermission = 'granted' | 'denied' | 'prompt' | 'unknown';

/** Cameras and microphones. */
export interface DevicesReport {
  /** How many there are. Before a permission, browsers tell no more than whether there is one. */
  readonly cameras: number;
  /** How many there are. Before a permission, browsers tell no more than whether there is one. */
  readonly microphones: number;
  /** Whether the page may use cameras. */
  readonly cameraPermission: DevicePermission;
  /** Whether the page may use microphones. */
  readonly microphonePermission: DevicePermission;
  /** Why there is no camera or microphone to use, or `null`. */
  readonly problem: ConnectivityProblem | null;
}

/** The signaling transport. */
export interface SignalingReport {
  /** Whether it opened. */
  readonly ok: boolean;
  /** From the first try to the open channel, in milliseconds. `null`: it did not open. */
  readonly openMs: number | null;
  /**
   * A message to a second instance and one back, in milliseconds. `null`: none came back, as where the transport knows only
   * one partner.
   */
  readonly roundTripMs: number | null;
  /** Why it did not open, or `null`. */
  readonly problem: ConnectivityProblem | null;
}

/** How a server is reached: STUN and TURN over UDP, TCP, TLS or DTLS. */
export type ServerTransport = 'udp' | 'tcp' | 'tls' | 'dtls';

/** One address of one STUN or TURN server. */
export interface ServerReport {
  /** The address as it was configured, in lower case where it matters. */
  readonly url: string;
  /** What it is asked for: our public address, or a relay. */
  readonly kind: 'stun' | 'turn';
  /** How it is reached. */
  readonly transport: ServerTransport;
  /** STUN: it answered. TURN: it gave a relayed address **and** data came through. */
  readonly ok: boolean;
  /** Our public address as STUN sees it, or the address that TURN lends us. `null`: none, or the browser hides it. */
  readonly address: string | null;
  /** From asking to the answer, in milliseconds, name lookup, handshake and login included. `null`: no answer, or not measurable. */
  readonly answerMs: number | null;
  /** TURN: round trip of data between us and the server, in milliseconds, the median of 5. `null`: no data came through, or STUN. */
  readonly roundTripMs: number | null;
  /** Why it does not work, or `null`. */
  readonly problem: ConnectivityProblem | null;
}

/**
 * How the NAT in front of this device treats one socket that talks to two servers (RFC 4787 section 4.1).
 *
 * - `none`: there is none, the device's own address is public.
 * - `endpoint-independent`: one public address and port towards everybody. STUN helps.
 * - `symmetric`: another one towards each server. STUN does not help, TURN does.
 * - `unknown`: it takes answers from two STUN or TURN servers over UDP on two hosts.
 */
export type NatBehaviour = 'none' | 'endpoint-independent' | 'symmetric' | 'unknown';

/** What the network in front of this device does. */
export interface NetworkReport {
  /** Whether the device has any address. */
  readonly online: boolean;
  /** The addresses from which the world sees this device, as STUN reported them. Personal data. */
  readonly publicAddresses: readonly string[];
  /** What kind of NAT there is. */
  readonly nat: NatBehaviour;
  /** Whether UDP gets out. `null`: unknown, since nothing answered at all or no server over UDP was given. */
  readonly udp: boolean | null;
}

/** What a call can expect. */
export type ConnectivityVerdict =
  /** Calls connect from here, whatever the other side's network is. */
  | 'ready'
  /** Some calls connect: see `summary`. */
  | 'limited'
  /** No call can connect. */
  | 'blocked';

/** Which of the three kinds of network this is. `null`: could not be told; `explanation` says what it would take. */
export type NetworkCase = 1 | 2 | 3 | null;

/** What {@link checkConnectivity} found out. Plain data that can be sent as JSON; it contains this device's public address. */
export interface ConnectivityReport {
  /** What a call can expect. */
  readonly verdict: ConnectivityVerdict;
  /** One sentence for people. */
  readonly summary: string;
  /** 1: peers reach this device at its own address. 2: with the help of STUN. 3: only through TURN. */
  readonly case: NetworkCase;
  /** Why it is this case, in one sentence. */
  readonly explanation: string;
  /** Whether there is WebRTC. */
  readonly webrtc: boolean;
  /** Cameras and microphones. */
  readonly devices: DevicesReport;
  /** The signaling transport, or `null` if none was given. */
  readonly signaling: SignalingReport | null;
  /** Each address of each STUN and TURN server, in the order given. */
  readonly servers: readonly ServerReport[];
  /** The network in front of this device. */
  readonly network: NetworkReport;
  /** Everything that does not work, most important first. */
  readonly problems: readonly ConnectivityProblem[];
  /** How long the check took, in milliseconds. */
  readonly elapsedMs: number;
}

/** One step is done. `step` says which, `result` is its part of the report. */
export type ConnectivityProgress = {
  /** Steps done so far, this one included. */
  readonly finished: number;
  /** Steps there are. */
  readonly total: number;
} & (
  | { readonly step: 'webrtc'; readonly result: boolean }
  | { readonly step: 'devices'; readonly result: DevicesReport }
  | { readonly step: 'signaling'; readonly result: SignalingReport }
  | { readonly step: 'server'; readonly result: ServerReport }
  | { readonly step: 'network'; readonly result: NetworkReport }
);
