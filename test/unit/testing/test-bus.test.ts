import { type BusFaults, createTestBus, createVirtualClock, type TestBus, type VirtualClock } from 'peer-session/testing';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../transports/recorder.js';

interface Place {
  readonly clock: VirtualClock;
  readonly bus: TestBus;
  readonly alice: Recorder;
  readonly bob: Recorder;
}

async function place(options: { faults?: Partial<BusFaults>; presence?: boolean } = {}): Promise<Place> {
  const clock = createVirtualClock();
  const bus = createTestBus({ clock, seed: 5, ...options });
  const join = (peerId: string): Promise<Recorder> => clock.until(new Recorder(peerId).connect(bus.transport));
  return { clock, bus, alice: await join('alice'), bob: await join('bob') };
}

const HUNDRED = Array.from({ length: 100 }, (_, i) => `message ${i}`);

describe('the test bus', () => {
  it.each<[string, Partial<BusFaults>, (heard: unknown[], echoed: unknown[]) => boolean]>([
    ['nothing', {}, (heard, echoed) => heard.join() === HUNDRED.join() && echoed.length === 0],
    ['all of it', { loss: 1 }, (heard) => heard.length === 0],
    ['a half of it', { loss: 0.5 }, (heard) => heard.length > 25 && heard.length < 75],
    [
      'the order',
      { delayMs: [1, 200] },
      (heard) => heard.join() !== HUNDRED.join() && heard.length === 100 && new Set(heard).size === 100,
    ],
    ['nothing, but says all of it twice', { repeat: 1 }, (heard) => heard.length === 200 && new Set(heard).size === 100],
    ['nothing, but echoes', { echo: 1 }, (heard, echoed) => heard.length === 100 && echoed.length === 100],
  ])('loses %s', async (_, faults, holds) => {
    const { clock, alice, bob } = await place();
    const rough = await place({ faults });
    for (const reason of HUNDRED) await Promise.all([alice.send({ reason }), rough.alice.send({ reason })]);
    await clock.advance(2_000);
    await rough.clock.advance(2_000);
    expect(bob.reasons).toEqual(HUNDRED);
    expect(holds(rough.bob.reasons, rough.alice.reasons)).toBe(true);
    expect(rough.bus.sent.map(({ from }) => from)).toEqual(HUNDRED.map(() => 'alice'));
  });

  it('lets strangers speak', async () => {
    const { clock, bus, alice } = await place({ faults: { stranger: 1 } });
    let heard = 0;
    const life = new AbortController();
    const receive = (): void => void heard++;
    const nothing = (): void => undefined;
    await clock.until(
      Promise.resolve(bus.transport.connect({ peerId: 'carol', signal: life.signal, receive, peers: nothing, lost: nothing })),
    );
    bus.vanish('bob');
    bus.hold('alice'); // a recorder cannot read what strangers say
    await alice.send({ reason: 'to all' });
    await clock.advance(100);
    expect(heard).toBe(2);
  });

  it('is cut and restored for one side', async () => {
    const { clock, bus, alice, bob } = await place({ presence: true });
    bus.cut('alice');
    await clock.until(alice.lost());
    await expect(alice.send()).rejects.toThrow('The carrier is down.');
    await clock.until(bob.untilSees());
    await expect(clock.until(new Recorder('alice').connect(bus.transport))).rejects.toThrow('The carrier is down.');
    bus.restore('alice');
    await clock.until(new Recorder('alice').connect(bus.transport));
    await clock.until(bob.untilSees('alice'));
    expect(bus.present).toEqual(['bob', 'alice']);
  });

  it('holds what is for a sleeping page, and forgets one that vanished', async () => {
    const { clock, bus, alice, bob } = await place();
    bus.hold('bob');
    await alice.send({ reason: 'while you slept' });
    await clock.advance(1_000);
    expect(bob.reasons).toEqual([]);
    bus.release('bob');
    await clock.until(bob.heard('while you slept'));
    bus.vanish('bob');
    await alice.send({ reason: 'anybody?' });
    await clock.advance(1_000);
    expect(bob.reasons).toEqual(['while you slept']);
    expect(bus.channels).toBe(1);
  });

  it('injects to one, or to all', async () => {
    const { clock, bus, alice, bob } = await place();
    bus.inject({ reason: 'to bob' }, 'bob');
    bus.inject({ reason: 'to all' });
    await clock.advance(10);
    expect([alice.reasons, bob.reasons]).toEqual([['to all'], ['to bob', 'to all']]);
  });
});
