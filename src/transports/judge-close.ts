import { SessionError, type SessionErrorCode } from '../errors.js';

/** Close codes after which another try cannot help. The table stands in docs/guides/signaling-server.md. */
const FINAL: Readonly<Record<number, readonly [code: SessionErrorCode, hint: string]>> = {
  1009: ['signaling-refused', 'A message is above the limit of the server; send less, or raise `limits.messageBytes` there.'],
  4400: ['signaling-refused', 'Give a room and a peerId of 1 to 128 printable characters.'],
  4401: ['signaling-refused', 'Check the token, and that it is for this peerId and room.'],
  4403: ['signaling-refused', 'Add the address of this page to the option `origins` of the server.'],
  4409: ['peer-id-taken', 'Give each session its own peerId; the newest connection keeps it.'],
  4420: ['signaling-refused', 'The room is full; use another, or raise `limits.peersPerRoom` on the server.'],
};

/** What is known about the end of a socket. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
  /** Whether the channel was in use. */
  readonly wasOpen: boolean;
  /** Host and path, without what may hold a token. */
  readonly address: string;
  /** What the socket's `error` event held, outside of browsers. */
  readonly cause?: unknown;
}

/** Decides what the end of a socket means: an error that is not `retryable` ends the session, any other is tried again. */
export function judgeClose({ code, reason, wasOpen, address, cause }: SocketEnd): SessionError {
  const said = reason === '' ? `close code ${code}` : `close code ${code}: ${reason}`;
  const options = cause === undefined ? {} : { cause };
  const final = FINAL[code];
  if (final) return new SessionError(final[0], `${address} refused: ${said}.`, { ...options, hint: final[1] });
  if (wasOpen) return new SessionError('signaling-lost', `The connection to ${address} ended with ${said}.`, options);
  const unreachable = code === 1006 || code === 1005;
  return new SessionError('signaling-open', unreachable ? `Could not reach ${address}.` : `${address} gave ${said}.`, options);
}
