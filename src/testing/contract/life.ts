import { Side } from './side.js';
import { BrokenRule, type Rule, type Stage, textOf } from './stage.js';

const AGAIN_AND_AGAIN = 20;

/** Closes a side; whatever goes wrong breaks the rule. */
async function close(stage: Stage, side: Side, seen: string): Promise<void> {
  const closing = (async () => side.channel?.close())();
  try {
    await stage.within(closing, `${seen}: close() did not settle`, 'let close() return at once');
  } catch (error) {
    if (error instanceof BrokenRule) throw error;
    stage.fail(`${seen}: ${textOf(error)}`, 'let close() do nothing where nothing is open', error);
  }
}

/** Calls `connect` with a signal that aborts. Whatever comes has to come before the time of the check is over. */
async function abortedOpening(stage: Stage, peerId: string, when: 'before' | 'during', unreachable = false): Promise<void> {
  const side = new Side(peerId);
  if (when === 'before') side.life.abort();
  const { unreachable: dead } = stage.exam;
  const opening = stage.opening(side, unreachable && dead ? dead : stage.recipe(0));
  side.life.abort();
  let opened = true;
  try {
    await opening;
  } catch (error) {
    if (error instanceof BrokenRule) stage.fail('connect() did not settle after its signal was aborted', ABORT, error);
    opened = false;
  }
  if (opened && when === 'before') stage.fail('connect() opened a channel although its signal was aborted before', ABORT);
  if (opened) await close(stage, side, 'after an abort that came too late');
  const told = side.told.length;
  await stage.quiet();
  if (!opened && side.told.length > told) stage.fail('it went on telling things after its signal was aborted', ABORT);
}

const ABORT = 'begin connect() with signal.throwIfAborted(), and on its "abort" give up and reject';

/** How a channel opens, ends, and opens again. */
export const LIFE: readonly Rule[] = [
  {
    name: 'is a recipe with a name',
    examine: async (stage: Stage) => {
      for (const end of [0, 1] as const) {
        const { name } = stage.recipe(end);
        if (typeof name !== 'string' || name === '')
          stage.fail('it has no name', 'give it a short kind as `name`, e.g. "websocket": errors and the timeline show it');
      }
    },
  },
  {
    name: 'tells nothing from inside send and close',
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      let inside = '';
      let told = '';
      const watch = (): void => {
        told ||= inside;
      };
      alice.watch = bob.watch = watch;
      const during = (call: string, work: () => unknown): unknown => {
        inside = call;
        try {
          return work();
        } finally {
          inside = '';
        }
      };
      const original = alice.channel;
      if (original)
        alice.channel = {
          send: (message) => during('send()', () => original.send(message)) as void | Promise<void>,
          close: () => original.close(),
        };
      await stage.tell(alice, [bob]);
      await (during('close()', () => original?.close()) as void | Promise<void>);
      await stage.quiet();
      if (told !== '')
        stage.fail(
          `a session was called back while it was still inside its own ${told}`,
          'deliver in a later task: queueMicrotask',
        );
    },
  },
  {
    name: 'is silent after close',
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      await alice.channel?.close();
      const told = alice.told.length;
      // Another session on the same recipe hears it; by then the closed one would have.
      const carol = await stage.join('carol', 0);
      await stage.tell(bob, [carol]);
      await stage.quiet();
      const [late] = alice.told.slice(told);
      if (late)
        stage.fail(
          `after close() it still told: ${late.what}`,
          'take back every listener in close(), before the carrier is closed',
        );
    },
  },
  {
    name: 'may be closed twice',
    examine: async (stage: Stage) => {
      const [alice] = await stage.pair();
      await close(stage, alice, 'the first close()');
      await close(stage, alice, 'the second close()');
    },
  },
  {
    name: 'gives up when its signal is aborted',
    examine: async (stage: Stage) => {
      await abortedOpening(stage, 'dave', 'before');
      await abortedOpening(stage, 'erin', 'during');
      if (stage.exam.unreachable) await abortedOpening(stage, 'frank', 'during', true);
      const [alice, bob] = await stage.pair();
      await stage.tell(alice, [bob]);
    },
  },
  {
    name: 'rejects where it cannot open',
    skip: ({ unreachable }) => (unreachable ? undefined : 'the setup gives no `unreachable`'),
    examine: async (stage: Stage) => {
      const { unreachable } = stage.exam;
      if (!unreachable) return;
      let opened = false;
      try {
        await stage.opening(new Side('alice'), unreachable);
        opened = true;
      } catch (error) {
        if (error instanceof BrokenRule) throw error;
      }
      if (opened)
        stage.fail('connect() gave a channel to a place that cannot be reached', 'resolve only when the carrier is open');
    },
  },
  {
    name: 'tells that the carrier is lost',
    skip: ({ cut }) => (cut ? undefined : 'the setup gives no `cut`'),
    examine: async (stage: Stage) => {
      const sides = await stage.pair();
      await stage.exam.cut?.();
      for (const side of sides) {
        await stage.within(
          side.until(() => side.told.some(({ what }) => what === 'lost')),
          `the carrier died and ${side.peerId} was not told`,
          'call lost(cause) when the carrier closes or fails; without it the session talks into the void',
        );
        await close(stage, side, 'close() after the loss');
      }
    },
  },
  {
    name: 'opens again after a loss',
    skip: ({ cut, restore }) => (cut && restore ? undefined : 'the setup gives no `cut` with `restore`'),
    examine: async (stage: Stage) => {
      const sides = await stage.pair();
      await stage.exam.cut?.();
      for (const side of sides) await (async () => side.channel?.close())().catch(() => {});
      await stage.exam.restore?.();
      const [alice, bob] = await stage.pair();
      await stage.tell(alice, [bob]);
    },
  },
  {
    name: 'opens again and again',
    examine: async (stage: Stage) => {
      const bob = await stage.join('bob', 1);
      for (let i = 0; i < AGAIN_AND_AGAIN; i++) {
        const alice = await stage.join('alice', 0);
        await stage.tell(alice, [bob]);
        await alice.channel?.close();
      }
    },
  },
  {
    name: 'serves two sessions with one recipe',
    examine: async (stage: Stage) => {
      const bob = await stage.join('bob', 1);
      const [alice, carol] = [await stage.join('alice', 0), await stage.join('carol', 0)];
      await stage.tell(bob, [alice], { to: 'alice' });
      await alice.channel?.close();
      await stage.tell(bob, [carol], { to: 'carol' });
      await stage.tell(carol, [bob], { to: 'bob' });
    },
  },
  {
    name: 'leaves nothing behind',
    skip: ({ held }) => (held ? undefined : 'the setup gives no `held`'),
    examine: async (stage: Stage) => {
      const held = async (): Promise<number> => (await stage.exam.held?.()) ?? 0;
      const before = await held();
      for (let i = 0; i < AGAIN_AND_AGAIN / 2; i++) {
        const side = await stage.join('alice', 0);
        await side.channel?.close();
        await abortedOpening(stage, 'erin', 'during').catch(() => {}); // examined elsewhere
      }
      let after = 0;
      await stage.repeat(
        async () => {
          after = await held();
          return after <= before;
        },
        () => `${after - before} more are held than before, after everything was closed: they did not go`,
        'give back in close(), and on abort, all that connect() took: listeners, subscriptions, sockets, timers',
      );
    },
  },
];
