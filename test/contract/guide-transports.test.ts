// The transports that the guide "Bring your own signaling" spells out pass the exam it speaks of.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SignalingTransport } from 'peer-session';
import { type TransportExam, transportContract } from 'peer-session/testing';
import ts from 'typescript';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { blocksOf, read } from '../../docs/tools/code-blocks.mjs';
import { serve } from '../browser/served.js';
import { EventSourceOverFetch } from './event-source-over-fetch.js';

// Real sockets and processes on a machine that is busy with other tests. Nothing waits for this time to pass.
vi.setConfig({ testTimeout: 30_000 });
const limitMs = 25_000;
vi.stubGlobal('EventSource', EventSourceOverFetch);
// In a browser an error that nobody listens to is no exception.
vi.stubGlobal(
  'WebSocket',
  class extends WebSocket {
    constructor(url: string) {
      super(url);
      this.on('error', () => undefined);
    }
  },
);

const folder = mkdtempSync(join(tmpdir(), 'peer-session-guide-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PAGE = 'docs/guides/bring-your-own-signaling.md';

/** The transport that this block of the guide exports. */
async function fromGuide<F>(file: string, name: string): Promise<F> {
  const code = blocksOf(PAGE, read(PAGE)).find((block) => block.code.startsWith(`// ${file}\n`))?.code ?? '';
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const path = join(folder, file.replace(/ts$/, 'mjs'));
  writeFileSync(path, outputText);
  const exported = (await import(pathToFileURL(path).href)) as Record<string, F>;
  const value = exported[name];
  if (value === undefined) throw new Error(`${PAGE} has no "${name}" in ${file}`);
  return value;
}

/** Sends what it gets to everybody else. */
async function overSocket(): Promise<TransportExam> {
  const transport = await fromGuide<(url: string) => SignalingTransport>('over-socket.ts', 'overSocket');
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) =>
    socket.on('message', (data, binary) => {
      for (const other of server.clients) if (other !== socket) other.send(data, { binary });
    }),
  );
  const port = (server.address() as { port: number }).port;
  const drop = (): void => {
    for (const socket of server.clients) socket.terminate();
  };
  return {
    transport: transport(`ws://127.0.0.1:${port}/`),
    unreachable: transport('ws://127.0.0.1:1/'),
    held: () => server.clients.size,
    cut: drop,
    restore: () => undefined,
    end: () => {
      drop();
      server.close();
    },
  };
}

async function overEvents(): Promise<TransportExam> {
  const transport = await fromGuide<(url: string) => SignalingTransport>('over-events.ts', 'overEvents');
  const served = await serve('examples/custom-transport/server.mjs');
  return {
    transport: transport(`${served.url}/events`),
    unreachable: transport(`${served.url}/nothing-here`),
    cut: () => served.stop(),
    end: () => served.stop(),
  };
}

const KINDS = [
  { name: 'overSocket', setup: overSocket, unexamined: /^tells who/ },
  { name: 'overEvents', setup: overEvents, unexamined: /^tells who|after a loss|^leaves/ },
];

describe.each(KINDS)('$name', ({ setup, unexamined }) => {
  for (const { name, run } of transportContract(async () => ({ ...(await setup()), limitMs }))) {
    const examined = !unexamined.test(name);
    it(examined ? name : `not examined: ${name}`, async () => {
      const skip = vi.fn();
      await run({ skip });
      expect(skip).toHaveBeenCalledTimes(examined ? 0 : 1);
    });
  }
});
