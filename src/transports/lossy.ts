import { SessionError } from '../errors.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';

/**
 * Makes a transport lose, for tests: each message of **this side** vanishes with a probability, as if it had been sent. This
 * breaks the promise of `send`, which is its purpose; a session mends it by sending again.
 *
 * @param probability from 0 (loses nothing) to 1 (loses all).
 * @param random gives numbers from 0 up to 1. @defaultValue `Math.random`
 * @throws SessionError `invalid-option` for a probability out of range.
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { lossy, memory } from 'peer-session/transports';
 *
 * const session = createSession({ transport: lossy(memory(), 0.2) });
 * ```
 */
export function lossy(
  transport: SignalingTransport,
  probability: number,
  random: () => number = Math.random,
): SignalingTransport {
  if (!(probability >= 0 && probability <= 1)) {
    throw new SessionError('invalid-option', `lossy(): "probability" is ${probability}; it must be from 0 to 1.`);
  }
  return {
    name: transport.name,
    async connect(context): Promise<SignalingChannel> {
      const channel = await transport.connect(context);
      return {
        send: (message) => (random() < probability ? undefined : channel.send(message)),
        close: () => channel.close(),
      };
    },
  };
}
