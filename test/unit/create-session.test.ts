import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/create-session.js';
import { isSessionError } from '../../src/errors.js';
import type { SessionOptions } from '../../src/session-options.js';
import { memory } from '../../src/transports/memory.js';

const transport = memory();

function complaint(options: unknown): string {
  try {
    createSession(options as SessionOptions);
    return 'taken';
  } catch (error) {
    if (isSessionError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('createSession', () => {
  const wrong: readonly (readonly [option: string, code: string, options: unknown])[] = [
    ['transport', 'invalid-option', undefined],
    ['transport', 'invalid-option', null],
    ['transport', 'invalid-option', {}],
    ['transport', 'invalid-option', { transport: 'wss://example.org' }],
    ['transport', 'invalid-option', { transport: { name: 'x' } }],
    ['peerId', 'invalid-option', { transport, peerId: '' }],
    ['peerId', 'invalid-option', { transport, peerId: 5 }],
    ['peerId', 'invalid-option', { transport, peerId: 'x'.repeat(129) }],
    ['media', 'invalid-option', { transport, media: true }],
    ['media', 'invalid-option', { transport, media: null }],
    ['iceTransportPolicy', 'invalid-option', { transport, iceTransportPolicy: 'relayed' }],
    ['candidateFilter', 'invalid-option', { transport, candidateFilter: 'host' }],
    ['recovery', 'invalid-option', { transport, recovery: {} }],
    ['timeouts.peerMs', 'invalid-option', { transport, timeouts: { peerMs: 0 } }],
    ['timeouts.peerMs', 'invalid-option', { transport, timeouts: { peerMs: '5' } }],
    ['timeouts.peerMs', 'invalid-option', { transport, timeouts: { peerMs: Number.NaN } }],
    ['timeouts.connectMs', 'invalid-option', { transport, timeouts: { connectMs: 5 } }],
    ['iceServers', 'ice-server-invalid', { transport, iceServers: {} }],
    ['iceServers[0].urls', 'ice-server-invalid', { transport, iceServers: [{}] }],
    ['iceServers[1].urls[0]', 'ice-server-invalid', { transport, iceServers: [{ urls: 'stun:a' }, { urls: 'http://b' }] }],
    ['iceServers[0].username', 'ice-server-invalid', { transport, iceServers: [{ urls: 'turn:a' }] }],
  ];

  it.each(wrong)('a wrong %s is named: %s', (option, code, options) => {
    const said = complaint(options);
    expect(said.startsWith(`${code}: `)).toBe(true);
    expect(said).toContain(option);
  });

  it.each([
    ['only a transport', { transport }],
    ['Infinity switches a timeout off', { transport, timeouts: { peerMs: Number.POSITIVE_INFINITY } }],
    ['a function for servers is not asked yet', { transport, iceServers: () => Promise.reject(new Error('too early')) }],
    [
      'everything',
      { transport, peerId: 'alice', media: { audio: true }, iceServers: [{ urls: 'stun:a' }], iceTransportPolicy: 'relay' },
    ],
  ])('takes %s', (_, options) => {
    expect(complaint(options)).toBe('taken');
  });

  it('touches nothing before start()', () => {
    const touched: string[] = [];
    const platform = new Proxy({}, { get: (_, key) => void touched.push(String(key)) });
    const session = createSession({
      peerId: 'alice',
      transport: { name: 'none', connect: () => Promise.reject(new Error(`connected: ${touched.join()}`)) },
      media: { video: true },
      platform,
    });
    expect(session.state).toEqual({ status: 'idle' });
    expect(session.connection).toBeNull();
    expect(session.remotePeerId).toBeNull();
    expect(touched).toEqual([]);
  });

  it('gives each session its own id', () => {
    expect(createSession({ transport }).peerId).not.toBe(createSession({ transport }).peerId);
  });

  it('the snapshot is the same until something changes', async () => {
    const session = createSession({ transport });
    const before = session.getSnapshot();
    expect(session.getSnapshot()).toBe(before);
    let changes = 0;
    const stop = session.subscribe(() => changes++);
    await session.close();
    expect(changes).toBeGreaterThan(0);
    stop();
    expect(session.getSnapshot()).not.toBe(before);
    expect(session.getSnapshot().state).toEqual({ status: 'closed', by: 'local', reason: 'closed' });
  });

  it('start() after close(), and close() twice', async () => {
    const session = createSession({ transport });
    await session.close('enough');
    await session.close('again');
    expect(session.state).toEqual({ status: 'closed', by: 'local', reason: 'enough' });
    await expect(session.start()).rejects.toMatchObject({ code: 'invalid-state' });
    expect(() => session.channel('late')).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('a signal that was aborted before: start() rejects and nothing begins', async () => {
    const session = createSession({ transport });
    await expect(session.start({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(session.state).toEqual({ status: 'idle' });
  });
});
