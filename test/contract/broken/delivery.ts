import type { SignalMessage } from 'peer-session';
import type { TransportExam } from 'peer-session/testing';
import { type Broken, bus, nothing } from './twist.js';

/** Writes into one slot: what is written in the same turn replaces what stood there. */
function oneSlot(): TransportExam {
  return bus({
    channel: ({ send, close }) => {
      let slot: SignalMessage | undefined;
      let open = true;
      const write = (): void => {
        if (slot) void send(slot);
        slot = undefined;
      };
      return {
        send: (message) => {
          if (!open) throw new Error('closed');
          if (!slot) setTimeout(write, 1);
          slot = message;
        },
        close: () => {
          write();
          open = false;
          return close();
        },
      };
    },
  });
}

/** Delivers what has no address to the first other only. */
function toOne(): TransportExam {
  const ids: string[] = [];
  const exam = bus({
    channel: ({ send, close }, { peerId }) => {
      ids.push(peerId);
      return {
        send: (message) => send({ to: ids.find((id) => id !== peerId) ?? '', ...message }),
        close: () => {
          ids.splice(ids.indexOf(peerId), 1);
          return close();
        },
      };
    },
    context: ({ peerId, receive }) => ({
      receive: (data) => {
        const { to } = data as SignalMessage;
        if (to === peerId) receive({ ...(data as SignalMessage), to });
      },
    }),
  });
  return { transport: exam.transport };
}

function lossesTheLastWord(): TransportExam {
  return bus({
    channel: ({ send, close }) => {
      let closed = false;
      return {
        send: (message) => {
          if (closed) throw new Error('closed');
          setTimeout(() => void (closed || send(message)), 1);
        },
        close: () => {
          closed = true;
          return close();
        },
      };
    },
  });
}

const latin = (text: string): string => text.replace(/[^\0-\xff]/g, '?');
const lengthOf = (message: SignalMessage): number => JSON.stringify(message).length;

export const BROKEN_DELIVERY: readonly Broken[] = [
  {
    fault: 'speaks Latin only',
    rule: 'carries messages both ways, as they were said',
    says: /the field "sdp" arrived changed/,
    setup: () => bus({ channel: ({ send }) => ({ send: (message) => send(JSON.parse(latin(JSON.stringify(message)))) }) }),
  },
  {
    fault: 'drops what it does not know',
    rule: 'carries messages both ways, as they were said',
    says: /the field "unknown" arrived changed/,
    setup: () => bus({ channel: ({ send }) => ({ send: (message) => send({ ...message, ...{ unknown: undefined } }) }) }),
  },
  {
    fault: 'refuses more than 16 kB',
    rule: 'carries a large message',
    says: /send\(\) rejected on an open channel: too large/,
    setup: () =>
      bus({
        channel: ({ send }) => ({
          send: (message) => (lengthOf(message) > 16_384 ? Promise.reject(new Error('too large')) : send(message)),
        }),
      }),
  },
  {
    fault: 'lets more than 16 kB vanish',
    rule: 'carries a large message',
    says: /what alice sent did not reach bob within 4000 ms/,
    setup: () =>
      bus({ channel: ({ send }) => ({ send: (message) => (lengthOf(message) > 16_384 ? undefined : send(message)) }) }),
  },
  {
    fault: 'keeps one message at a time',
    rule: 'delivers each of many messages sent at once',
    says: /99 of 100 did not arrive/,
    setup: oneSlot,
  },
  {
    fault: 'brings what is for all to one',
    rule: 'brings a message to whom it is addressed, and one without address to everybody',
    says: /what alice sent did not reach carol/,
    setup: toOne,
  },
  {
    fault: 'throws away what is under way when it closes',
    rule: 'lets the last word leave before it closes',
    says: /right before close\(\) was lost/,
    setup: lossesTheLastWord,
  },
  {
    fault: 'swallows what is sent after close',
    rule: 'lets no message vanish after close',
    says: /accepted a message after close\(\)/,
    setup: () =>
      bus({
        channel: ({ send }) => ({
          send: (message) =>
            void Promise.resolve()
              .then(() => send(message))
              .catch(nothing),
        }),
      }),
  },
];
