/** The stage of a session's life in which a failure happened. `usage` is a mistake in the calling code. */
export type SessionStage = 'fetching' | 'signaling' | 'ice' | 'data' | 'usage';

/** Every failure this package reports, as a literal. Each has a heading in the errors page. */
export type SessionErrorCode =
  | 'invalid-option'
  | 'invalid-state'
  | 'unsupported'
  | 'aborted'
  | 'closed'
  | 'media-denied'
  | 'media-not-found'
  | 'media-in-use'
  | 'media-constraints'
  | 'media-insecure'
  | 'media-failed'
  | 'media-ended'
  | 'signaling-open'
  | 'signaling-lost'
  | 'signaling-refused'
  | 'signaling-message'
  | 'signaling-version'
  | 'peer-timeout'
  | 'peer-busy'
  | 'peer-id-taken'
  | 'negotiation-failed'
  | 'ice-server-invalid'
  | 'ice-servers-failed'
  | 'ice-server-unreachable'
  | 'ice-server-unauthorized'
  | 'ice-failed'
  | 'connection-lost'
  | 'connection-timeout'
  | 'channel-closed'
  | 'message-size'
  | 'message-type'
  | 'messages-lost';

type Entry = readonly [stage: SessionStage, retryable: boolean, hint: string];

/** code -> stage, may the same call succeed later, the cure in one sentence. One heading per code in docs/errors.md. */
const CODES: Readonly<Record<SessionErrorCode, Entry>> = {
  'invalid-option': ['usage', false, 'Correct the option that the message names.'],
  'invalid-state': ['usage', false, 'Call start() once.'],
  unsupported: ['usage', false, 'Use a browser with WebRTC, or the option `platform`.'],
  aborted: ['usage', true, 'Your AbortSignal or a newer call ended it.'],
  closed: ['usage', false, 'Create a new session.'],

  'media-denied': ['fetching', true, 'Allow camera and microphone for this site in the browser and the system settings.'],
  'media-not-found': ['fetching', true, 'Plug in a camera or microphone, or ask for less.'],
  'media-in-use': ['fetching', true, 'Close the other program that uses the device.'],
  'media-constraints': ['fetching', false, 'Use `ideal` instead of `exact` or `min`.'],
  'media-insecure': ['fetching', false, 'Serve the page over https or from localhost.'],
  'media-failed': ['fetching', true, 'See `cause`.'],
  'media-ended': ['fetching', true, 'The device was unplugged or the share stopped; publish again.'],

  'signaling-open': ['signaling', true, 'Check the address of the signaling server and that it runs.'],
  'signaling-lost': ['signaling', true, 'Nothing to do: the session reconnects.'],
  'signaling-refused': ['signaling', false, 'Check token, room and limits.'],
  'signaling-message': ['signaling', true, 'Check what else talks on this channel.'],
  'signaling-version': ['signaling', false, 'Load the page again on both sides.'],
  'peer-timeout': ['signaling', true, 'Use the same room on both sides, or raise `timeouts.peerMs`.'],
  'peer-busy': ['signaling', true, 'The other side is in a call already; use one room per call.'],
  'peer-id-taken': ['signaling', false, 'Give each session a `peerId` of its own.'],
  'negotiation-failed': ['signaling', true, 'See `cause`.'],

  'ice-server-invalid': ['ice', false, 'Use stun:host:port, or turn:host:port?transport=udp|tcp with username and credential.'],
  'ice-servers-failed': ['ice', true, 'See `cause`.'],
  'ice-server-unreachable': ['ice', true, 'Check its address, port and firewall.'],
  'ice-server-unauthorized': ['ice', true, 'Check the TURN secret, and that the credential has not expired.'],
  'ice-failed': ['ice', true, 'Add a TURN server.'],
  'connection-lost': ['ice', true, 'Check the network, and start a new session.'],
  'connection-timeout': ['ice', true, 'Check signaling and the peer, or raise `timeouts.connectingMs`.'],

  'channel-closed': ['data', true, 'Open the channel again.'],
  'message-size': ['data', false, 'Split the message, or use `resume: true`.'],
  'message-type': ['data', false, 'Send a string, an ArrayBuffer or a view.'],
  'messages-lost': ['data', true, 'Use `resume: true`.'],
};

/** What a {@link SessionError} can be given beside its code and message. */
export interface SessionErrorOptions {
  /** What lies underneath: a `DOMException`, a closed socket, an answer of a server. */
  readonly cause?: unknown;
  /** Replaces the general cure of the code by an exact one. */
  readonly hint?: string | undefined;
}

/**
 * The one error of this package: a `code` to switch on, the `stage` it happened in, a `hint` with the cure, a `docs`
 * link and the `cause`. Recognise it with {@link isSessionError}: `instanceof` fails where two copies are loaded.
 *
 * @example
 * ```ts
 * import { createSession, isSessionError, type SignalingTransport } from 'peer-session';
 *
 * async function call(transport: SignalingTransport): Promise<void> {
 *   try {
 *     await createSession({ transport, media: { video: true } }).start();
 *   } catch (error) {
 *     if (isSessionError(error, 'media-denied')) alert(error.hint);
 *     else throw error;
 *   }
 * }
 * ```
 */
export class SessionError extends Error {
  override readonly name: string = 'SessionError';
  /** What went wrong. */
  declare readonly code: SessionErrorCode;
  /** Where it went wrong. */
  declare readonly stage: SessionStage;
  /** Whether the same call may succeed later without a change of code. */
  declare readonly retryable: boolean;
  /** The cure, in one sentence. */
  declare readonly hint: string;
  /** Where this code is explained: a heading of the errors page, which is a file of the package. */
  declare readonly docs: string;
  /** The brand that {@link isSessionError} looks for. */
  readonly isSessionError = true as const;

  /** @param message what happened, in one sentence, naming the option, device or server. */
  constructor(code: SessionErrorCode, message: string, options: SessionErrorOptions = {}) {
    super(message, options);
    [this.stage, this.retryable, this.hint] = CODES[code];
    this.code = code;
    this.hint = options.hint ?? this.hint;
    this.docs = `node_modules/peer-session/docs/errors.md#${code}`;
  }
}

/**
 * Whether a thrown thing is a {@link SessionError}, and one with this code if a code is given. Works across two loaded
 * copies of the package and across realms.
 */
export function isSessionError<C extends SessionErrorCode = SessionErrorCode>(
  error: unknown,
  code?: C,
): error is SessionError & { readonly code: C } {
  const e = error as Partial<SessionError> | null | undefined;
  return e?.isSessionError === true && (code === undefined || e.code === code);
}
