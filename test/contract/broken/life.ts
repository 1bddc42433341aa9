import { EventEmitter } from 'node:events';
import type { SignalingChannel, SignalingContext, SignalingTransport } from 'peer-session';
import type { TransportExam } from 'peer-session/testing';
import { fromEmitter, memory } from 'peer-session/transports';
import { type Broken, bus, nothing, twisted } from './twist.js';

const never = new Promise<never>(nothing);

/** Calls everybody from inside `send`. */
function reentrant(): TransportExam {
  const members = new Set<SignalingContext>();
  const connect = (context: SignalingContext): SignalingChannel => {
    context.signal.throwIfAborted();
    members.add(context);
    return {
      send: (message) => {
        if (!members.has(context)) throw new Error('closed');
        for (const member of members) member.receive(JSON.stringify(message));
      },
      close: () => void members.delete(context),
    };
  };
  return { transport: { name: 'reentrant', connect } };
}

/** All sessions of one recipe share what it opened; the first to close takes it from the others. */
function shared(): TransportExam {
  const emitter = new EventEmitter();
  const recipe = (): SignalingTransport => {
    const open = new Set<SignalingChannel>();
    return {
      name: 'shared',
      connect(context) {
        const channel = fromEmitter(emitter).connect(context) as SignalingChannel;
        open.add(channel);
        return {
          send: (message) => channel.send(message),
          close: () => {
            for (const each of open) void each.close();
            open.clear();
          },
        };
      },
    };
  };
  return { transport: [recipe(), recipe()] };
}

/** A recipe that keeps the socket it opened first, dead or alive. */
function keepsDeadSocket(): TransportExam {
  const exam = bus();
  let dead = false;
  return {
    ...exam,
    transport: {
      name: 'keeps',
      connect: (context) => {
        if (dead) throw new Error('the socket is closed');
        return (exam.transport as SignalingTransport).connect(context);
      },
    },
    cut: () => {
      dead = true;
      return exam.cut?.();
    },
  };
}

function opensTenTimes(): TransportExam {
  let left = 10;
  const exam = bus({ context: () => (left-- > 0 ? {} : { signal: AbortSignal.abort() }) });
  return { transport: exam.transport };
}

function listenFor(emitter: EventEmitter): Partial<SignalingChannel> {
  emitter.on('signal', nothing);
  return {};
}

export const BROKEN_LIFE: readonly Broken[] = [
  {
    fault: 'has an empty name',
    rule: 'is a recipe with a name',
    says: /it has no name/,
    setup: () => ({ transport: { ...memory(), name: '' } }),
  },
  {
    fault: 'delivers inside send',
    rule: 'tells nothing from inside send and close',
    says: /inside its own send\(\)/,
    setup: reentrant,
  },
  {
    fault: 'goes on listening after close',
    rule: 'is silent after close',
    says: /after close\(\) it still told: message/,
    setup: () => {
      const { transport } = bus({
        channel: ({ send }) => {
          let open = true;
          const refuse = (): never => {
            throw new Error('closed');
          };
          return {
            send: (message) => (open ? send(message) : refuse()),
            close: () => {
              open = false;
            },
          };
        },
      });
      return { transport };
    },
  },
  {
    fault: 'tells its own close as a loss',
    rule: 'is silent after close',
    says: /after close\(\) it still told: lost/,
    setup: () =>
      bus({
        channel: ({ close }, { lost }) => ({
          close: () => {
            setTimeout(lost, 5);
            return close();
          },
        }),
      }),
  },
  {
    fault: 'cannot be closed twice',
    rule: 'may be closed twice',
    says: /the second close\(\): not open/,
    setup: () =>
      bus({
        channel: ({ close }) => {
          let open = true;
          return {
            close: () => {
              if (!open) throw new Error('not open');
              open = false;
              return close();
            },
          };
        },
      }),
  },
  {
    fault: 'never finishes closing a second time',
    rule: 'may be closed twice',
    says: /the second close\(\): close\(\) did not settle within 4000 ms/,
    setup: () => {
      const closed = new Set<unknown>();
      return bus({
        channel: (inner) => ({
          close: () => {
            if (closed.has(inner)) return never;
            closed.add(inner);
            return inner.close();
          },
        }),
      });
    },
  },
  {
    fault: 'does not look at its signal',
    rule: 'gives up when its signal is aborted',
    says: /although its signal was aborted before/,
    setup: () => bus({ context: () => ({ signal: new AbortController().signal }) }),
  },
  {
    fault: 'opens where nobody is',
    rule: 'rejects where it cannot open',
    says: /to a place that cannot be reached/,
    setup: () => ({ ...bus(), unreachable: { name: 'air', connect: () => ({ send: nothing, close: nothing }) } }),
  },
  {
    fault: 'waits for ever where nobody is',
    rule: 'rejects where it cannot open',
    says: /connect\(\) did not settle within 4000 ms/,
    setup: () => {
      const connect = ({ signal }: SignalingContext): Promise<never> =>
        new Promise((_, reject) => signal.addEventListener('abort', reject));
      return { ...bus(), unreachable: { name: 'waits', connect } };
    },
  },
  {
    fault: 'does not tell of a loss',
    rule: 'tells that the carrier is lost',
    says: /the carrier died and alice was not told/,
    setup: () => bus({ context: () => ({ lost: nothing }) }),
  },
  {
    fault: 'keeps its dead socket',
    rule: 'opens again after a loss',
    says: /connect\(\) rejected: the socket is closed/,
    setup: keepsDeadSocket,
  },
  { fault: 'opens ten times', rule: 'opens again and again', says: /connect\(\) rejected/, setup: opensTenTimes },
  {
    fault: 'shares one connection among its sessions',
    rule: 'serves two sessions with one recipe',
    says: /what bob sent did not reach carol/,
    setup: shared,
  },
  {
    fault: 'forgets its listeners',
    rule: 'leaves nothing behind',
    says: /\d+ more are held than before/,
    setup: () => {
      const exam = bus();
      return { ...exam, transport: twisted(exam.transport as SignalingTransport, { channel: () => listenFor(exam.emitter) }) };
    },
  },
];
