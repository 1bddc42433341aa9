import { describe, expect, it } from 'vitest';
import type { SignalMessage } from '../../../src/signaling/message.js';
import type { PairSide, SessionPair } from '../../../src/testing/session-pair.js';
import { sessionPair } from '../../../src/testing/session-pair.js';
import { statusesOf, untilStatus, warningsOf } from '../pair-words.js';

const remoteNames = ({ session }: PairSide): string[] =>
  session.remote
    .list()
    .map(({ name }) => name)
    .sort();

/** The numbered words about descriptions since `from`, as `who kind`, repeats left out. */
function exchange({ bus }: SessionPair, from = 0): string[] {
  const seen = new Set<string>();
  return bus.sent.slice(from).flatMap(({ from: who, message: { kind, epoch, seq } }) => {
    const key = `${who} ${epoch} ${seq}`;
    if (seq === 0 || seen.has(key) || !/^(offer|answer|want|grant)$/.test(kind)) return [];
    seen.add(key);
    return [`${who} ${kind}`];
  });
}

/** A track of this kind that belongs to nobody. */
async function trackOf({ platform, clock }: PairSide, kind: 'video' | 'audio'): Promise<MediaStreamTrack> {
  const stream = await clock.until(platform.mediaDevices.getUserMedia({ [kind]: true }));
  return stream.getTracks()[0] as MediaStreamTrack;
}

/** Who answered the last offer, and so holds the turn; and the other. */
function byTurn(pair: SessionPair): { holder: PairSide; asker: PairSide } {
  const last = pair.bus.sent.findLast(({ message }) => message.kind === 'answer');
  return last?.from === 'alice' ? { holder: pair.alice, asker: pair.bob } : { holder: pair.bob, asker: pair.alice };
}

describe('the turn', () => {
  it('the holder offers at once', async () => {
    const pair = sessionPair();
    await pair.start();
    const { holder, asker } = byTurn(pair);
    const track = await trackOf(holder, 'video');
    const from = pair.bus.sent.length;
    await holder.session.media.publish('camera', track);
    await pair.clock.until(asker.log.waitFor('track'));
    await pair.clock.advance(50);
    expect(exchange(pair, from)).toEqual([`${holder.peerId} offer`, `${asker.peerId} answer`]);
    await pair.close();
  });

  it('the other asks, is granted it, and offers', async () => {
    const pair = sessionPair();
    await pair.start();
    const { holder, asker } = byTurn(pair);
    const track = await trackOf(asker, 'video');
    const from = pair.bus.sent.length;
    await asker.session.media.publish('camera', track);
    await pair.clock.until(holder.log.waitFor('track'));
    await pair.clock.advance(50);
    const { peerId } = asker;
    expect(exchange(pair, from)).toEqual([
      `${peerId} want`,
      `${holder.peerId} grant`,
      `${peerId} offer`,
      `${holder.peerId} answer`,
    ]);
    await pair.close();
  });

  it('both want something: one after the other, offers never cross', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const pair = sessionPair({ seed, faults: { delayMs: [20, 80] } });
      await pair.start();
      const { holder, asker } = byTurn(pair);
      const tracks = [await trackOf(holder, 'video'), await trackOf(asker, 'audio')] as const;
      const from = pair.bus.sent.length;
      await Promise.all([asker.session.media.publish('stage', tracks[1]), holder.session.media.publish('desk', tracks[0])]);
      await pair.clock.advance(2000);
      expect([remoteNames(holder), remoteNames(asker)]).toEqual([['stage'], ['desk']]);
      const words = exchange(pair, from).filter((word) => /offer|answer/.test(word));
      // Each offer is answered before the next is made.
      expect(words.map((word) => word.split(' ')[1])).toEqual(['offer', 'answer', 'offer', 'answer']);
      expect(statusesOf(holder)).not.toContain('reconnecting');
      await pair.close();
    }
  });

  it('many changes on both sides, in any order of arrival, end with what was wanted', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const pair = sessionPair({ seed, faults: { delayMs: [1, 150], repeat: 0.3, loss: 0.1 } });
      await pair.start();
      const names = { alice: ['camera', 'a1', 'a2'], bob: ['microphone', 'b1', 'b2'] };
      for (const side of [pair.alice, pair.bob]) {
        for (const name of names[side.peerId as 'alice']) {
          void side.session.media.publish(name, await trackOf(side, name === 'microphone' ? 'audio' : 'video'));
        }
      }
      await pair.clock.advance(20_000);
      await pair.alice.session.media.remove('a1');
      await pair.clock.advance(5000);
      expect(remoteNames(pair.bob), `seed ${seed}`).toEqual(['a2', 'camera']);
      expect(remoteNames(pair.alice), `seed ${seed}`).toEqual(['b1', 'b2', 'microphone']);
      expect(statusesOf(pair.alice)).not.toContain('reconnecting');
      expect([pair.alice.platform.census.connections.length, pair.bob.platform.census.connections.length]).toEqual([1, 1]);
      await pair.close();
    }
  });
});

