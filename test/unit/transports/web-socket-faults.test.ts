import { EventEmitter, once } from 'node:events';
import { type WebSocketOptions, webSocket } from 'peer-session/transports';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../server/loopback-server.js';
import { Recorder } from './recorder.js';
import { startProxy } from './tcp-proxy.js';

const opened: Recorder[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((recorder) => recorder.close()));
});

async function join(url: string, id: string, options: Partial<WebSocketOptions> = {}): Promise<Recorder> {
  const recorder = await new Recorder(id).connect(webSocket(url, { room: 'room', WebSocket, ...options }));
  opened.push(recorder);
  return recorder;
}

describe('webSocket, when the network or the server fails', () => {
  it('notices a half-dead socket, and the same session can come back over it', async () => {
    const { port } = await startServer();
    const proxy = await startProxy(port);
    const url = `ws://127.0.0.1:${proxy.port}/signal`;
    const a = await join(url, 'a', { heartbeatMs: 60, answerMs: 60 });
    const b = await join(`ws://127.0.0.1:${port}/signal`, 'b');
    await a.sees('b');
    proxy.freeze();
    await a.send({ reason: 'into the void' });
    const started = performance.now();
    await expect(a.lost()).resolves.toMatchObject({
      code: 'signaling-lost',
      retryable: true,
      message: expect.stringContaining('60 ms'),
    });
    expect(performance.now() - started).toBeLessThan(2_000);
    // The server holds the old socket for alive; the new one takes its place.
    const again = await join(url, 'a');
    expect(again.told).toEqual([{ what: 'peers', present: ['b'] }]);
    await b.send({ reason: 'welcome back', to: 'a' });
    await again.heard('welcome back');
    expect(b.reasons).toEqual([]);
  });

  it('keeps a silent but living socket', async () => {
    const { signalUrl } = await startServer();
    const asked: string[] = [];
    const fifth = new EventEmitter();
    class Watched extends WebSocket {
      override send(data: never): void {
        super.send(data);
        if (asked.push(data) === 5) fifth.emit('asked');
      }
    }
    const asking = once(fifth, 'asked');
    const a = await join(signalUrl, 'a', { heartbeatMs: 10, answerMs: 5_000, WebSocket: Watched });
    await asking; // a question is only asked after the one before it was answered
    expect(new Set(asked)).toEqual(new Set(['{"type":"ping"}']));
    expect(a.told).toEqual([{ what: 'peers', present: [] }]);
  });

  it('tells at once that the server was killed, and comes back to a new one', async () => {
    const server = await startServer();
    const a = await join(server.signalUrl, 'a');
    await server.close({ graceMs: 0 });
    await expect(a.lost()).resolves.toMatchObject({ code: 'signaling-lost', retryable: true });
    await expect(a.send()).rejects.toMatchObject({ code: 'signaling-lost' });
    await expect(join(server.signalUrl, 'a')).rejects.toMatchObject({ code: 'signaling-open', retryable: true });
    await startServer({ port: server.port });
    const again = await join(server.signalUrl, 'a');
    const b = await join(server.signalUrl, 'b');
    await again.send({ reason: 'still here' });
    await b.heard('still here');
  });

  it.each([
    [{}, 1001],
    [{ restarting: true }, 1012],
  ])('hears a graceful end: %j -> %i', async (how, code) => {
    const server = await startServer();
    const a = await join(server.signalUrl, 'a');
    await server.close(how);
    await expect(a.lost()).resolves.toMatchObject({ code: 'signaling-lost', message: expect.stringContaining(`${code}`) });
  });

  it.each([
    ['authorize says no', { authorize: () => false }, 'signaling-refused', '4401'],
    ['authorize names another peer', { authorize: () => ({ peerId: 'b' }) }, 'signaling-refused', '4401'],
    ['the room is full', { limits: { peersPerRoom: 0 } }, 'signaling-refused', '4420'],
    ['the server is full', { limits: { peers: 0 } }, 'signaling-open', '4421'],
    ['authorize throws', { authorize: () => Promise.reject(new Error('database')) }, 'signaling-open', '1011'],
  ])('%s', async (_, options, code, closeCode) => {
    const { signalUrl } = await startServer(options);
    const error = join(signalUrl, 'a');
    await expect(error).rejects.toMatchObject({
      code,
      retryable: code === 'signaling-open',
      message: expect.stringContaining(closeCode),
    });
  });

  it('refuses a foreign page', async () => {
    class Page extends WebSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols, { origin: 'https://evil.example' });
      }
    }
    const { signalUrl } = await startServer();
    await expect(join(signalUrl, 'a', { WebSocket: Page })).rejects.toMatchObject({
      code: 'signaling-refused',
      message: expect.stringContaining('4403'),
    });
    const open = await startServer({ origins: ['https://evil.example'] });
    await join(open.signalUrl, 'a', { WebSocket: Page });
  });

  it('hands over its peer id to a newer connection, for good', async () => {
    const { signalUrl } = await startServer();
    const [old, b] = [await join(signalUrl, 'a'), await join(signalUrl, 'b')];
    const young = await join(signalUrl, 'a');
    await expect(old.lost()).resolves.toMatchObject({ code: 'peer-id-taken', retryable: false });
    await b.send({ reason: 'to the newer', to: 'a' });
    await young.heard('to the newer');
    expect(old.reasons).toEqual([]);
  });

  it('works through the global WebSocket of this runtime too, where there is one', async () => {
    const { signalUrl } = await startServer();
    const Socket = globalThis.WebSocket ?? WebSocket;
    const a = await join(signalUrl, 'a', { WebSocket: Socket });
    await (await join(signalUrl, 'b')).send({ reason: 'hi' });
    await a.heard('hi');
  });
});
