import { SessionError } from '../errors.js';
import { aborted } from '../shared/deadline.js';
import type { SignalMessage } from '../signaling/message.js';
import type { SignalingChannel, SignalingContext, SignalingTransport } from '../signaling/transport.js';

/**
 * A channel inside this process, for tests, for two sessions on one page and for trying things out. **One value is one
 * channel**: sessions that are given the same value reach each other. It knows presence, and of two sessions with the same
 * peer id it keeps the newer one, as the hub does. Messages arrive as JSON text in a later microtask, so a sender is never
 * called back while it sends.
 *
 * @param name what errors and the timeline call it. @defaultValue `'memory'`
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { memory } from 'peer-session/transports';
 *
 * const transport = memory();
 * const alice = createSession({ transport, peerId: 'alice' });
 * const bob = createSession({ transport, peerId: 'bob' });
 * await Promise.all([alice.start(), bob.start()]);
 * ```
 */
export function memory(name: string = 'memory'): SignalingTransport {
  const members = new Map<string, Member>();

  const tellOthers = (than: Member): void => {
    for (const member of members.values())
      if (member !== than) member.later(() => member.context.peers(othersThan(member, members)));
  };

  return {
    name,
    connect(context): SignalingChannel {
      if (context.signal.aborted) throw aborted(context.signal);
      const older = members.get(context.peerId);
      const member = new Member(context);
      members.set(context.peerId, member);
      older?.replaced();
      context.peers(othersThan(member, members));
      tellOthers(member);
      return {
        send(message: SignalMessage): void {
          if (!member.open) throw new SessionError('signaling-lost', `The channel "${name}" is closed.`);
          const text = JSON.stringify(message);
          for (const [id, other] of members) {
            if (other !== member && (message.to === undefined || message.to === id))
              other.later(() => other.context.receive(text));
          }
        },
        close(): void {
          member.open = false;
          if (members.get(context.peerId) !== member) return;
          members.delete(context.peerId);
          tellOthers(member);
        },
      };
    },
  };
}

class Member {
  open = true;
  readonly context: SignalingContext;

  constructor(context: SignalingContext) {
    this.context = context;
  }

  /** Queued once for each: what is told in one order arrives in that order. */
  later(tell: () => void): void {
    queueMicrotask(() => this.open && tell());
  }

  replaced(): void {
    this.open = false;
    const error = new SessionError('peer-id-taken', `A newer session took the peer id "${this.context.peerId}".`);
    queueMicrotask(() => this.context.lost(error));
  }
}

function othersThan(member: Member, members: ReadonlyMap<string, Member>): readonly string[] {
  return [...members].filter(([, other]) => other !== member).map(([id]) => id);
}
