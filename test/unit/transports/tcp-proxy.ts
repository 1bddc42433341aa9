import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach } from 'vitest';

/** A TCP proxy that can forget its connections without telling anybody, as a NAT or a Wi-Fi that is left does. */
export interface TcpProxy {
  readonly port: number;
  /** From now on nothing of the present connections is forwarded, and none is closed. New ones work. */
  freeze(): void;
  close(): Promise<void>;
}

const running = new Set<TcpProxy>();

export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    freeze() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
        socket.removeAllListeners('close');
        socket.on('close', () => sockets.delete(socket));
      }
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  running.add(proxy);
  return proxy;
}

afterEach(async () => {
  await Promise.all([...running].map((proxy) => proxy.close()));
  running.clear();
});
