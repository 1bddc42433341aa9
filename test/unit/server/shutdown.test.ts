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

  it('tells those who come in the middle', async () => {
    const asked: string[] = [];
    const server = await startServer({ authorize: ({ peerId }) => asked.push(peerId) > 0 });
    const slow = await open(`${server.signalUrl}?room=r&peer=slow`);
    slow.pause();
    const late = connect(server.port, '127.0.0.1');
    await once(late, 'connect');
    late.write('GET /signal?room=r&peer=late HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n');
    await fetch(`${server.url}ice`); // by now the server has read that
    const closed = server.close({ graceMs: 500 });
    const heard: Buffer[] = [];
    late.on('data', (data: Buffer) => heard.push(data));
    late.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
    await closed;
    // An unmasked closing frame with 1001 = 0x03e9, RFC 6455 section 5.5.1.
    expect(Buffer.concat(heard).includes(Buffer.from([0x88, 2 + 'the server stops'.length, 0x03, 0xe9]))).toBe(true);
    expect(asked).not.toContain('late');
    slow.terminate();
    late.destroy();
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
