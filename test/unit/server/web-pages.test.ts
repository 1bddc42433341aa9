import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from './loopback-server.js';

const base = mkdtempSync(join(tmpdir(), 'peer-session-pages-'));
const files = { '/': join(base, 'demo'), '/dist/': join(base, 'dist') };

beforeAll(() => {
  for (const folder of ['demo/sub', 'demo/bare', 'dist']) mkdirSync(join(base, folder), { recursive: true });
  writeFileSync(join(base, 'secret.txt'), 'secret');
  writeFileSync(join(base, 'demo/.env'), 'secret');
  writeFileSync(join(base, 'demo/index.html'), '<h1>demo</h1>');
  writeFileSync(join(base, 'demo/empty.css'), '');
  writeFileSync(join(base, 'demo/sub/index.html'), '<h1>sub</h1>');
  writeFileSync(join(base, 'dist/index.js'), 'export {};');
  symlinkSync(join(base, 'secret.txt'), join(base, 'demo/link.txt'));
  symlinkSync(join(base, 'demo/index.html'), join(base, 'demo/home.html'));
});
afterAll(() => rmSync(base, { recursive: true }));

/** Sends the path as it is; fetch() would tidy it up first. */
function get(
  port: number,
  path: string,
  method = 'GET',
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('files', () => {
  it.each([
    ['/', 200, 'text/html; charset=utf-8', '<h1>demo</h1>'],
    ['/index.html?x=1', 200, 'text/html; charset=utf-8', '<h1>demo</h1>'],
    ['/home.html', 200, 'text/html; charset=utf-8', '<h1>demo</h1>'],
    ['/empty.css', 200, 'text/css; charset=utf-8', ''],
    ['/sub/', 200, 'text/html; charset=utf-8', '<h1>sub</h1>'],
    ['/dist/index.js', 200, 'text/javascript; charset=utf-8', 'export {};'],
  ])('%s -> %i %s', async (path, status, type, body) => {
    const { port } = await startServer({ files });
    const answer = await get(port, path);
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    expect(await get(port, path, 'HEAD')).toMatchObject({ status, body: '' });
  });

  it('leads to the folder, where its links work', async () => {
    const { port } = await startServer({ files });
    expect(await get(port, '/sub?a=1')).toMatchObject({ status: 308, headers: { location: '/sub/?a=1' } });
  });

  it.each([
    '/nothing',
    '/bare/',
    '/index.html/',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/dist/../secret.txt',
    '/dist/..%2f..%2fsecret.txt',
    '/link.txt',
    '/.env',
    '/sub//index.html',
    '/%00',
    '/%',
  ])('%s -> 404', async (path) => {
    const { port } = await startServer({ files });
    const answer = await get(port, path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });

  it('refuses other methods and malformed addresses', async () => {
    const { port } = await startServer({ files });
    expect(await get(port, '/', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect((await get(port, '//evil.example/')).status).toBe(400);
    expect((await get(port, '*', 'OPTIONS')).status).toBe(400);
  });

  it('serves nothing where nothing is to be served', async () => {
    const { port } = await startServer();
    expect((await get(port, '/')).status).toBe(404);
  });
});

describe('GET /ice', () => {
  const turn = { secret: 'north', urls: ['turn:t'], ttlSeconds: 60 };

  it('names no servers where none are configured', async () => {
    const { port } = await startServer();
    const answer = await get(port, '/ice');
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    });
    expect(JSON.parse(answer.body)).toEqual({ iceServers: [] });
  });

  it('names the fixed ones and mints credentials, by user', async () => {
    const { port } = await startServer({
      iceServers: [{ urls: 'stun:s' }],
      turn: { ...turn, user: ({ headers }) => headers.get('authorization') ?? '' },
    });
    const answer = JSON.parse((await get(port, '/ice', 'GET', { authorization: 'alice' })).body) as {
      iceServers: object[];
      expiresAt: number;
    };
    const expiry = answer.expiresAt / 1000;
    expect(answer.iceServers).toEqual([
      { urls: 'stun:s' },
      { urls: ['turn:t'], username: `${expiry}:alice`, credential: expect.any(String) },
    ]);
    expect(Math.abs(answer.expiresAt - Date.now() - 60_000)).toBeLessThan(5_000);
  });

  it('asks authorize, and hides why it failed', async () => {
    const answers: Record<string, () => boolean> = {
      good: () => true,
      bad: () => false,
      ugly: () => {
        throw new Error('secret');
      },
    };
    const { port } = await startServer({
      turn,
      authorize: ({ purpose, headers }) => purpose === 'ice' && (answers[headers.get('authorization') ?? 'bad']?.() ?? false),
    });
    const status = async (authorization: string): Promise<unknown> => (await get(port, '/ice', 'GET', { authorization })).status;
    expect([await status('good'), await status('bad'), await status('ugly'), (await get(port, '/ice')).status]).toEqual([
      200, 401, 500, 401,
    ]);
    expect((await get(port, '/ice', 'GET', { authorization: 'ugly' })).body).not.toContain('secret');
  });

  it('answers allowed pages, and refuses others', async () => {
    const { port } = await startServer({ turn, origins: ['https://app.example'] });
    const from = (origin: string, method = 'GET'): ReturnType<typeof get> => get(port, '/ice', method, { origin });
    expect(await from('https://app.example')).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://app.example', vary: 'Origin' },
    });
    expect(await from('https://app.example', 'OPTIONS')).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-headers': 'authorization' },
    });
    expect(await from('https://evil.example')).toMatchObject({ status: 403 });
    expect(await from('https://evil.example', 'OPTIONS')).toMatchObject({ status: 403 });
    expect(await from('https://app.example', 'POST')).toMatchObject({ status: 405 });
  });
});
