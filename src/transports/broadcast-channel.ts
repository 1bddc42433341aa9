import { SessionError } from '../errors.js';
import { aborted } from '../shared/deadline.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';

/** What is used of a `BroadcastChannel`. */
export interface BroadcastChannelLike {
  /** As in `BroadcastChannel`. */
  postMessage(message: unknown): void;
  /** As in `BroadcastChannel`. */
  close(): void;
  /** As in `EventTarget`. */
  addEventListener(type: 'message' | 'messageerror', listener: (event: BroadcastChannelEvent) => void): void;
}

/** What is read of its events. */
export interface BroadcastChannelEvent {
  /** `message` or `messageerror`. */
  readonly type: string;
  /** What was posted. */
  readonly data?: unknown;
}

/** What `broadcastChannel()` takes beside the name. */
export interface BroadcastChannelOptions {
  /** Another implementation. @defaultValue the global one */
  readonly BroadcastChannel?: new (
    name: string,
  ) => BroadcastChannelLike;
}

/**
 * Reaches other tabs, frames and workers of the same origin in the same browser, without any server (HTML, section 9.5,
 * "Broadcasting to other browsing contexts"). It knows no presence.
 *
 * @param name the channel; every session that uses this name on this origin is on it.
 * @throws SessionError `unsupported` from `connect` where there is no `BroadcastChannel`.
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { broadcastChannel } from 'peer-session/transports';
 *
 * const session = createSession({ transport: broadcastChannel('my-app'), media: { video: true } });
 * await session.start(); // the same code in a second tab, and they are in a call
 * ```
 */
export function broadcastChannel(name: string, options: BroadcastChannelOptions = {}): SignalingTransport {
  return {
    name: 'broadcastchannel',
    connect(context): SignalingChannel {
      if (context.signal.aborted) throw aborted(context.signal);
      const Channel: BroadcastChannelOptions['BroadcastChannel'] =
        options.BroadcastChannel ?? (globalThis as Partial<typeof globalThis>).BroadcastChannel;
      if (!Channel)
        throw new SessionError('unsupported', 'There is no BroadcastChannel here.', { hint: 'Use another transport.' });
      const channel = new Channel(name);
      let open = true;
      const take = (event: BroadcastChannelEvent): void => {
        if (open) context.receive(event.data ?? null);
      };
      channel.addEventListener('message', take);
      channel.addEventListener('messageerror', take); // data is null: the session drops it with a warning
      return {
        send(message): void {
          if (!open) throw new SessionError('signaling-lost', `The channel "${name}" is closed.`);
          channel.postMessage(message);
        },
        close(): void {
          open = false;
          channel.close();
        },
      };
    },
  };
}
