import { browserPlatform, type Platform } from '../platform.js';
import { aborted } from '../shared/deadline.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';

/**
 * Makes a transport slow, for tests and measurements: what **this side hears** comes `ms` later, messages and presence alike,
 * in the order sent. Wrap both sides and the delay is `ms` each way. What is known before the channel opens is not delayed,
 * nor is the news that the carrier is lost.
 *
 * @param ms one-way delay in milliseconds.
 * @param timer calls a function after some time; the returned function takes it back. @defaultValue real time
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { delayed, memory } from 'peer-session/transports';
 *
 * const channel = memory();
 * const far = createSession({ transport: delayed(channel, 200) });
 * ```
 */
export function delayed(transport: SignalingTransport, ms: number, timer?: Platform['timer']): SignalingTransport {
  return {
    name: transport.name,
    async connect(context): Promise<SignalingChannel> {
      if (context.signal.aborted) throw aborted(context.signal);
      const clock = timer ? { timer } : browserPlatform();
      const waiting = new Set<() => void>();
      const later = (tell: () => void): void => {
        const forget = clock.timer(() => {
          waiting.delete(forget);
          tell();
        }, ms);
        waiting.add(forget);
      };
      let opened = false;
      const channel = await transport.connect({
        peerId: context.peerId,
        signal: context.signal,
        receive: (data) => later(() => context.receive(data)),
        peers: (present) => (opened ? later(() => context.peers(present)) : context.peers(present)),
        lost: (cause) => context.lost(cause),
      });
      opened = true;
      return {
        send: (message) => channel.send(message),
        close() {
          for (const forget of waiting) forget();
          waiting.clear();
          return channel.close();
        },
      };
    },
  };
}
