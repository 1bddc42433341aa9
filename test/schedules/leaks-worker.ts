// Opens and closes calls in one process, or one call whose connections come and go, and looks at what is left. Started with `--expose-gc`.
import { type SessionPair, sessionPair, simulate } from 'peer-session/testing';

/** One call with media and channels, from start to close. */
async function call(seed: number): Promise<string[]> {
  const pair = sessionPair({
    seed,
    personality: seed % 2 ? 'chromium' : 'firefox',
    both: { media: { audio: true, video: true } },
  });
  const { alice, bob, clock } = pair;
  const chat = bob.session.channel('chat', { resume: true });
  let heard = 0;
  chat.onMessage(() => heard++);
  await pair.start();
  await clock.until(alice.session.channel('chat', { resume: true }).send('hello'));
  await clock.advance(200);
  const wrong = heard === 1 ? [] : [`call ${seed}: ${heard} messages heard`];
  await pair.close();
  for (const { peerId, platform } of [alice, bob]) {
    const { connections, timers, listeners, pageListeners, liveTracks } = platform.census;
    const left = { connections: connections.length, timers, listeners, pageListeners, liveTracks };
    for (const [what, count] of Object.entries(left)) if (count > 0) wrong.push(`call ${seed}: ${peerId} left ${count} ${what}`);
  }
  await clock.runUntilIdle();
  if (clock.pending > 0) wrong.push(`call ${seed}: ${clock.pending} timers wait`);
  return wrong;
}

/** Bytes in use after everything that can be collected was. */
async function heapBytes(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** The ways in which alice loses her connection, in turn. */
const ENDS: readonly ((pair: SessionPair) => Promise<void>)[] = [
  async ({ alice }) => alice.session.connection?.close(),
  async ({ bob }) => void simulate(bob, 'peer-reload'),
  async ({ alice, clock }) => {
    const heal = simulate(alice, 'ice-failure');
    await clock.advance(8_000);
    heal();
  },
];

/** One call for all cycles: each of them ends its connection. */
async function oneCall(): Promise<(cycle: number) => Promise<string[]>> {
  const pair = sessionPair({ both: { media: { audio: true, video: true } } });
  const { alice, bob, clock, bus } = pair;
  const chat = alice.session.channel('chat', { resume: true });
  await pair.start();
  await clock.advance(60_000); // the time limits of start() have run out
  return async (cycle) => {
    const old = alice.session.connection;
    await ENDS[cycle % ENDS.length]?.(pair);
    await clock.until(chat.send('hello'));
    await clock.advance(12_000);
    // The kit writes down all events and messages: that is what it is for.
    for (const record of [alice.log.events, bob.log.events, bus.sent]) (record as unknown[]).length = 0;
    const { connections, timers, listeners, pageListeners, liveTracks } = alice.platform.census;
    const has = [connections.length, timers, listeners, pageListeners, liveTracks].join();
    const { status } = alice.session.state;
    const fine = status === 'connected' && alice.session.connection !== old && has === '1,1,6,1,2';
    return fine ? [] : [`cycle ${cycle}: ${status}, alice has ${has}`];
  };
}

interface Wish {
  readonly what: 'calls' | 'connections';
  readonly cycles: number;
  readonly warmUp: number;
}

async function play({ what, cycles, warmUp }: Wish): Promise<void> {
  const wrong: string[] = [];
  const one = what === 'calls' ? call : await oneCall();
  let before = 0;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    wrong.push(...(await one(cycle)));
    if (cycle === warmUp) before = await heapBytes();
  }
  process.send?.({ wrong, before, after: await heapBytes() });
}

process.on('message', (wish: Wish) => void play(wish));
