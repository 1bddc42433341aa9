import type { Side } from './side.js';
import type { Rule, Stage } from './stage.js';

const NO_PRESENCE = 'it never calls peers(), as it may';

/** Whether there is anything to examine: transports without presence never call `peers`. */
async function hasPresence(stage: Stage, sides: readonly Side[]): Promise<boolean> {
  const tells = (): boolean => sides.some((side) => side.present !== undefined);
  if (!tells()) await stage.quiet();
  if (!tells() && stage.exam.presence)
    stage.fail('it never called peers()', 'call peers(ids) with everybody else who is there, first before connect() settles');
  return tells();
}

/** Who is there has to be true, if it is told. */
export const PRESENCE: readonly Rule[] = [
  {
    name: 'tells who is there before it is open',
    examine: async (stage: Stage) => {
      const alice = await stage.join('alice', 0);
      const bob = await stage.join('bob', 1);
      if (!(await hasPresence(stage, [alice, bob]))) return NO_PRESENCE;
      for (const [side, others] of [
        [alice, ''],
        [bob, 'alice'],
      ] as const) {
        const first = side.told.slice(0, side.toldBeforeOpen).find(({ what }) => what === 'peers');
        if (first?.what !== 'peers')
          stage.fail(
            `${side.peerId} was not told who is there before connect() settled`,
            'call peers(ids) first, with an empty list where nobody is, or never call it',
          );
        if (first.present.join() !== others)
          stage.fail(
            `${side.peerId} was told [${first.present.join(', ')}] where [${others}] was there`,
            'tell the truth, with an empty list where nobody is',
          );
      }
      return undefined;
    },
  },
  {
    name: 'tells who comes and who goes, with the whole list each time',
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      if (!(await hasPresence(stage, [alice, bob]))) return NO_PRESENCE;
      const carol = await stage.join('carol', 0);
      const sees = (side: Side, others: string): Promise<void> =>
        stage.within(
          side.until(() => side.present?.join() === others),
          () => `${side.peerId} was last told [${side.present?.join(', ')}] where [${others.replaceAll(',', ', ')}] was there`,
          'call peers() after each coming and going, with all others who are there at that moment',
        );
      await Promise.all([sees(alice, 'bob,carol'), sees(bob, 'alice,carol'), sees(carol, 'alice,bob')]);
      await bob.channel?.close();
      await Promise.all([sees(alice, 'carol'), sees(carol, 'alice')]);
      return undefined;
    },
  },
];
