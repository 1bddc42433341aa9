import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.js';
import type { SignalingContext, SignalingTransport } from '../../src/signaling/transport.js';
import { sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';
import { third } from './pair-words.js';

/** A door that can be shut: it throws out who is inside, and lets nobody in. */
function door(inner: SignalingTransport): {
  transport: SignalingTransport;
  shut(code: 'signaling-refused' | 'peer-id-taken'): void;
  open(): void;
} {
  let error: SessionError | undefined;
  let inside: SignalingContext | undefined;
  return {
    transport: {
      name: 'door',
      async connect(context) {
        if (error) throw error;
        inside = context;
        return inner.connect(context);
      },
    },
    shut(code) {
      error = new SessionError(code, 'token expired');
      inside?.lost(error);
    },
    open() {
      error = undefined;
    },
  };
}

describe('the server refuses a session', () => {
  const call = () => {
    const pair = sessionPair({ both: { media: { video: true } } });
    const guarded = door(pair.bus.transport);
    const carol = third(pair, 'carol', guarded.transport);
    const told: string[] = [];
    carol.on('statechange', ({ state }) => told.push(state.status));
    carol.on('warning', ({ error }) => told.push(error.code));
    carol.on('signalingchange', ({ signaling }) => told.push(`signaling ${signaling}`));
    return { pair, guarded, carol, told };
  };

  it('before there is a call: the end', async () => {
    const { pair, guarded, carol } = call();
    guarded.shut('signaling-refused');
    await expect(pair.clock.until(carol.start())).rejects.toMatchObject({ code: 'signaling-refused', message: 'token expired' });
    expect(carol.state.status).toBe('failed');
  });

  it('in a call: it goes on, and what was said meanwhile comes once the server lets it in again', async () => {
    const { pair, guarded, carol, told } = call();
    await pair.clock.until(Promise.all([carol.start(), pair.bob.session.start()]));
    told.length = 0;
    const { connection } = carol;
    guarded.shut('signaling-refused');
    pair.bob.session.media.mute('camera');
    await pair.clock.advance(60_000);
    expect(told.filter((word) => word !== 'signaling-refused')).toEqual(['signaling lost']);
    expect(told.length).toBeGreaterThan(5);
    expect(carol.remote.get('camera')?.muted).toBe(false);
    guarded.open();
    await pair.clock.advance(9_000);
    expect(told.at(-1)).toBe('signaling open');
    expect(carol.remote.get('camera')?.muted).toBe(true);
    expect(carol.connection).toBe(connection);
    await pair.bob.session.close();
    await carol.close();
  });

  it.each([
    ['comes back by itself: the call goes on', 2_000, 'connected'],
    ['stays away: the policy gives up, not the server', 130_000, 'failed'],
  ])('and the path breaks, too: one that %s', async (_, ms, status) => {
    const { pair, guarded, carol, told } = call();
    await pair.clock.until(Promise.all([carol.start(), pair.bob.session.start()]));
    guarded.shut('signaling-refused');
    const heal = simulate(pair.bob, 'ice-failure');
    await pair.clock.advance(ms);
    heal();
    await pair.clock.advance(2_000);
    expect(carol.state.status).toBe(status);
    if (carol.state.status === 'failed') expect(carol.state.error.code).toBe('connection-lost');
    expect(told).toContain('signaling-refused');
    await pair.bob.session.close();
    await carol.close();
  });

  it('because a newer session has its peer id: the end, in a call too', async () => {
    const { pair, guarded, carol } = call();
    await pair.clock.until(Promise.all([carol.start(), pair.bob.session.start()]));
    guarded.shut('peer-id-taken');
    expect(carol.state).toMatchObject({ status: 'failed', error: { code: 'peer-id-taken' } });
    await pair.bob.session.close();
  });
});
