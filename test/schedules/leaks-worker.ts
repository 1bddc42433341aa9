// Opens and closes calls in one process and looks at what is left. Started with `--expose-gc`.
import { sessionPair } from 'peer-session/testing';

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

async function play({ cycles, warmUp }: { cycles: number; warmUp: number }): Promise<void> {
  const wrong: string[] = [];
  let before = 0;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    wrong.push(...(await call(cycle)));
    if (cycle === warmUp) before = await heapBytes();
  }
  process.send?.({ wrong, before, after: await heapBytes() });
}

process.on('message', (wish: { cycles: number; warmUp: number }) => void play(wish));
