import { once } from 'node:events';
import { connect } from 'node:net';
import type { JoinRequest } from 'peer-session/server';
import { describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { startServer } from './loopback-server.js';

/** Everything that one socket heard until it closed, and how it closed. */
async function untilClosed(
  url: string,
  then: (ws: WebSocket) => void = () => undefined,
  options: ClientOptions = {},
  protocols: string[] = [],
) {
  const ws = new WebSocket(url, protocols, options);
  const heard: unknown[] = [];
  ws.on('message', (data: Buffer) => {
    heard.push(JSON.parse(data.toString()));
    if (heard.length === 1) then(ws);
  });
  const [code, reason] = (await once(ws, 'close')) as [number, Buffer];
  return { code, reason: reason.toString(), heard };
}

async function open(url: string, protocols: string[] = []): Promise<{ ws: WebSocket; next(): Promise<unknown> }> {
  const ws = new WebSocket(url, protocols);
  const queue: unknown[] = [];
  const next = async (): Promise<unknown> => {
    while (queue.length === 0) await once(ws, 'queued');
    return queue.shift();
  };
  ws.on('message', (data: Buffer) => {
    queue.push(JSON.parse(data.toString()));
    ws.emit('queued');
  });
  await once(ws, 'open');
  return { ws, next };
}

describe('createServer', () => {
  it('takes room and peer from the address, and welcomes', async () => {
    const server = await startServer();
    const { ws, next } = await open(`${server.signalUrl}?room=r%C3%A4um&peer=a`);
    expect(await next()).toEqual({ type: 'welcome', room: 'räum', peerId: 'a', peers: [] });
    expect(server.hub.stats()).toEqual({ rooms: 1, peers: 1 });
    ws.close();
  });

  it.each([
    ['no room', '?peer=a', 4400],
    ['no peer', '?room=r', 4400],
    ['a peer id that is too long', `?room=r&peer=${'x'.repeat(129)}`, 4400],
  ])('closes who gives %s', async (_, query, code) => {
    const { signalUrl } = await startServer();
    expect(await untilClosed(signalUrl + query)).toMatchObject({ code, heard: [] });
  });

  it.each([
    ['/elsewhere', 'HTTP/1.1 404'],
    ['//signal', 'HTTP/1.1 400'],
    ['http://evil.example/signal', 'HTTP/1.1 400'],
  ])('does not upgrade %s', async (path, status) => {
    const { port } = await startServer();
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain(status);
    socket.destroy();
  });

  it('shows the whole request to authorize, and goes by its word', async () => {
    const asked: JoinRequest[] = [];
    const { signalUrl } = await startServer({
      authorize: (request) => {
        asked.push(request);
        return { room: 'lobby', peerId: 'alice' };
      },
    });
    const { ws, next } = await open(`${signalUrl}?room=vault&token=t`, ['peer-session', 'secret']);
    expect(await next()).toMatchObject({ room: 'lobby', peerId: 'alice' });
    expect(ws.protocol).toBe('peer-session');
    expect(asked[0]).toMatchObject({
      purpose: 'join',
      room: 'vault',
      peerId: '',
      protocols: ['peer-session', 'secret'],
      origin: undefined,
      address: '127.0.0.1',
    });
    expect(asked[0]?.url.searchParams.get('token')).toBe('t');
    expect(asked[0]?.headers.get('sec-websocket-version')).toBe('13');
    ws.close();
  });

  it('accepts the subprotocol that is no token, or the only one, and no compression', async () => {
    const { signalUrl } = await startServer();
    for (const [offered, chosen] of [
      [['only-a-token'], 'only-a-token'],
      [['token', 'peer-session'], 'peer-session'],
    ] as const) {
      const { ws } = await open(`${signalUrl}?room=r&peer=a`, [...offered]);
      expect([ws.protocol, ws.extensions]).toEqual([chosen, '']);
      ws.close();
    }
  });

  it('keeps what is said while authorize thinks', async () => {
    let allow: () => void = () => undefined;
    const allowed = new Promise<boolean>((resolve) => {
      allow = () => resolve(true);
    });
    const { signalUrl, url } = await startServer({ authorize: ({ purpose }) => purpose === 'ice' || allowed });
    const { ws, next } = await open(`${signalUrl}?room=r&peer=a`);
    ws.send('{"type":"ping"}');
    await fetch(`${url}ice`); // by now the ping has arrived, too
    allow();
    expect([await next(), await next()]).toEqual([expect.objectContaining({ type: 'welcome' }), { type: 'pong' }]);
    ws.close();
  });

  it('forgets who leaves while authorize thinks', async () => {
    let decide: () => void = () => undefined;
    const server = await startServer({
      authorize: () =>
        new Promise((resolve) => {
          decide = () => resolve(true);
        }),
    });
    const { ws } = await open(`${server.signalUrl}?room=r&peer=a`);
    ws.terminate();
    await once(ws, 'close');
    decide();
    const { ws: later, next } = await open(`${server.signalUrl}?room=r&peer=b`);
    decide();
    expect(await next()).toMatchObject({ type: 'welcome' });
    later.close();
  });

  it('forgets who was dropped while authorize thinks', async () => {
    let decide: () => void = () => undefined;
    const decided = new Promise<boolean>((resolve) => {
      decide = () => resolve(true);
    });
    const server = await startServer({ heartbeatMs: 20, authorize: ({ purpose }) => purpose === 'ice' || decided });
    const { ws } = await open(`${server.signalUrl}?room=r&peer=a`);
    await once(ws, 'close'); // its pongs are not read yet, so it counts as dead
    decide();
    await fetch(`${server.url}ice`);
    expect(server.hub.stats()).toEqual({ rooms: 0, peers: 0 });
  });

  it.each([
    ['a message above the limit', 1009, (ws: WebSocket) => ws.send('x'.repeat(2_000))],
    ['text that is no UTF-8', 1007, (ws: WebSocket) => ws.send(Buffer.from([0xff, 0xfe]), { binary: false })],
    [
      'a flood',
      4429,
      (ws: WebSocket) => {
        for (let i = 0; i < 30; i++) ws.send('{}');
      },
    ],
  ])('closes who sends %s, and nobody else', async (_, code, send) => {
    const { signalUrl } = await startServer({ limits: { messageBytes: 1_000, messageBurst: 20 } });
    const bystander = await open(`${signalUrl}?room=r&peer=b`);
    expect(await untilClosed(`${signalUrl}?room=r&peer=a`, send)).toMatchObject({ code });
    bystander.ws.send('{"type":"ping"}');
    let heard: unknown;
    do heard = await bystander.next();
    while ((heard as { type?: string }).type !== 'pong');
    bystander.ws.close();
  });

  it('tells of bytes and bad JSON, and goes on', async () => {
    const { signalUrl } = await startServer();
    const { ws, next } = await open(`${signalUrl}?room=r&peer=a`);
    await next();
    ws.send(Buffer.from('{}'));
    ws.send('{');
    expect([await next(), await next()]).toEqual([
      { type: 'error', code: 'bad-message', message: 'only text frames are understood' },
      { type: 'error', code: 'bad-message', message: 'the message is not JSON' },
    ]);
    ws.close();
  });

  it('drops a socket that does not answer pings', async () => {
    const server = await startServer({ heartbeatMs: 100 });
    const alive = await open(`${server.signalUrl}?room=r&peer=alive`);
    await alive.next();
    const dead = new WebSocket(`${server.signalUrl}?room=r&peer=dead`, { autoPong: false });
    expect(await alive.next()).toEqual({ type: 'peers', peers: ['dead'] });
    expect(await alive.next()).toEqual({ type: 'peers', peers: [] });
    if (dead.readyState !== WebSocket.CLOSED) await once(dead, 'close');
    expect(alive.ws.readyState).toBe(WebSocket.OPEN);
    alive.ws.close();
  });

  it('drops nobody because it slept itself', async () => {
    const server = await startServer({ heartbeatMs: 50 });
    const { ws } = await open(`${server.signalUrl}?room=r&peer=a`);
    const closed: unknown[] = [];
    ws.on('close', (code) => closed.push(code));
    for (let i = 0; i < 3; i++) {
      await once(ws, 'ping');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120); // the answer lies unread meanwhile
    }
    await once(ws, 'ping');
    expect(closed).toEqual([]);
    ws.close();
  });

  it('keeps nothing of a thousand who came and went', async () => {
    const server = await startServer();
    const stays = await open(`${server.signalUrl}?room=r&peer=stays`);
    for (let batch = 0; batch < 40; batch++) {
      const visits = Array.from({ length: 25 }, (_, i) =>
        untilClosed(`${server.signalUrl}?room=r&peer=p${i}`, (ws) => (i % 2 === 0 ? ws.close() : ws.terminate())),
      );
      await Promise.all(visits);
    }
    let present: unknown;
    do present = ((await stays.next()) as { peers?: unknown }).peers;
    while (!(Array.isArray(present) && present.length === 0) || server.hub.stats().peers > 1);
    expect(server.hub.stats()).toEqual({ rooms: 1, peers: 1 });
    stays.ws.close();
  }, 60_000);
});
