import { SessionError } from '../errors.js';
import { aborted } from '../shared/deadline.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';

/** What `messagePort()` needs: a `MessagePort`, a `Worker`, or the scope of a dedicated worker. */
export interface MessagePortLike {
  /** As in `MessagePort`. */
  postMessage(message: unknown): void;
  /** As in `EventTarget`. */
  addEventListener(type: 'message' | 'messageerror' | 'close', listener: (event: MessagePortEvent) => void): void;
  /** As in `EventTarget`. */
  removeEventListener(type: 'message' | 'messageerror' | 'close', listener: (event: MessagePortEvent) => void): void;
  /** A `MessagePort` delivers nothing before it is started. */
  start?(): void;
}

/** What `messagePort()` reads of an event. */
export interface MessagePortEvent {
  /** What was posted. */
  readonly data?: unknown;
}

/**
 * Reaches whoever holds the other end of a port: a frame of another origin, a worker, an extension (HTML, section 9.4,
 * "Channel messaging"). The port was handed in, so it is never closed here; it may serve one session after another. Where the
 * platform tells that the other end is gone (the event `close`), the session hears it. It knows no presence.
 *
 * @param port the own end; the other side uses the other end.
 * @throws SessionError `signaling-refused` from `connect` when the port is known to be closed: it never opens again.
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { messagePort } from 'peer-session/transports';
 *
 * const { port1, port2 } = new MessageChannel();
 * frames[0]?.postMessage('port', 'https://other.example', [port2]);
 * const session = createSession({ transport: messagePort(port1) });
 * ```
 */
export function messagePort(port: MessagePortLike): SignalingTransport {
  let gone = false;
  return {
    name: 'messageport',
    connect(context): SignalingChannel {
      if (context.signal.aborted) throw aborted(context.signal);
      if (gone) throw new SessionError('signaling-refused', 'The message port is closed.', { hint: 'Hand in a new port.' });
      const take = (event: MessagePortEvent): void => context.receive(event.data ?? null);
      const end = (): void => {
        gone = true;
        stop();
        context.lost(
          new SessionError('signaling-refused', 'The other end of the message port is gone.', { hint: 'Hand in a new port.' }),
        );
      };
      let open = true;
      const stop = (): void => {
        open = false;
        port.removeEventListener('message', take);
        port.removeEventListener('messageerror', take);
        port.removeEventListener('close', end);
      };
      port.addEventListener('message', take);
      port.addEventListener('messageerror', take);
      port.addEventListener('close', end);
      port.start?.();
      return {
        send(message): void {
          if (!open) throw new SessionError('signaling-lost', 'The channel over the message port is closed.');
          port.postMessage(message);
        },
        close: stop,
      };
    },
  };
}
