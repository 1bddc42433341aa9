import type { TransportExam } from 'peer-session/testing';
import { type Broken, server } from './twist.js';

/** Tells everything a little later than it should. */
function late(): TransportExam {
  const closed = new Set<string>();
  return server({
    context: ({ peerId, peers }) => {
      closed.delete(peerId);
      return { peers: (present) => void setTimeout(() => closed.has(peerId) || peers(present), 5) };
    },
    channel: ({ close }, { peerId }) => ({
      close: () => {
        closed.add(peerId);
        return close();
      },
    }),
  });
}

export const BROKEN_PRESENCE: readonly Broken[] = [
  {
    fault: 'tells who is there when it is open already',
    rule: 'tells who is there before it is open',
    says: /not told who is there before connect\(\) settled/,
    setup: late,
  },
  {
    fault: 'does not tell who leaves',
    rule: 'tells who comes and who goes, with the whole list each time',
    says: /alice was last told \[bob, carol\] where \[carol\] was there/,
    setup: () => {
      let most = 0;
      return server({
        context: ({ peers }) => ({
          peers: (present) => {
            if (present.length < most) return;
            most = present.length;
            peers(present);
          },
        }),
      });
    },
  },
];
