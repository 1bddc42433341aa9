import { describe, expect, it } from 'vitest';
import type { DataChannel } from '../../../src/channels/data-channel.js';
import type { PairSide } from '../../../src/testing/session-pair.js';
import { sessionPair } from '../../../src/testing/session-pair.js';
import { hearing, spy, statusesOf, warningsOf } from '../pair-words.js';

const announced = (side: PairSide): string[] =>
  side.log.events.flatMap(({ type, event }) => (type === 'channel' ? [event.name] : []));
const NAMES = ['chat', 'file', 'late'];

describe('opening', () => {
  it.each<[name: string, alice: 'before' | 'after' | 'never', bob: 'before' | 'after' | 'never', announcedTo: string[]]>([
    ['both before the start', 'before', 'before', []],
    ['both on a live connection, in the same moment', 'after', 'after', []],
    ['one before, the other after', 'before', 'after', ['bob']],
    ['the other before, one after', 'after', 'before', ['alice']],
    ['one alone, before', 'before', 'never', ['bob']],
    ['one alone, after', 'after', 'never', ['bob']],
    ['the other alone, after', 'never', 'after', ['alice']],
  ])('%s: one channel, both ways', async (_, aliceWhen, bobWhen, announcedTo) => {
    for (const seed of [1, 2, 3]) {
      const pair = sessionPair({ seed });
      const { alice, bob, clock } = pair;
      for (const [side, when] of [
        [alice, aliceWhen],
        [bob, bobWhen],
      ] as const)
        if (when === 'before') side.session.channel('chat');
      await pair.start();
      await clock.advance(20);
      for (const [side, when] of [
        [alice, aliceWhen],
        [bob, bobWhen],
      ] as const)
        if (when === 'after') side.session.channel('chat');
      await clock.advance(50);
      const told = [alice, bob].filter((side) => announced(side).length > 0).map(({ peerId }) => peerId);
      expect(told).toEqual(announcedTo);
      const [a, b] = [alice.session.channel('chat'), bob.session.channel('chat')];
      const [atAlice, atBob] = [hearing(a), hearing(b)];
      await clock.until(Promise.all([a.send('from alice'), b.send('from bob')]));
      await clock.advance(50);
      expect([a.state, b.state, atAlice, atBob]).toEqual(['open', 'open', ['from bob'], ['from alice']]);
      await pair.close();
    }
  });

  it('the same name is the same channel; another name is another', async () => {
    const { alice } = sessionPair();
    const chat = alice.session.channel('chat');
    expect(alice.session.channel('chat')).toBe(chat);
    expect(alice.session.channel('file')).not.toBe(chat);
    await alice.session.close();
    await expect(chat.opened).rejects.toMatchObject({ code: 'channel-closed' });
  });

  it('what came before the app asked for the channel waits for it', async () => {
    const pair = sessionPair();
    const chat = pair.alice.session.channel('chat');
    await pair.start();
    await pair.clock.until(Promise.all(['one', 'two', 'three'].map((text) => chat.send(text))));
    await pair.clock.until(pair.bob.log.waitFor('channel'));
    await pair.clock.advance(100);
    expect(hearing(pair.bob.session.channel('chat'))).toEqual(['one', 'two', 'three']);
    await pair.close();
  });

  it('many channels at once do not mix', async () => {
    const pair = sessionPair();
    const sent = NAMES.map((name) => pair.alice.session.channel(name).send(name));
    const heard = NAMES.map((name) => hearing(pair.bob.session.channel(name)));
    await pair.start();
    await pair.clock.until(Promise.all(sent));
    await pair.clock.advance(50);
    expect(heard).toEqual(NAMES.map((name) => [name]));
    await pair.close();
  });

  it.each([
    ['', {}],
    // The types allow one of them only; JavaScript does not.
    ['chat', { maxRetransmits: 0, maxPacketLifeTime: 0 } as object],
  ])('channel(%j, %j) is refused', async (name, options) => {
    const { alice } = sessionPair();
    expect(() => alice.session.channel(name, options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    await alice.session.close();
    expect(() => alice.session.channel('chat')).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});

describe('closing', () => {
  it('on one side closes both, after what was sent before', async () => {
    for (const side of ['alice', 'bob'] as const) {
      const pair = sessionPair();
      const other = side === 'alice' ? pair.bob : pair.alice;
      const [here, there] = [pair[side].session.channel('chat'), other.session.channel('chat')];
      const heard = hearing(there);
      await pair.start();
      // Packets overtake each other, so the word that closes it comes before what it is about.
      pair[side].host.faults.jitterMs = 60;
      await pair.clock.until(Promise.all(Array.from({ length: 50 }, (_, i) => here.send(`${i}`))));
      here.close();
      await pair.clock.advance(6000);
      expect(heard.length).toBe(50);
      expect([here.state, there.state]).toEqual(['closed', 'closed']);
      await expect(there.send('late')).rejects.toMatchObject({ code: 'channel-closed' });
      // No trouble: it was asked for.
      expect(statusesOf(other)).not.toContain('reconnecting');
      await pair.close();
    }
  });

  it('leaves the name free for a new one', async () => {
    const pair = sessionPair();
    const first = pair.alice.session.channel('chat');
    pair.bob.session.channel('chat');
    await pair.start();
    await pair.clock.until(first.opened);
    first.close();
    await pair.clock.advance(1000);
    const second = pair.alice.session.channel('chat');
    const heard = hearing(pair.bob.session.channel('chat'));
    expect(second).not.toBe(first);
    await pair.clock.until(second.send('again'));
    await pair.clock.advance(50);
    expect(heard).toEqual(['again']);
    await pair.close();
  });

  it.each(['alice', 'bob'] as const)(
    'by %s right after opening: closed on both sides, though packets overtake each other',
    async (side) => {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const pair = sessionPair({ seed });
        const other = side === 'alice' ? pair.bob : pair.alice;
        await pair.start();
        await pair.clock.advance(500);
        for (const { host } of [pair.alice, pair.bob]) host.faults.jitterMs = 60;
        const seen: DataChannel[] = [];
        other.session.on('channel', ({ name }) => seen.push(other.session.channel(name)));
        const brief = pair[side].session.channel('brief');
        await pair.clock.advance(seed * 10);
        brief.close();
        await pair.clock.advance(8000);
        expect(seen.filter(({ state }) => state !== 'closed')).toEqual([]);
        expect([statusesOf(pair.alice), statusesOf(pair.bob)].flat()).not.toContain('reconnecting');
        const next = pair[side].session.channel('next');
        await pair.clock.until(next.opened);
        expect(next.state).toBe('open');
        await pair.close();
      }
    },
  );

  it.each(['alice', 'bob'] as const)('by %s, and another opened at once, while packets are lost: nothing mixes', async (side) => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const pair = sessionPair({ seed });
      const other = side === 'alice' ? pair.bob : pair.alice;
      const names = ['one', 'two', 'three', 'four'];
      const heard = names.map((name) => hearing(other.session.channel(name)));
      await pair.start();
      for (const { host } of [pair.alice, pair.bob]) host.faults.loss = 0.2;
      for (const name of names) {
        const channel = pair[side].session.channel(name);
        await pair.clock.until(channel.send(name), 20_000);
        channel.close();
      }
      await pair.clock.advance(20_000);
      expect(heard).toEqual(names.map((name) => [name]));
      await pair.close();
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 8])('by one, by the other %i ms later: the name is free for a new one', async (ms) => {
    const { alice, bob, clock, ...pair } = sessionPair();
    const old = [alice, bob].map(({ session }) => session.channel('chat'));
    await pair.start();
    await clock.until(Promise.all(old.map(({ opened }) => opened)));
    old[0]?.close();
    await clock.advance(ms);
    old[1]?.close();
    const [a, b] = [alice, bob].map(({ session }) => session.channel('chat'));
    await clock.until(Promise.all([a?.opened, b?.opened]));
    await clock.advance(10_000);
    expect([a?.state, b?.state, warningsOf(alice), statusesOf(bob).at(-1)]).toEqual(['open', 'open', [], 'connected']);
    await pair.close();
  });

  it('without a word, while everything else works, is trouble', async () => {
    const pair = sessionPair();
    const chat = pair.alice.session.channel('chat');
    pair.bob.session.channel('chat');
    const raw: RTCDataChannel[] = [];
    for (const side of [pair.alice, pair.bob]) {
      spy(side, 'chat', raw);
    }
    await pair.start();
    await pair.clock.until(chat.opened);
    raw.find(({ readyState }) => readyState === 'open')?.close();
    await pair.clock.until(
      pair.alice.log.waitFor('statechange', ({ state }) => state.status === 'reconnecting'),
      10_000,
    );
    expect(pair.alice.session.state).toMatchObject({ reason: 'transport-closed' });
    // Both are connected anew, with the channel.
    await pair.clock.advance(10_000);
    expect([pair.alice.session.state.status, chat.state]).toEqual(['connected', 'open']);
    await pair.close();
  });
});
