// @ts-check
// The other end of server-sent-events.js, without dependencies: `node examples/custom-transport/server.mjs`, after
// `npm run build`. A real one would also ask who is there (a cookie, a token) and stamp `from` itself.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** room -> peer -> its event stream. @type {Map<string, Map<string, import('node:http').ServerResponse>>} */
const rooms = new Map();
const root = fileURLToPath(new URL('../..', import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname !== '/events') return void file(pathname, response);
  const [room, peer] = [searchParams.get('room') ?? '', searchParams.get('peer') ?? ''];
  const peers = rooms.get(room) ?? new Map();

  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
    rooms.set(room, peers.set(peer, response));
    request.on('close', () => {
      if (peers.get(peer) === response) peers.delete(peer);
      if (peers.size === 0) rooms.delete(room);
    });
    return;
  }

  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 524_288) return void response.writeHead(413).end();
  }
  const message = JSON.stringify(JSON.parse(text)); // One line, whatever came: a line break would end the event.
  for (const [id, stream] of peers) if (id !== peer) stream.write(`data: ${message}\n\n`);
  response.writeHead(204).end();
});

/** @param {string} path @param {import('node:http').ServerResponse} response */
async function file(path, response) {
  if (path === '/') return void response.writeHead(302, { location: '/examples/custom-transport/' }).end();
  const name = path.endsWith('/') ? `${path}index.html` : path;
  const type = types[/** @type {keyof typeof types} */ (extname(name))];
  const allowed = type && /^\/(examples|dist)\//.test(name);
  const body = allowed && (await readFile(join(root, decodeURIComponent(name))).catch(() => null));
  if (!body) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
}

server.listen(Number(process.env['PORT'] ?? 8081), () => {
  const address = server.address();
  console.log(`http://localhost:${typeof address === 'object' ? address?.port : address}/`);
});
