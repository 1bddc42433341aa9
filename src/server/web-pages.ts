import type { IncomingMessage, ServerResponse } from 'node:http';
import { type IceServerEntry, iceAnswerOf, type TurnOptions } from './ice-answer.js';
import { type Authorize, joinRequestOf, urlOf } from './join-request.js';
import { judgeOrigin, type Origins } from './origins.js';
import { type StaticFolders, serveFile } from './static-files.js';

/** What the server answers over plain http. */
export interface WebPagesOptions {
  readonly authorize: Authorize | undefined;
  readonly origins: Origins | undefined;
  readonly files: StaticFolders;
  readonly iceServers: readonly IceServerEntry[];
  readonly turn: TurnOptions | undefined;
}

/** Answers one request. Never rejects. */
export async function answer(request: IncomingMessage, response: ServerResponse, options: WebPagesOptions): Promise<void> {
  try {
    const url = urlOf(request);
    if (!url) json(response, 400, { error: 'malformed address' });
    else if (url.pathname === '/ice') await answerIce(request, response, url, options);
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      json(response, 405, { error: 'only GET and HEAD' });
    } else if (!(await serveFile(request, response, url, options.files))) json(response, 404, { error: 'not found' });
  } catch {
    // authorize, user() or the credentials failed: whose fault it is stays on the server.
    if (response.headersSent) response.destroy();
    else json(response, 500, { error: 'the server failed' });
  }
}

async function answerIce(request: IncomingMessage, response: ServerResponse, url: URL, options: WebPagesOptions): Promise<void> {
  const { origin, host } = request.headers;
  response.setHeader('vary', 'Origin');
  response.setHeader('cache-control', 'no-store');
  if (!judgeOrigin(origin, host, options.origins)) return json(response, 403, { error: 'this origin is not allowed' });
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin);
  if (request.method === 'OPTIONS') {
    response.setHeader('access-control-allow-headers', 'authorization');
    response.setHeader('access-control-max-age', '600');
    response.writeHead(204).end();
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD, OPTIONS');
    return json(response, 405, { error: 'only GET' });
  }
  const asked = joinRequestOf('ice', request, url);
  const allowed = options.authorize === undefined || (await options.authorize(asked)) !== false;
  if (!allowed) return json(response, 401, { error: 'not authorized' });
  json(response, 200, await iceAnswerOf(asked, options.iceServers, options.turn));
}

function json(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': new TextEncoder().encode(text).length,
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