describe('a restart of ICE', () => {
  it('by whoever, though Firefox answers with another role in DTLS than the one it has', async () => {
    for (const name of ['alice', 'bob'] as const) {
      for (const personality of [['chromium', 'firefox'] as const, ['firefox', 'chromium'] as const]) {
        const pair = sessionPair({ personality });
        await pair.start();
        const { session } = pair[name];
        const { connection } = session;
        session.restart();
        await pair.clock.advance(3000);
        expect([...warningsOf(pair.alice), ...warningsOf(pair.bob)]).toEqual([]);
        expect(session.connection).toBe(connection);
        expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
        await pair.close();
      }
    }
  });

  it('that both want at once is made once', async () => {
    const pair = sessionPair();
    await pair.start();
    const from = pair.bus.sent.length;
    pair.alice.session.restart();
    pair.bob.session.restart();
    await pair.clock.advance(3000);
    expect(exchange(pair, from).filter((word) => word.endsWith('offer'))).toHaveLength(1);
    await pair.close();
  });
});

describe('what is not to be taken', () => {
  /** A connected pair, and the last numbered word of this kind that bob said. */
  async function connected(
    kind: 'answer' | 'offer',
  ): Promise<{ pair: SessionPair; word: SignalMessage; from: PairSide; to: PairSide }> {
    const pair = sessionPair();
    await pair.start();
    const sent = pair.bus.sent.findLast(({ message }) => message.kind === kind);
    if (!sent) throw new Error(`no ${kind} was said`);
    const [from, to] = sent.from === 'alice' ? [pair.alice, pair.bob] : [pair.bob, pair.alice];
    return { pair, word: sent.message, from, to };
  }

  it('an answer to an offer that is not open', async () => {
    const { pair, word, from, to } = await connected('answer');
    const before = to.session.connection?.remoteDescription?.sdp;
    const last = pair.bus.sent.filter(({ from: who, message }) => who === from.peerId && message.seq > 0);
    const seq = Math.max(...last.map(({ message }) => message.seq)) + 1;
    pair.bus.inject({ ...word, seq, id: 'another' }, to.peerId);
    await pair.clock.advance(1000);
    expect(to.session.connection?.remoteDescription?.sdp).toBe(before);
    expect(to.session.connection?.signalingState).toBe('stable');
    expect(statusesOf(to)).not.toContain('reconnecting');
    await pair.close();
  });

  it('a repeat of an offer that was answered, under a new number', async () => {
    const { pair, word, from, to } = await connected('offer');
    const mine = pair.bus.sent.filter(({ from: who, message }) => who === from.peerId && message.seq > 0);
    const answers = pair.bus.sent.filter(({ message }) => message.kind === 'answer').length;
    pair.bus.inject({ ...word, seq: Math.max(...mine.map(({ message }) => message.seq)) + 1 }, to.peerId);
    await pair.clock.advance(200);
    expect(pair.bus.sent.filter(({ message }) => message.kind === 'answer').length).toBe(answers);
    expect(statusesOf(to)).not.toContain('reconnecting');
    await pair.close();
  });

  it('a description that the browser refuses: a warning, and a new connection', async () => {
    const { pair, from, to } = await connected('offer');
    const mine = pair.bus.sent.filter(({ from: who, message }) => who === from.peerId && message.seq > 0);
    const { message } = mine.at(-1) ?? {};
    const seq = Math.max(...mine.map((sent) => sent.message.seq)) + 1;
    pair.bus.inject({ ...message, kind: 'offer', id: 'broken', sdp: 'v=0\r\nnonsense', mids: {}, media: {}, seq }, to.peerId);
    await untilStatus(to, 'reconnecting');
    expect(to.session.state).toMatchObject({ reason: 'negotiation-failed' });
    await pair.clock.advance(5000);
    expect([to.session.state.status, from.session.state.status]).toEqual(['connected', 'connected']);
    await pair.close();
  });
});

describe('an engine that asks for ever', () => {
  it('is stopped: a new connection instead of an endless row of offers', async () => {
    const pair = sessionPair();
    await pair.start();
    const { holder } = byTurn(pair);
    const { connection } = holder.session;
    // What Chromium does after some rollbacks: the flag is set again by each exchange.
    connection?.addEventListener('signalingstatechange', () => {
      if (connection.signalingState === 'stable') connection.onnegotiationneeded?.(new Event('negotiationneeded'));
    });
    const from = pair.bus.sent.length;
    connection?.onnegotiationneeded?.(new Event('negotiationneeded'));
    await pair.clock.advance(10_000);
    const offers = pair.bus.sent.slice(from).filter(({ message }) => message.kind === 'offer').length;
    expect(offers).toBeGreaterThan(5);
    expect(offers).toBeLessThan(40);
    expect(holder.session.connection).not.toBe(connection);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    await pair.close();
  });
});
