import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { admit, type DoorOptions } from './admit.js';
import { CLOSE } from './close-code.js';
import type { Hub } from './hub.js';
import { urlOf } from './join-request.js';

/** How long `authorize` may think. */
const AUTHORIZE_MS = 10_000;

/** What stands between the network and the hub. */
export interface SocketDoorOptions extends DoorOptions {
  readonly path: string;
  readonly hub: Hub;
  readonly heartbeatMs: number;
}

/** Takes WebSockets in, finds out who they are, brings them to the hub, and drops those that are dead. */
export class SocketDoor {
  readonly #server: WebSocketServer;
  readonly #options: SocketDoorOptions;
  /** Open sockets; `true`: heard from since the last heartbeat. */
  readonly #alive = new Map<WebSocket, boolean>();
  readonly #timer: ReturnType<typeof setInterval>;
  #closing: { readonly code: number; readonly reason: string } | undefined;
  #empty: () => void = () => undefined;
  #beatAt = performance.now();

  constructor(server: WebSocketServer, options: SocketDoorOptions) {
    this.#server = server;
    this.#options = options;
    // The judgement comes after what lies in the sockets was read: answers that came while this process was busy count.
    this.#timer = setInterval(() => setImmediate(() => this.#beat()), options.heartbeatMs);
  }

  /** For the event `upgrade` of a http server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy()); // a client that goes away in the middle
    const url = urlOf(request);
    if (url?.pathname !== this.#options.path) {
      socket.end(`HTTP/1.1 ${url ? '404 Not Found' : '400 Bad Request'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => void this.#enter(ws, request, url));
  }

  /** Says goodbye to everybody; resolves when all are gone, or were cut off after `graceMs`. */
  async close(code: number, reason: string, graceMs: number): Promise<void> {
    this.#closing = { code, reason };
    clearInterval(this.#timer);
    const gone = new Promise<void>((resolve) => {
      this.#empty = resolve;
      if (this.#alive.size === 0) resolve();
    });
    for (const ws of this.#alive.keys()) {
      ws.resume(); // one about whom is still being decided has to see the answer to the closing frame
      ws.close(code, reason);
    }
    const cut = setTimeout(() => this.#cut(), graceMs);
    await gone;
    clearTimeout(cut);
  }

  #cut(): void {
    for (const ws of this.#alive.keys()) ws.terminate();
  }

  async #enter(ws: WebSocket, request: IncomingMessage, url: URL): Promise<void> {
    this.#alive.set(ws, true);
    const heard = (): void => void this.#alive.set(ws, true);
    ws.on('pong', heard);
    ws.on('error', () => undefined); // ws closes with the right code itself: 1002, 1007, 1009
    ws.on('close', () => {
      this.#alive.delete(ws);
      if (this.#alive.size === 0) this.#empty();
    });
    if (this.#closing) return ws.close(this.#closing.code, this.#closing.reason);
    ws.pause(); // what comes before the decision waits in the kernel, not here
    const admission = await orLate(admit(request, url, this.#options));
    ws.resume();
    if (ws.readyState !== ws.OPEN) return;
    if ('code' in admission) return ws.close(admission.code, admission.reason);
    const member = this.#options.hub.join(ws, admission);
    ws.on('close', () => member.closed());
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      heard();
      member.receive(isBinary ? data : data.toString('utf8'));
    });
  }

  #beat(): void {
    const now = performance.now();
    // A process that was stopped for a while has not given anybody the time to answer.
    const slept = now - this.#beatAt > 1.25 * this.#options.heartbeatMs;
    this.#beatAt = now;
    for (const [ws, alive] of this.#alive) {
      if (!alive && !slept) {
        ws.terminate();
        continue;
      }
      this.#alive.set(ws, false);
      if (ws.readyState === ws.OPEN) ws.ping();
    }
  }
}

type Decision = Awaited<ReturnType<typeof admit>>;

async function orLate(decision: Promise<Decision>): Promise<Decision> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Decision>((resolve) => {
    timer = setTimeout(() => resolve({ code: CLOSE.failed, reason: 'the server took too long to decide' }), AUTHORIZE_MS);
  });
  try {
    return await Promise.race([decision, late]);
  } finally {
    clearTimeout(timer);
  }
}
