import { webSocket } from 'peer-session/transports';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket } from './fake-socket.js';
import { Recorder } from './recorder.js';

const welcome = { type: 'welcome', peers: [] };

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
});
afterEach(() => {
  vi.useRealTimers();
});

async function open(): Promise<{ a: Recorder; socket: FakeSocket }> {
  const a = new Recorder('a');
  const opening = a.connect(webSocket('ws://h/', { room: 'r', WebSocket: FakeSocket }));
  await vi.advanceTimersByTimeAsync(0);
  const [socket] = FakeSocket.made;
  if (!socket) throw new Error('no socket was made');
  socket.hear(welcome);
  await opening;
  return { a, socket };
}

describe('the life of a webSocket() channel', () => {
  it('has one timer while it is open, and none after close', async () => {
    const { a, socket } = await open();
    expect(vi.getTimerCount()).toBe(1);
    await a.close();
    expect([vi.getTimerCount(), socket.closes]).toEqual([0, [[1000, 'closed']]]);
  });

  it.each([
    ['closes', (socket: FakeSocket) => socket.emit('close', { code: 1006 })],
    ['is half dead', () => vi.advanceTimersByTime(8_000)],
  ])('is lost once when it %s, and leaves no timer', async (_, happen) => {
    const { a, socket } = await open();
    happen(socket);
    expect(vi.getTimerCount()).toBe(0);
    socket.emit('close', { code: 4409 });
    socket.hear({ type: 'peers', peers: ['late'] });
    socket.hear({ kind: 'hello' });
    vi.advanceTimersByTime(60_000);
    expect(a.told.map(({ what }) => what)).toEqual(['peers', 'lost']);
  });

  it('leaves no timer when it never opens', async () => {
    const a = new Recorder('a');
    const opening = expect(a.connect(webSocket('ws://h/', { room: 'r', WebSocket: FakeSocket }))).rejects.toMatchObject({
      code: 'signaling-open',
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await opening;
    expect([vi.getTimerCount(), FakeSocket.made[0]?.closes]).toEqual([0, [[]]]);
    FakeSocket.made[0]?.hear(welcome);
    expect(a.told).toEqual([]);
  });

  it('asks and answers', async () => {
    const { socket } = await open();
    vi.advanceTimersByTime(5_000);
    expect(socket.sent).toEqual(['{"type":"ping"}']);
    socket.hear({ type: 'pong' });
    vi.advanceTimersByTime(4_999);
    socket.hear({ type: 'ping' });
    expect(socket.sent).toEqual(['{"type":"ping"}', '{"type":"pong"}']);
  });

  it('refuses to send through a socket that is closing already', async () => {
    const { a, socket } = await open();
    socket.readyState = 2;
    await expect(a.send()).rejects.toMatchObject({ code: 'signaling-lost' });
    vi.advanceTimersByTime(5_000);
    expect(socket.sent).toEqual([]);
  });

  it('is aborted at whatever turn of its opening', async () => {
    for (let turns = 0; turns < 20; turns++) {
      const a = new Recorder('a');
      const abort = (left: number): void => {
        if (left === 0) a.life.abort();
        else queueMicrotask(() => abort(left - 1));
      };
      const url = (): Promise<string> => {
        abort(turns);
        return Promise.resolve('ws://h/');
      };
      const opening = a.connect(webSocket(url, { room: 'r', WebSocket: FakeSocket }));
      await expect(opening).rejects.toMatchObject({ code: 'aborted' });
    }
    expect(FakeSocket.made.every(({ closes }) => closes.length === 1)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
