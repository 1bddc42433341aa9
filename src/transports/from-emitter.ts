import { SessionError } from '../errors.js';
import { aborted } from '../shared/deadline.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';

/** Anything with the three methods of Node's and the browser's many emitters. */
export interface EmitterLike {
  /** Adds a listener. */
  on(event: string, listener: (data: unknown) => void): unknown;
  /** Takes it back. */
  off(event: string, listener: (data: unknown) => void): unknown;
  /** Sends one event. */
  emit(event: string, data: unknown): unknown;
}

/** What `fromEmitter()` takes beside the emitter. */
export interface FromEmitterOptions {
  /** The event that carries our messages, both ways. @defaultValue `'signal'` */
  readonly event?: string;
  /** Tells when the carrier is down; the returned function takes the listener back. @defaultValue never told */
  readonly onLost?: (lost: (cause?: unknown) => void) => () => void;
}

/**
 * Speaks over anything with `on`, `off` and `emit` whose other end hears what is emitted here: a socket.io client, a
 * wrapper of your own. It knows no presence, and does not close the emitter, which was handed in. A plain event emitter
 * inside one page hears itself; that is harmless, sessions drop their own echo.
 *
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { fromEmitter, type EmitterLike } from 'peer-session/transports';
 *
 * declare const socket: EmitterLike; // for example io('https://example.com')
 * const session = createSession({
 *   transport: fromEmitter(socket, {
 *     onLost: (lost) => {
 *       socket.on('disconnect', lost);
 *       return () => void socket.off('disconnect', lost);
 *     },
 *   }),
 * });
 * ```
 */
export function fromEmitter(emitter: EmitterLike, options: FromEmitterOptions = {}): SignalingTransport {
  const { event = 'signal', onLost } = options;
  return {
    name: 'emitter',
    connect(context): SignalingChannel {
      if (context.signal.aborted) throw aborted(context.signal);
      let open = true;
      // Later: an emitter inside one page calls its listeners while the sender is still sending.
      const take = (data: unknown): void => queueMicrotask(() => open && context.receive(data));
      emitter.on(event, take);
      const forget = onLost?.((cause) => open && context.lost(cause));
      return {
        send(message): void {
          if (!open) throw new SessionError('signaling-lost', 'The channel over the emitter is closed.');
          emitter.emit(event, message);
        },
        close(): void {
          if (!open) return;
          open = false;
          emitter.off(event, take);
          forget?.();
        },
      };
    },
  };
}
