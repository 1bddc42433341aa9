import type { SignalMessage } from './message.js';

/**
 * A recipe for reaching the other peer. It holds configuration, never a live connection, so one value may serve many
 * sessions. Transports are dumb; the session orders, repeats, reconnects and holds messages while the carrier is down.
 *
 * @example
 * ```ts
 * import type { SignalingTransport } from 'peer-session';
 *
 * interface Bus { on(f: (text: string) => void): () => void; publish(text: string): Promise<void> }
 *
 * const overBus = (bus: Bus): SignalingTransport => ({
 *   name: 'bus',
 *   connect({ receive, signal }) {
 *     signal.throwIfAborted();
 *     const stop = bus.on(receive);
 *     return { send: (message) => bus.publish(JSON.stringify(message)), close: stop };
 *   },
 * });
 * ```
 */
export interface SignalingTransport {
  /** A short kind for errors and the timeline, e.g. `"websocket"`. */
  readonly name: string;
  /**
   * Opens one channel; called again after each loss.
   *
   * - MUST settle: give the channel once `send` is usable, or reject.
   * - MUST reject promptly when `context.signal` aborts, or is aborted already.
   * - MAY call `context.receive` before it settles; nothing is lost.
   * - A rejection with a `SessionError` that is not `retryable` ends the session; any other is tried again.
   */
  connect(context: SignalingContext): SignalingChannel | Promise<SignalingChannel>;
}

/** What the session lends to one channel. Safe to call late: after the channel's end these do nothing. */
export interface SignalingContext {
  /** The id under which this session is reached. */
  readonly peerId: string;
  /** Aborted: stop opening, at once. */
  readonly signal: AbortSignal;
  /** One message as it came off the wire, text or parsed. The session checks it. */
  receive(data: unknown): void;
  /**
   * Who else is there right now. Call it if the backend knows, with the whole list each time, first before `connect`
   * settles: the session then offers at once where somebody waits, and stays silent where nobody does.
   */
  peers(present: readonly string[]): void;
  /** The carrier is down. The session decides when to call `connect` again. */
  lost(cause?: unknown): void;
}

/**
 * A live carrier of messages. Nothing is told from inside `send` or `close`: deliver in a later task. What `send` took before `close`
 * still leaves.
 */
export interface SignalingChannel {
  /**
   * Hands one message over. What cannot be handed over MUST reject or throw, never vanish. `message.to` is the address;
   * where it is absent the message is for everybody else on the channel. Need not keep order, may repeat.
   */
  send(message: SignalMessage): void | Promise<void>;
  /** Ends it. MUST be idempotent, and silent afterwards. */
  close(): void | Promise<void>;
}
