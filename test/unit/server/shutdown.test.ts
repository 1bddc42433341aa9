import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer } from 'peer-session/server';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from './loopback-server.js';

async function open(url: string): Promise<WebSocket> {
  const ws = new WebSocket(url);
  await once(ws, 'open');
  return ws;
}

describe('close()', () => {
  it.each([
    [undefined, 1001, 'the server stops'],
    [{ restarting: true }, 1012, 'the server restarts'],
  ])('tells everybody, frees the port, and may be called twice: %j', async (how, code, reason) => {
    const server = await startServer();
    const clients = await Promise.all(['a', 'b', 'c'].map((id) => open(`${server.signalUrl}?room=r&peer=${id}`)));
    const told = clients.map(async (ws) => {
      const [closeCode, said] = (await once(ws, 'close')) as [number, Buffer];
      return [closeCode, said.toString()];
    });
    const first = server.close(how);
    expect(server.close()).toBe(first);
    expect(await Promise.all(told)).toEqual(Array(3).fill([code, reason]));
    await first;
    expect(server.hub.stats()).toEqual({ rooms: 0, peers: 0 });
    await startServer({ port: server.port });
  });

  it('cuts off who does not answer, and idle or half-open connections', async () => {
    const server = await startServer();
    const ws = await open(`${server.signalUrl}?room=r&peer=a`);
    ws.pause(); // never sees the closing frame
    const idle = connect(server.port, '127.0.0.1');
    idle.on('error', () => undefined);
    await once(idle, 'connect');
    idle.write('GET /ice HTTP/1.1\r\n');
    const closed = once(idle, 'close');
    await server.close({ graceMs: 30 });
    idle.resume();
    await closed;
    ws.terminate();
  });

  it('also ends those about whom authorize still thinks', async () => {
    const server = await startServer({ authorize: () => new Promise(() => undefined) });
    const ws = await open(`${server.signalUrl}?room=r&peer=a`);
    const gone = once(ws, 'close');
    await server.close({ graceMs: 60_000 });
    expect((await gone)[0]).toBe(1001);
  });
});

describe('listen', () => {
  it('rejects where the port is taken', async () => {
    const { port } = await startServer();
    await expect(createServer({ port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
