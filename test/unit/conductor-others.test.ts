import { describe, expect, it } from 'vitest';
import { sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';
import { changesOf, statusesOf, third, warningsOf } from './pair-words.js';

describe('others on the channel', () => {
  it('a third one is told so, and disturbs nobody', async () => {
    const pair = sessionPair();
    await pair.start();
    const carol = third(pair);
    const told: string[] = [];
    carol.on('warning', ({ error }) => told.push(error.code));
    await expect(pair.clock.until(carol.start())).rejects.toMatchObject({ code: 'peer-timeout' });
    expect(told).toContain('peer-busy');
    for (const side of [pair.alice, pair.bob]) {
      expect(statusesOf(side)).toEqual(['signaling', 'connecting', 'connected']);
      expect(side.platform.census.connections.length).toBe(1);
    }
    await pair.close();
  });

  it('somebody else under our own peer id: a warning, and the call goes on', async () => {
    const pair = sessionPair();
    await pair.start();
    pair.bus.inject({ v: 1, from: 'alice', me: 'f'.repeat(32), epoch: 1, kind: 'hello' }, 'alice');
    await pair.clock.advance(100);
    expect(warningsOf(pair.alice)).toEqual(['peer-id-taken']);
    expect(pair.alice.session.state.status).toBe('connected');
    await pair.close();
  });

  it('a duplicated tab under our own peer id: the call goes over to it once, and ours is closed when nobody comes back', async () => {
    const pair = sessionPair();
    await pair.start();
    const copy = third(pair, 'alice');
    await pair.clock.until(copy.start());
    await pair.clock.advance(60_000);
    expect(warningsOf(pair.alice)).toEqual(['peer-id-taken']);
    expect(pair.alice.session.state).toEqual({ status: 'closed', by: 'remote', reason: 'left' });
    expect(changesOf(pair.bob)).toEqual(['alice joined', 'alice restarted']);
    for (const { state } of [copy, pair.bob.session]) expect(state.status).toBe('connected');
    await Promise.all([copy.close(), pair.close()]);
  });

  it('an unaddressed goodbye of a stranger ends nothing', async () => {
    const pair = sessionPair();
    await pair.start();
    pair.bus.inject({ v: 1, from: 'bob', me: 'f'.repeat(32), epoch: 1, kind: 'bye', reason: 'closed' }, 'alice');
    await pair.clock.advance(1000);
    expect(pair.alice.session.state.status).toBe('connected');
    await pair.close();
  });
});

describe('the timeline', () => {
  it('says whose candidates they are, by type and without addresses', async () => {
    const pair = sessionPair();
    await pair.start();
    await pair.clock.advance(100);
    const { timeline } = pair.alice.session;
    expect(timeline).toContainEqual(expect.objectContaining({ stage: 'ice', what: 'candidate found', detail: 'host' }));
    expect(timeline).toContainEqual(expect.objectContaining({ stage: 'ice', what: 'candidates received', detail: 'host' }));
    expect(JSON.stringify(timeline)).not.toMatch(/\d+\.\d+\.\d+\.\d+|ufrag|\.local/);
    await pair.close();
  });
});

describe('the signaling channel', () => {
  it('is lost while connected: a warning, nothing else; what was to be said is said when it is back', async () => {
    const pair = sessionPair({ both: { media: { video: true } } });
    await pair.start();
    const restore = simulate(pair.alice, 'signaling-loss');
    await pair.clock.advance(100);
    pair.alice.session.media.mute('camera');
    await pair.clock.advance(5000);
    expect(warningsOf(pair.alice)).toEqual(['signaling-lost']);
    expect(pair.bob.session.remote.get('camera')?.muted).toBe(false);
    restore();
    pair.alice.platform.page('online');
    await pair.clock.advance(50);
    expect(pair.bob.session.remote.get('camera')?.muted).toBe(true);
    expect(statusesOf(pair.alice)).not.toContain('reconnecting');
    await pair.close();
  });

  it.each(['pageshow', 'resume', 'visible', 'online', 'network'] as const)('"%s" opens it at once', async (event) => {
    const pair = sessionPair();
    void pair.alice.session.start().catch(() => {});
    await pair.clock.advance(100);
    pair.bus.cut('alice');
    // Long enough for the waits between attempts to have grown.
    await pair.clock.advance(10_000);
    pair.bus.restore('alice');
    pair.alice.platform.page(event);
    await pair.clock.advance(5);
    expect(pair.bus.present).toEqual(['alice']);
    await pair.alice.session.close();
  });

  it('after "pagehide" not a word more is said, until the page is shown again', async () => {
    const pair = sessionPair();
    await pair.start();
    const { sent } = pair.bus;
    pair.alice.platform.page('pagehide');
    await pair.clock.advance(0);
    const after = sent.length;
    expect(sent.filter(({ from }) => from === 'alice').at(-1)?.message).toMatchObject({ kind: 'bye', reason: 'unload' });
    await pair.clock.advance(3000);
    expect(sent.slice(after).filter(({ from }) => from === 'alice')).toEqual([]);
    // Out of the back/forward cache: the call goes on.
    pair.alice.platform.page('pageshow');
    await pair.clock.advance(5000);
    expect([pair.alice.session.state.status, pair.bob.session.state.status]).toEqual(['connected', 'connected']);
    await pair.close();
  });
});
