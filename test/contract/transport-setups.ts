import { EventEmitter } from 'node:events';
import type { SignalingTransport } from 'peer-session';
import { createServer } from 'peer-session/server';
import {
  broadcastChannel,
  delayed,
  fallback,
  fromEmitter,
  logged,
  lossy,
  memory,
  messagePort,
  webSocket,
} from 'peer-session/transports';
import { vi } from 'vitest';
import { WebSocket } from 'ws';

// Real sockets on a machine that is busy with other tests. Nothing waits for this time to pass.
vi.setConfig({ testTimeout: 30_000 });

/** A fresh place to meet, with one recipe for each side. */
export interface Meeting {
  readonly transports: readonly SignalingTransport[];
  /** Frees what the place took. */
  end(): Promise<void> | void;
}

/** One kind of transport to be examined. */
export interface Setup {
  readonly name: string;
  /** Whether the transport calls `peers`. */
  readonly presence: boolean;
  meet(): Promise<Meeting> | Meeting;
}

const threeOf = (transport: SignalingTransport): readonly SignalingTransport[] => [transport, transport, transport];
const nothing = (): void => undefined;
let channels = 0;

async function overServer(wrap: (transport: SignalingTransport) => SignalingTransport): Promise<Meeting> {
  const server = await createServer({ port: 0, host: '127.0.0.1', limits: { messagesPerSecond: 10_000, messageBurst: 10_000 } });
  return {
    transports: threeOf(wrap(webSocket(server.signalUrl, { room: 'exam', WebSocket }))),
    end: () => server.close({ graceMs: 200 }),
  };
}

const broken: SignalingTransport = { name: 'broken', connect: () => Promise.reject(new Error('broken')) };

/** Every transport of the package, and every combinator round one. */
export const SETUPS: readonly Setup[] = [
  { name: 'memory', presence: true, meet: () => ({ transports: threeOf(memory()), end: nothing }) },
  {
    name: 'broadcastChannel',
    presence: false,
    meet: () => ({ transports: threeOf(broadcastChannel(`exam ${channels++}`)), end: nothing }),
  },
  {
    name: 'messagePort',
    presence: false,
    meet: () => {
      const { port1, port2 } = new MessageChannel();
      return { transports: [messagePort(port1), messagePort(port2)], end: () => port1.close() };
    },
  },
  { name: 'fromEmitter', presence: false, meet: () => ({ transports: threeOf(fromEmitter(new EventEmitter())), end: nothing }) },
  { name: 'webSocket', presence: true, meet: () => overServer((transport) => transport) },
  { name: 'fallback', presence: true, meet: () => overServer((transport) => fallback([broken, transport])) },
  { name: 'delayed', presence: true, meet: () => ({ transports: threeOf(delayed(memory(), 2)), end: nothing }) },
  { name: 'lossy', presence: true, meet: () => ({ transports: threeOf(lossy(memory(), 0)), end: nothing }) },
  { name: 'logged', presence: true, meet: () => overServer((transport) => logged(transport, nothing)) },
];
