import { createServer, type ServerOptions, type SignalingServer } from 'peer-session/server';
import { afterEach, vi } from 'vitest';

// Real sockets and processes on a machine that is busy with other tests. Nothing waits for this time to pass.
vi.setConfig({ testTimeout: 30_000 });

const running = new Set<SignalingServer>();

/** A server on a free port of the loopback, closed after the test. */
export async function startServer(options: ServerOptions = {}): Promise<SignalingServer> {
  const server = await createServer({ port: 0, host: '127.0.0.1', ...options });
  running.add(server);
  return server;
}

afterEach(async () => {
  await Promise.all([...running].map((server) => server.close({ graceMs: 200 })));
  running.clear();
});
