import type { JoinRequest } from './join-request.js';
import { mintTurnCredentials } from './turn-credentials.js';

/** A TURN server whose credentials the signaling server makes. */
export interface TurnOptions {
  /** The shared secret: `static-auth-secret` of coturn. */
  readonly secret: string;
  /** `turn:host:port?transport=udp` and so on, all of the same server. */
  readonly urls: string | readonly string[];
  /** How long credentials are good for, in seconds. @defaultValue `3600` */
  readonly ttlSeconds?: number;
  /** The name in the username, so in the TURN server's log; or how to tell it from a request. @defaultValue nobody */
  readonly user?: string | ((request: JoinRequest) => string);
}

/** An ICE server as `RTCPeerConnection` takes it. */
export interface IceServerEntry {
  /** One address or several, as for `RTCIceServer`. */
  readonly urls: string | readonly string[];
  /** For TURN. */
  readonly username?: string;
  /** For TURN. */
  readonly credential?: string;
}

/** What `GET /ice` answers with. */
export interface IceAnswer {
  /** Ready for the option `iceServers` of a session. */
  readonly iceServers: readonly IceServerEntry[];
  /** Unix time in milliseconds; absent where nothing expires. */
  readonly expiresAt?: number;
}

/** Puts together the fixed servers and fresh TURN credentials. */
export async function iceAnswerOf(
  request: JoinRequest,
  fixed: readonly IceServerEntry[],
  turn: TurnOptions | undefined,
): Promise<IceAnswer> {
  if (!turn) return { iceServers: fixed };
  const { user, ...options } = turn;
  const name = typeof user === 'function' ? user(request) : user;
  const minted = await mintTurnCredentials({ ...options, ...(name !== undefined && { user: name }) });
  return { iceServers: [...fixed, ...minted.iceServers], expiresAt: minted.expiresAt };
}
