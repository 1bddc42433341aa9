import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { SessionError } from 'peer-session';
import { type WebSocketOptions, webSocket } from 'peer-session/transports';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startServer } from '../server/loopback-server.js';
import { Recorder } from './recorder.js';

const opened: Recorder[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((recorder) => recorder.close()));
});

async function join(
  url: Parameters<typeof webSocket>[0],
  id: string,
  options: Partial<WebSocketOptions> = {},
): Promise<Recorder> {
  const recorder = await new Recorder(id).connect(webSocket(url, { room: 'room', WebSocket, ...options }));
  opened.push(recorder);
  return recorder;
}

describe('webSocket', () => {
  it('carries to everybody else in the room, or to the one named', async () => {
    const { signalUrl } = await startServer();
    const [a, b, c] = [await join(signalUrl, 'a'), await join(signalUrl, 'b'), await join(signalUrl, 'c')];
    const elsewhere = await join(signalUrl, 'd', { room: 'another' });
    await a.send({ reason: 'for b', to: 'b', from: 'somebody else' });
    await a.send({ reason: 'all' });
    expect(await b.heard('for b')).toMatchObject({ from: 'a', to: 'b', kind: 'bye', v: 1 });
    await Promise.all([b.heard('all'), c.heard('all')]);
    expect([a.reasons, c.reasons, elsewhere.reasons]).toEqual([[], ['all'], []]);
  });

  it('tells who is there before connect settles, and when somebody comes or goes', async () => {
    const { signalUrl } = await startServer();
    const a = await join(signalUrl, 'a');
    expect(a.told).toEqual([{ what: 'peers', present: [] }]);
    const b = await join(signalUrl, 'b');
    expect(b.told).toEqual([{ what: 'peers', present: ['a'] }]);
    await a.sees('b');
    a.told.length = 0;
    await b.close();
    await b.close();
    await a.sees();
    await expect(b.send()).rejects.toMatchObject({ code: 'signaling-lost' });
    expect(b.told).toHaveLength(1);
  });

  it('lets the last word leave before it closes', async () => {
    const { signalUrl } = await startServer();
    const [a, b] = [await join(signalUrl, 'a'), await join(signalUrl, 'b')];
    void a.channel?.send({ v: 1, from: 'a', me: 'a1', epoch: 1, seq: 0, ack: 0, kind: 'bye', reason: 'closed' });
    void a.channel?.close();
    await b.heard('closed');
  });

  it('asks for address and protocols at each attempt', async () => {
    const tokens: string[] = [];
    const { signalUrl } = await startServer({
      authorize: ({ url, protocols }) => {
        tokens.push(`${url.searchParams.get('token')} ${protocols.join()}`);
        return true;
      },
    });
    let count = 0;
    const transport = webSocket(() => Promise.resolve(`${signalUrl}?token=${++count}`), {
      room: 'room',
      WebSocket,
      protocols: () => ['peer-session', `secret-${count}`],
    });
    for (const id of ['a', 'b']) opened.push(await new Recorder(id).connect(transport));
    expect(tokens).toEqual(['1 peer-session,secret-1', '2 peer-session,secret-2']);
  });

  it.each([
    ['url fails -> tried again', new Error('no token'), 'signaling-open'],
    ['url refuses for good -> final', new SessionError('signaling-refused', 'signed out'), 'signaling-refused'],
  ])('%s', async (_, thrown, code) => {
    const error = join(() => Promise.reject(thrown), 'a');
    await expect(error).rejects.toMatchObject({ code });
  });

  it('rejects where nobody listens, and can be tried again', async () => {
    const spare = createTcpServer().listen(0, '127.0.0.1');
    await once(spare, 'listening');
    const { port } = spare.address() as AddressInfo;
    spare.close();
    await once(spare, 'close');
    const error = await join(`ws://127.0.0.1:${port}/signal?token=secret`, 'a').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'signaling-open', retryable: true, cause: { code: 'ECONNREFUSED' } });
    expect((error as Error).message).toBe(`Could not reach ws://127.0.0.1:${port}/signal.`);
  });

  it('gives up on a server that never says welcome', async () => {
    const mute = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(mute, 'listening');
    try {
      const { port } = mute.address() as AddressInfo;
      const gone = once(mute, 'connection').then(([socket]) => once(socket as WebSocket, 'close'));
      await expect(join(`ws://127.0.0.1:${port}`, 'a', { openTimeoutMs: 500 })).rejects.toMatchObject({
        code: 'signaling-open',
        message: expect.stringContaining('No welcome'),
      });
      await gone;
    } finally {
      mute.close();
    }
  });

  it.each(['while it asks for the address', 'while the socket opens'])('stops at once when aborted %s', async (when) => {
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const recorder = new Recorder('a');
    const dialled = once(silent, 'connection');
    let asked: AbortSignal | undefined;
    const never = ({ signal }: { signal: AbortSignal }): Promise<string> => {
      asked = signal;
      return new Promise(() => undefined);
    };
    const asks = when.includes('asks');
    const opening = recorder.connect(webSocket(asks ? never : url, { room: 'room', WebSocket }));
    if (!asks) await dialled;
    recorder.life.abort();
    await expect(opening).rejects.toMatchObject({ code: 'aborted' });
    expect(asked?.aborted).toBe(asks ? true : undefined);
    silent.close();
    recorder.told.length = 0;
    await expect(recorder.connect(webSocket(url, { room: 'room', WebSocket }))).rejects.toMatchObject({ code: 'aborted' });
    expect(recorder.told).toEqual([]);
  });

  it('answers a ping of the server, ignores what it does not know, hands rubbish to the session', async () => {
    const hub = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(hub, 'listening');
    try {
      const answered = once(hub, 'connection').then(async ([socket]) => {
        for (const text of ['{"type":"welcome","peers":[]}', '{"type":"new"}', '[7]', '{"type":"ping"}'])
          (socket as WebSocket).send(text);
        const [data] = (await once(socket as WebSocket, 'message')) as [Buffer];
        return data.toString();
      });
      const a = await join(`ws://127.0.0.1:${(hub.address() as AddressInfo).port}`, 'a');
      expect(await answered).toBe('{"type":"pong"}');
      expect(a.told).toEqual([
        { what: 'peers', present: [] },
        { what: 'message', data: [7] },
      ]);
    } finally {
      for (const socket of hub.clients) socket.terminate();
      hub.close();
    }
  });

  it.each([
    ['a room', { room: '' }],
    ['a room', { room: 'x'.repeat(129) }],
  ])('refuses without %s', (_, options) => {
    expect(() => webSocket('ws://h', options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });

  it('says so where the constructor refuses, and where there is none', async () => {
    const { signalUrl } = await startServer();
    await expect(join(signalUrl, 'a', { protocols: ['two words'] })).rejects.toMatchObject({
      code: 'invalid-option',
      retryable: false,
    });
    const given = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Reflect.deleteProperty(globalThis, 'WebSocket');
    try {
      const plain = webSocket(signalUrl, { room: 'room' });
      await expect(new Recorder('a').connect(plain)).rejects.toMatchObject({ code: 'unsupported' });
    } finally {
      if (given) Object.defineProperty(globalThis, 'WebSocket', given);
    }
  });
});
