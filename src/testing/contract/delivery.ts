import type { Side } from './side.js';
import { AGAIN_MS, BrokenRule, type Rule, type Stage, type TransportExam, textOf } from './stage.js';

const MESSAGE_BYTES = 65_536;
/** What a message has beside its description. */
const ENVELOPE_BYTES = 512;
const MANY = 100;

/** An offer with everything that a careless carrier mangles: line breaks, accents, signs beyond the basic plane, nesting, nulls. */
const OFFER = {
  kind: 'offer',
  id: 'offer-1',
  sdp: 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\na=ü€🦊 "quoted" \\ \u2028\t%20&amp;\r\n',
  mids: { 0: 'camera', 1: 'Mikrofon 🎤' },
  media: { camera: 'on' },
  unknown: { deep: [1, null, true, { x: '' }] },
};

/** The first field that did not arrive as it was said. */
function changed(said: Readonly<Record<string, unknown>>, heard: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(said).find((key) => !isSame(said[key], heard[key]));
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  const fields = b as Record<string, unknown>;
  return keys.length === Object.keys(b).length && keys.every((key) => isSame((a as Record<string, unknown>)[key], fields[key]));
}

async function carry(stage: Stage, from: Side, to: Side, said: Readonly<Record<string, unknown>>): Promise<void> {
  const mark = await stage.tell(from, [to], said);
  const field = changed({ v: 1, from: from.peerId, ...said, reason: mark }, to.message(mark) ?? {});
  if (field !== undefined)
    stage.fail(
      `the field "${field}" arrived changed`,
      'hand over JSON.stringify(message) as UTF-8, and look at nothing but `to`',
    );
}

const MAY_LOSE = ({ loses }: TransportExam): string | undefined =>
  loses ? 'the setup says that messages may be lost' : undefined;

/** What has to come out at the other end. */
export const DELIVERY: readonly Rule[] = [
  {
    name: 'carries messages both ways, as they were said',
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      await carry(stage, alice, bob, OFFER);
      await carry(stage, bob, alice, { ...OFFER, to: 'alice', you: 'instance-of-alice' });
    },
  },
  {
    name: 'carries a large message',
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      const line = 'a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n';
      const room = (stage.exam.messageBytes ?? MESSAGE_BYTES) - ENVELOPE_BYTES;
      const sdp = line.repeat(Math.max(Math.floor(room / JSON.stringify(line).length), 1));
      await carry(stage, alice, bob, { kind: 'offer', id: 'offer-1', sdp, mids: {}, media: {} });
    },
  },
  {
    name: 'delivers each of many messages sent at once',
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      await Promise.all([each(stage, alice, bob), each(stage, bob, alice)]);
    },
  },
  {
    name: 'brings a message to whom it is addressed, and one without address to everybody',
    examine: async (stage: Stage) => {
      // Two that listen at one end, so that the two ends of a port can be examined as well.
      const alice = await stage.join('alice', 1);
      const [bob, carol] = [await stage.join('bob', 0), await stage.join('carol', 0)];
      await stage.tell(alice, [bob], { to: 'bob' });
      await stage.tell(alice, [carol], { to: 'carol' });
      await stage.tell(alice, [bob, carol]);
    },
  },
  {
    name: 'lets the last word leave before it closes',
    skip: MAY_LOSE,
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      // As the session does it: the goodbye, and in the next microtask the end.
      const left = stage.deliver(alice, [bob], { kind: 'bye' }).catch((error: unknown) => {
        if (!(error instanceof BrokenRule)) return; // `send` said no, as it may
        stage.fail('what send() took right before close() was lost', LAST_WORD, error);
      });
      await Promise.resolve();
      alice.life.abort();
      await Promise.all([alice.channel?.close(), left]);
    },
  },
  {
    name: 'lets no message vanish after close',
    skip: MAY_LOSE,
    examine: async (stage: Stage) => {
      const [alice, bob] = await stage.pair();
      await alice.channel?.close();
      // A rejection is right, and so is a message that arrives.
      await stage.deliver(alice, [bob]).catch((error: unknown) => {
        if (!(error instanceof BrokenRule)) return;
        stage.fail(
          'send() accepted a message after close(), and nobody heard it',
          'let send() throw or reject once it is closed',
        );
      });
    },
  },
];

const LAST_WORD = 'close in order (a closing handshake, no tearing down), on the abort of an open channel too';

/** Sends many at once. What `send` refuses is tried again: to refuse is a carrier's right, to forget is not. */
async function each(stage: Stage, from: Side, to: Side): Promise<void> {
  const all = Array.from({ length: MANY }, () => stage.mark());
  const refused = new Map<string, unknown>();
  const say = (mark: string): void => {
    refused.delete(mark);
    from.send({ to: to.peerId, reason: mark }).catch((error: unknown) => refused.set(mark, error));
  };
  const missing = (): string[] => all.filter((mark) => to.message(mark) === undefined);
  for (const mark of all) say(mark);
  const again = setInterval(() => {
    for (const mark of missing()) if (stage.exam.loses || refused.has(mark)) say(mark);
  }, AGAIN_MS);
  const seen = (): string => {
    const [refusal] = refused.values();
    const why = refused.size > 0 ? `, ${refused.size} of them were refused (${textOf(refusal)})` : '';
    return `${missing().length} of ${MANY} did not arrive${why}`;
  };
  try {
    await stage.within(
      to.until(() => missing().length === 0),
      seen,
      'keep each message until it is handed over (a queue, not one slot), and reject what cannot be',
    );
  } finally {
    clearInterval(again);
  }
}
