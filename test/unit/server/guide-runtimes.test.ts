// The programs for other runtimes in docs/guides/signaling-server.md, run as they stand there on stand-ins of these runtimes.
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { createHub } from 'peer-session/server';
import { describe, expect, it } from 'vitest';

const guide = readFileSync(new URL('../../../docs/guides/signaling-server.md', import.meta.url), 'utf8');

/** Runs the program that begins with this comment, with these globals in reach, and gives back what it exports. */
function run(runtime: string, globals: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const program = [...guide.matchAll(/```js\n([\s\S]*?)```/g)]
    .map(([, code]) => code ?? '')
    .find((code) => code.startsWith(`// ${runtime}`));
  const plain = (program ?? 'throw new Error("no such program in the guide")')
    .replace(/^import .*$/gm, '')
    .replace(/^export class (\w+)/gm, 'exported.$1 = class $1')
    .replace(/^export default /gm, 'exported.default = ');
  const exported: Record<string, unknown> = {};
  const inReach = { createHub, URL, exported, ...globals };
  compileFunction(plain, Object.keys(inReach))(...Object.values(inReach));
  return exported;
}

/** The client's end of a socket: what it heard, and how it was closed. */
interface Client {
  readonly heard: Record<string, unknown>[];
  closedWith?: readonly [code: number | undefined, reason: string | undefined];
  say(data: unknown): void;
  leave(): void;
}
type Connect = (query: string) => Promise<Client>;

const newClient = (): Client => ({ heard: [], say: () => {}, leave: () => {} });
/** What each runtime's socket does with words of the server. */
const ears = (client: Client) => ({
  send: (text: string) => void client.heard.push(JSON.parse(text) as Record<string, unknown>),
  close: (code?: number, reason?: string) => {
    client.closedWith = [code, reason];
  },
});
const requestTo = (query: string): Request =>
  new Request(`http://localhost:8080/signal?${query}`, { headers: { upgrade: 'websocket' } });

/** Bun: handlers for all sockets, the socket carries `data`; documented at bun.sh/docs/api/websockets. */
function bun(): Connect {
  type Socket = ReturnType<typeof ears> & { data: unknown };
  interface Options {
    fetch(request: Request, server: { upgrade(request: Request, options: { data: unknown }): boolean }): Response | undefined;
    websocket: { open(ws: Socket): void; message(ws: Socket, data: unknown): void; close(ws: Socket): void };
  }
  let options: Options | undefined;
  run('Bun', { Response, Bun: { serve: (given: Options) => (options = given) } });
  return async (query) => {
    const client = newClient();
    const { fetch, websocket } = options as Options;
    let upgraded: unknown;
    const answer = fetch(requestTo(query), {
      upgrade: (_, { data }) => {
        upgraded = data;
        return true;
      },
    });
    expect(answer).toBeUndefined();
    const ws: Socket = { ...ears(client), data: upgraded };
    client.say = (data) => websocket.message(ws, data);
    client.leave = () => websocket.close(ws);
    websocket.open(ws);
    return client;
  };
}

/** A socket of the web platform, as Deno and Workers have it. */
function webSocketFor(client: Client): EventTarget {
  const socket = Object.assign(new EventTarget(), ears(client), { accept: () => {} });
  client.say = (data) => socket.dispatchEvent(new MessageEvent('message', { data }));
  client.leave = () => socket.dispatchEvent(new Event('close'));
  return socket;
}

/** Deno: `upgradeWebSocket()` gives a socket that opens after the answer; documented at docs.deno.com. */
function deno(): Connect {
  let handler: (request: Request) => unknown = () => {};
  let next: Client;
  const upgradeWebSocket = () => {
    const socket = webSocketFor(next);
    setImmediate(() => socket.dispatchEvent(new Event('open')));
    return { socket, response: 'switching protocols' };
  };
  run('Deno', { Response, Deno: { serve: (_: unknown, given: typeof handler) => (handler = given), upgradeWebSocket } });
  return async (query) => {
    next = newClient();
    const client = next;
    expect(handler(requestTo(query))).toBe('switching protocols');
    await new Promise((resolve) => setImmediate(resolve));
    return client;
  };
}

/** Workers: a pair of sockets in a Durable Object, found by its name; documented at developers.cloudflare.com. */
function workers(): Connect {
  const client = { next: newClient() };
  interface Room {
    fetch(request: Request): { status: number };
  }
  class WebSocketPair {
    0 = 'the end of the client';
    1 = webSocketFor(client.next);
  }
  class Answer {
    readonly status: number;
    constructor(_: unknown, { status }: { status: number }) {
      this.status = status;
    }
  }
  const program = run('Cloudflare Workers', { WebSocketPair, Response: Answer, DurableObject: class {} });
  const { Room, default: worker } = program as {
    Room: new () => Room;
    default: { fetch(request: Request, env: unknown): { status: number } };
  };
  const rooms = new Map<string, Room>();
  const ROOMS = {
    idFromName: (name: string) => name,
    get: (name: string) => rooms.get(name) ?? rooms.set(name, new Room()).get(name),
  };
  return async (query) => {
    client.next = newClient();
    expect(worker.fetch(requestTo(query), { ROOMS }).status).toBe(101);
    return client.next;
  };
}

describe.each([
  ['Bun', bun],
  ['Deno', deno],
  ['Cloudflare Workers', workers],
])('the program for %s', (_, start) => {
  it('welcomes, tells who is there, forwards and notices the end', async () => {
    const connect = start();
    const alice = await connect('room=r&peer=alice');
    const bob = await connect('room=r&peer=bob');
    const other = await connect('room=another&peer=carol');
    expect(alice.heard).toEqual([
      { type: 'welcome', room: 'r', peerId: 'alice', peers: [] },
      { type: 'peers', peers: ['bob'] },
    ]);
    alice.say('{"kind":"hello","from":"mallory"}');
    expect(bob.heard.at(-1)).toEqual({ kind: 'hello', from: 'alice' });
    expect(other.heard.length).toBe(1);
    bob.leave();
    expect(alice.heard.at(-1)).toEqual({ type: 'peers', peers: [] });
  });

  it('survives binary frames, and frames after the end', async () => {
    const connect = start();
    const alice = await connect('room=r&peer=alice');
    alice.say(new Uint8Array([1, 2, 3]));
    expect(alice.heard.at(-1)).toMatchObject({ type: 'error', code: 'bad-message' });
    alice.leave();
    alice.say('{"kind":"hello"}');
    alice.leave();
    expect(alice.closedWith).toBeUndefined();
  });

  it('closes who comes without a name, and the older of two with one name', async () => {
    const connect = start();
    const nameless = await connect('room=r');
    expect(nameless.closedWith?.[0]).toBe(4400);
    nameless.leave();
    const older = await connect('room=r&peer=alice');
    const newer = await connect('room=r&peer=alice');
    expect([older.closedWith?.[0], newer.closedWith]).toEqual([4409, undefined]);
    older.leave();
    const bob = await connect('room=r&peer=bob');
    expect(bob.heard[0]).toMatchObject({ peers: ['alice'] });
  });
});
