import { afterEach, describe, expect, it } from 'vitest';
import { Recorder } from '../unit/transports/recorder.js';
import { type Meeting, SETUPS } from './transport-setups.js';

let meeting: Meeting | undefined;
const sides: Recorder[] = [];
afterEach(async () => {
  await Promise.all(sides.splice(0).map((side) => side.close()));
  await meeting?.end();
  meeting = undefined;
});

/** A side of the present meeting, connected. */
async function join(side: number, peerId: string): Promise<Recorder> {
  const transport = meeting?.transports[side];
  if (!transport) throw new Error(`there is no side ${side}`);
  const recorder = await new Recorder(peerId).connect(transport);
  sides.push(recorder);
  return recorder;
}

/** What bare buses bring of our own is dropped by the session. */
const fromOthers = ({ told, peerId }: Recorder): unknown[] =>
  told.flatMap((one) => (one.what === 'message' && one.data['from'] !== peerId ? [one.data['reason']] : []));

describe.each(SETUPS)('$name', ({ meet, presence }) => {
  it('carries both ways, as it was said', async () => {
    meeting = await meet();
    const [a, b] = [await join(0, 'a'), await join(1, 'b')];
    const said = {
      kind: 'offer',
      id: 'o1',
      sdp: `v=0\r\n${'a=ü€🦊\r\n'.repeat(20_000)}`,
      mids: { 0: 'camera' },
      media: {},
      reason: 'offer',
      later: { x: [1, null] },
    };
    await a.send(said);
    expect(await b.heard('offer')).toEqual({ v: 1, from: 'a', me: 'a-1', epoch: 1, seq: 0, ack: 0, ...said });
    await b.send({ reason: 'back', to: 'a' });
    expect(await a.heard('back')).toMatchObject({ from: 'b', to: 'a' });
  });

  it('delivers each of many', async () => {
    meeting = await meet();
    const [a, b] = [await join(0, 'a'), await join(1, 'b')];
    const all = Array.from({ length: 300 }, (_, i) => `message ${i}`);
    await Promise.all(all.flatMap((reason) => [a.send({ reason }), b.send({ reason, to: 'a' })]));
    await Promise.all(all.flatMap((reason) => [a.heard(reason), b.heard(reason)]));
    for (const side of [a, b]) {
      expect(new Set(fromOthers(side))).toEqual(new Set(all));
      expect(fromOthers(side)).toHaveLength(all.length);
    }
  });

  it('never calls back while it is being called', async () => {
    meeting = await meet();
    const [a, b] = [await join(0, 'a'), await join(1, 'b')];
    let sending = true;
    const during: boolean[] = [];
    b.watch(() => during.push(sending));
    const sent = a.channel?.send({ v: 1, from: 'a', me: 'a1', epoch: 1, seq: 0, ack: 0, kind: 'bye', reason: 'now' });
    sending = false;
    await sent;
    await b.heard('now');
    expect(during).not.toContain(true);
  });

  it('is silent after close, which may be said twice, and then refuses to send', async () => {
    meeting = await meet();
    const [a, b] = [await join(0, 'a'), await join(1, 'b')];
    await a.close();
    await a.close();
    const heard = a.told.length;
    await expect(a.send()).rejects.toThrow();
    // Another session on the same recipe hears it; by then the closed one would have.
    const again = await join(0, 'a2');
    await b.send({ reason: 'who is there?' });
    await again.heard('who is there?');
    expect(a.told.length).toBe(heard);
  });

  it('rejects at once when aborted, and opens later all the same', async () => {
    meeting = await meet();
    for (const when of ['before', 'during']) {
      const early = new Recorder('a');
      if (when === 'before') early.life.abort();
      const opening = early.connect(meeting.transports[0] as never);
      early.life.abort();
      // One that opens within the call had no time to be aborted.
      const outcome = await opening.then(
        () => 'open',
        () => 'aborted',
      );
      if (when === 'before') expect(outcome).toBe('aborted');
      await early.close();
    }
    const [a, b] = [await join(0, 'a'), await join(1, 'b')];
    await b.send({ reason: 'hi' });
    await a.heard('hi');
  });

  it('can be opened again and again', async () => {
    meeting = await meet();
    const b = await join(1, 'b');
    for (let i = 0; i < 30; i++) {
      const a = await join(0, 'a');
      await a.send({ reason: `life ${i}` });
      await b.heard(`life ${i}`);
      await a.close();
    }
    const reasons = fromOthers(b);
    expect(new Set(reasons).size).toBe(reasons.length);
  });

  it.runIf(presence)('tells who is there: the whole list, first before it opens', async () => {
    meeting = await meet();
    const a = await join(0, 'a');
    expect(a.told).toEqual([{ what: 'peers', present: [] }]);
    const b = await join(1, 'b');
    expect(b.told[0]).toEqual({ what: 'peers', present: ['a'] });
    const c = await join(2, 'c');
    await Promise.all([a.sees('b', 'c'), b.sees('a', 'c'), c.sees('a', 'b')]);
    await b.close();
    await Promise.all([a.untilSees('c'), c.untilSees('a')]);
  });
});

describe.each(SETUPS.filter(({ name }) => name !== 'messagePort'))('$name, with a third', ({ meet }) => {
  it('brings what is addressed to all to all, and what is addressed to one to that one at least', async () => {
    meeting = await meet();
    const [a, b, c] = [await join(0, 'a'), await join(1, 'b'), await join(2, 'c')];
    await a.send({ reason: 'to b', to: 'b' });
    await a.send({ reason: 'to all' });
    await Promise.all([b.heard('to b'), b.heard('to all'), c.heard('to all')]);
  });
});
