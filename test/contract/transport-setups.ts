import { EventEmitter } from 'node:events';
import type { SignalingTransport } from 'peer-session';
import { createServer, type SignalingServer } from 'peer-session/server';
import type { TransportExam } from 'peer-session/testing';
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
import { WebSocket } from 'ws';
import { serverSentEvents } from '../../examples/custom-transport/server-sent-events.js';
import { serve } from '../browser/served.js';

/** One kind of transport to be examined. */
export interface Kind {
  readonly name: string;
  /** What of the exam there is nothing for, in words of its checks. */
  readonly unexamined: readonly RegExp[];
  setup(): Promise<TransportExam> | TransportExam;
}

const NO_PRESENCE = /^tells who/;
const NO_REFUSAL = /^rejects where/;
const NO_LOSS = /after a loss$|is lost$/;
const NO_CENSUS = /^leaves nothing/;
/** The largest offer that the parser of the session takes, and its envelope. */
const LARGE = { messageBytes: 300_000 };
const nothing = (): void => undefined;
const broken: SignalingTransport = { name: 'broken', connect: () => Promise.reject(new Error('broken')) };
let channels = 0;

/** The hub of the package on a real socket. */
async function overServer(
  wrap: (transport: SignalingTransport) => SignalingTransport = (transport) => transport,
): Promise<TransportExam> {
  const start = (port: number): Promise<SignalingServer> =>
    createServer({ port, host: '127.0.0.1', limits: { messagesPerSecond: 10_000, messageBurst: 10_000 } });
  let server = await start(0);
  const { port, signalUrl } = server;
  const nobody = await start(0);
  await nobody.close();
  const at = (url: string): SignalingTransport => wrap(webSocket(url, { room: 'exam', WebSocket }));
  return {
    ...LARGE,
    presence: true,
    transport: at(signalUrl),
    unreachable: at(nobody.signalUrl),
    held: () => server.hub.stats().peers,
    cut: () => server.close({ restarting: true, graceMs: 200 }),
    restore: async () => {
      server = await start(port);
    },
    end: () => server.close({ graceMs: 200 }),
  };
}

/** An emitter inside this process, whose carrier can be cut. */
function overEmitter(): TransportExam {
  const emitter = new EventEmitter();
  const onLost = (lost: (cause?: unknown) => void): (() => void) => {
    emitter.on('disconnect', lost);
    return () => emitter.off('disconnect', lost);
  };
  return {
    ...LARGE,
    transport: fromEmitter(emitter, { onLost }),
    held: () => emitter.listenerCount('signal') + emitter.listenerCount('disconnect'),
    cut: () => void emitter.emit('disconnect', 'transport close'),
    restore: nothing,
  };
}

function overPort(): TransportExam {
  const { port1, port2 } = new MessageChannel();
  return {
    ...LARGE,
    transport: [messagePort(port1), messagePort(port2)],
    cut: () => port1.close(),
    end: () => port1.close(),
  };
}

function overBroadcast(): TransportExam {
  const name = `exam ${channels++}`;
  const Refused = class {
    constructor() {
      throw new DOMException('opaque origin', 'SecurityError');
    }
  };
  return {
    ...LARGE,
    transport: broadcastChannel(name),
    unreachable: broadcastChannel(name, { BroadcastChannel: Refused as never }),
  };
}

/** The transport from scratch of the examples, with its server as a process. */
async function overExample(): Promise<TransportExam> {
  const served = await serve('examples/custom-transport/server.mjs');
  return {
    ...LARGE,
    transport: serverSentEvents(`${served.url}/events`, 'exam'),
    unreachable: serverSentEvents(`${served.url}/nothing-here`, 'exam'),
    cut: () => served.stop(),
    end: () => served.stop(),
  };
}

const wrapped = (transport: SignalingTransport, more: Partial<TransportExam> = {}): TransportExam => ({
  ...LARGE,
  presence: true,
  transport,
  ...more,
});

/** Every transport of the package, every combinator round one, and the one from scratch of the examples. */
export const KINDS: readonly Kind[] = [
  { name: 'memory', unexamined: [NO_REFUSAL, NO_LOSS, NO_CENSUS], setup: () => wrapped(memory()) },
  { name: 'broadcastChannel', unexamined: [NO_PRESENCE, NO_LOSS, NO_CENSUS], setup: overBroadcast },
  { name: 'messagePort', unexamined: [NO_PRESENCE, NO_REFUSAL, /after a loss/, NO_CENSUS], setup: overPort },
  { name: 'fromEmitter', unexamined: [NO_PRESENCE, NO_REFUSAL], setup: overEmitter },
  { name: 'webSocket', unexamined: [], setup: () => overServer() },
  { name: 'fallback', unexamined: [], setup: () => overServer((transport) => fallback([broken, transport])) },
  { name: 'logged', unexamined: [], setup: () => overServer((transport) => logged(transport, nothing)) },
  { name: 'delayed', unexamined: [], setup: () => overServer((transport) => delayed(transport, 2)) },
  {
    name: 'lossy, which loses a fifth',
    unexamined: [NO_REFUSAL, NO_LOSS, NO_CENSUS, /^lets/],
    setup: () => wrapped(lossy(memory(), 0.2), { loses: true }),
  },
  { name: 'the transport of the examples', unexamined: [NO_PRESENCE, /after a loss/, NO_CENSUS], setup: overExample },
];
