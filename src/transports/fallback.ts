import { isSessionError, SessionError } from '../errors.js';
import { browserPlatform } from '../platform.js';
import { aborted, orAborted } from '../shared/deadline.js';
import type { SignalingChannel, SignalingContext, SignalingTransport } from '../signaling/transport.js';

/** What `fallback()` takes beside the transports. */
export interface FallbackOptions {
  /** How long one transport may take to open before the next is tried, in milliseconds. @defaultValue `10000` */
  readonly attemptMs?: number;
}

/**
 * Opens the first transport of a list that works, each time anew from the first. Both peers have to land on the same one to
 * meet, so use it for several ways to the same place: two addresses of one server, or a WebSocket and its stand-in.
 *
 * @param transports in the order of preference, at least one.
 * @throws SessionError `invalid-option` for an empty list. `connect` rejects with the error of the last one, final only where
 * every one refused for good; all of them are in its `cause`, an `AggregateError`.
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { fallback, webSocket } from 'peer-session/transports';
 *
 * const options = { room: 'room-42' };
 * const session = createSession({
 *   transport: fallback([webSocket('wss://eu.example.com/signal', options), webSocket('wss://us.example.com/signal', options)]),
 * });
 * ```
 */
export function fallback(transports: readonly SignalingTransport[], options: FallbackOptions = {}): SignalingTransport {
  const { attemptMs = 10_000 } = options;
  if (transports.length === 0) throw new SessionError('invalid-option', 'fallback() needs at least one transport.');
  return {
    name: 'fallback',
    async connect(context): Promise<SignalingChannel> {
      const errors: unknown[] = [];
      for (const transport of transports) {
        if (context.signal.aborted) throw aborted(context.signal);
        try {
          return await attempt(transport, context, attemptMs);
        } catch (error) {
          if (context.signal.aborted) throw aborted(context.signal);
          errors.push(error);
        }
      }
      throw summary(transports, errors);
    },
  };
}

/** One try. What a transport says after its try has failed is not heard any more. */
async function attempt(transport: SignalingTransport, context: SignalingContext, ms: number): Promise<SignalingChannel> {
  const life = new AbortController();
  const stop = (): void => life.abort(context.signal.reason);
  context.signal.addEventListener('abort', stop, { once: true });
  const late = new SessionError('signaling-open', `The transport "${transport.name}" did not open within ${ms} ms.`);
  const forget = browserPlatform().timer(() => life.abort(late), ms);
  let heard = true;
  const opening = (async () =>
    transport.connect({
      peerId: context.peerId,
      signal: life.signal,
      receive: (data) => heard && context.receive(data),
      peers: (present) => heard && context.peers(present),
      lost: (cause) => heard && context.lost(cause),
    }))();
  try {
    return await orAborted(opening, life.signal);
  } catch (error) {
    heard = false;
    // A transport that opens after all has nobody to talk to.
    opening.then((channel) => channel.close()).catch(() => undefined);
    throw life.signal.aborted && !context.signal.aborted ? late : error;
  } finally {
    forget();
    context.signal.removeEventListener('abort', stop);
  }
}

function summary(transports: readonly SignalingTransport[], errors: readonly unknown[]): SessionError {
  const final = errors.every((error) => isSessionError(error) && !error.retryable);
  const last = errors.at(-1);
  const reason = last instanceof Error ? last.message : String(last);
  const message = `None of ${transports.map(({ name }) => name).join(', ')} opened; the last said: ${reason}`;
  return new SessionError(final ? 'signaling-refused' : 'signaling-open', message, {
    cause: new AggregateError(errors, message),
  });
}
