import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { parseCliOptions } from '../../../src/server/cli-options.js';
import { CERTIFICATE, KEY } from './loopback-certificate.js';
import { startServer } from './loopback-server.js';

const project = fileURLToPath(new URL('../../..', import.meta.url));
// Shaped like the installed package, where ws is found.
const home = mkdtempSync(join(project, 'node_modules/.cli-test-'));
const cli = join(home, 'dist/server/cli.js');
const running = new Set<ChildProcess>();

beforeAll(async () => {
  for (const folder of ['examples/demo', 'examples/other', 'docs', 'own']) mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"type":"module","version":"1.2.3"}');
  for (const name of ['examples/demo', 'examples/other', 'own']) writeFileSync(join(home, name, 'index.html'), name);
  writeFileSync(join(home, 'docs/errors.md'), '# Errors');
  await build({
    entryPoints: [join(project, 'src/server/cli.ts')],
    outfile: cli,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['ws'],
  });
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  running.clear();
});
afterAll(() => rmSync(home, { recursive: true }));

interface Run {
  readonly child: ChildProcess;
  /** What it printed until it listened or ended. */
  readonly text: string;
  readonly url: string;
}

async function run(args: string[], env: Record<string, string> = {}, file = cli): Promise<Run> {
  const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env['PATH'], ...env } });
  running.add(child);
  let text = '';
  const done = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.includes('ICE servers at')) resolve();
      });
    }
    child.once('close', () => resolve());
  });
  await done;
  return { child, text, url: /https?:\/\/localhost:\d+\//.exec(text)?.[0] ?? '' };
}

const get = async (url: string): Promise<string> => (await fetch(url)).text();

describe('npx peer-session', () => {
  it('serves the demo, the package, its other examples and docs, and signaling', async () => {
    const { text, url } = await run(['--port', '0']);
    expect(text.split('\n')[0]).toBe(`peer-session: ${url}`);
    expect(await Promise.all(['', 'examples/other/', 'docs/errors.md', 'ice'].map((path) => get(url + path)))).toEqual([
      'examples/demo',
      'examples/other',
      '# Errors',
      '{"iceServers":[]}',
    ]);
    expect(await get(`${url}dist/server/cli.js`)).toContain('peer-session');
    expect((await fetch(`${url}package.json`)).status).toBe(404);
    const ws = new WebSocket(`${url.replace('http', 'ws')}signal?room=r&peer=p`);
    const [data] = (await once(ws, 'message')) as [Buffer];
    expect(JSON.parse(data.toString())).toMatchObject({ type: 'welcome', peerId: 'p' });
    ws.terminate();
  });

  it('serves another folder, and nothing around it', async () => {
    const { url } = await run(['--demo', join(home, 'own')], { PORT: '0' });
    expect(await get(url)).toBe('own');
    expect((await fetch(`${url}examples/other/`)).status).toBe(404);
  });

  it('serves no pages when told so, and mints credentials', async () => {
    const { url } = await run(['--no-demo', '--port=0', '--stun-url', 'stun:s', '--turn-url', 'turn:a', '--turn-url', 'turn:b'], {
      TURN_SECRET: 'north',
    });
    expect((await fetch(url)).status).toBe(404);
    expect(JSON.parse(await get(`${url}ice`))).toMatchObject({
      iceServers: [{ urls: ['stun:s'] }, { urls: ['turn:a', 'turn:b'] }],
    });
  });

  it('speaks https', async () => {
    const [cert, key] = [join(home, 'cert.pem'), join(home, 'key.pem')];
    writeFileSync(cert, CERTIFICATE);
    writeFileSync(key, KEY);
    const { url, text } = await run(['--port', '0', '--tls-cert', cert, '--tls-key', key]);
    expect(text).toContain('wss://localhost');
    const [response] = (await once(request(`${url}ice`, { ca: CERTIFICATE }).end(), 'response')) as [
      { statusCode: number; resume(): void },
    ];
    response.resume();
    expect(response.statusCode).toBe(200);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends by %s, and tells its clients', async (signal) => {
    const { child, url } = await run(['--port', '0']);
    const ws = new WebSocket(`${url.replace('http', 'ws')}signal?room=r&peer=p`);
    await once(ws, 'open');
    const closed = once(ws, 'close');
    child.kill(signal);
    expect((await closed)[0]).toBe(1001);
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });

  it('says in one line that the port is taken', async () => {
    const { port } = await startServer({ host: '::' });
    const { child, text } = await run(['--port', `${port}`]);
    expect(text).toBe(`peer-session: port ${port} is in use; choose another with --port or PORT\n`);
    expect(child.exitCode).toBe(1);
  });

  it.each([
    [['--port', 'x'], '--port must be a whole number from 0 to 65535, not "x".'],
    [['--demo', '/nowhere'], '--demo: there is no folder "/nowhere".'],
    [['--port', '0', '--tls-cert', '/no', '--tls-key', '/no'], '--tls-cert: cannot read "/no".'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('%j -> one line', async (args, line) => {
    const { child, text } = await run(args);
    expect(text.trimEnd().split('\n')).toEqual([expect.stringContaining(line)]);
    expect(child.exitCode).toBe(2);
  });

  it('says what to install where ws is missing', async () => {
    // Nothing above this folder has a node_modules with ws in it.
    const bare = mkdtempSync(join(tmpdir(), 'peer-session-no-ws-'));
    try {
      mkdirSync(join(bare, 'dist/server'), { recursive: true });
      copyFileSync(cli, join(bare, 'dist/server/cli.mjs'));
      const { child, text } = await run(['--no-demo'], {}, join(bare, 'dist/server/cli.mjs'));
      expect(text).toBe('peer-session: createServer() needs the package "ws". Run: npm install ws\n');
      expect(child.exitCode).toBe(1);
    } finally {
      rmSync(bare, { recursive: true });
    }
  });

  it('helps, and tells its version', async () => {
    expect((await run(['--help'])).text).toContain('--turn-secret');
    expect((await run(['--version'])).text).toBe('1.2.3\n');
  });
});

describe('parseCliOptions', () => {
  it.each([
    [[], {}, { port: 8080, demo: undefined, origins: undefined, turn: undefined, tls: undefined, iceServers: [] }],
    [[], { PORT: '' }, { port: 8080 }],
    [['--port', '1'], { PORT: '2' }, { port: 1 }],
    [['--no-demo'], {}, { demo: null }],
    [['--origin', 'https://a', '--origin', 'https://b'], {}, { origins: ['https://a', 'https://b'] }],
    [['--origin', 'https://a', '--origin', '*'], {}, { origins: '*' }],
    [
      ['--turn-url', 'turn:t', '--turn-secret', 's', '--turn-ttl', '9'],
      {},
      { turn: { secret: 's', urls: ['turn:t'], ttlSeconds: 9 } },
    ],
    [[], { TURN_SECRET: 's' }, { turn: undefined }],
  ])('%j %j', (args, env, options) => expect(parseCliOptions(args, env)).toMatchObject(options));

  it.each([
    [['--turn-url', 'turn:t'], '--turn-secret'],
    [['--turn-secret', 's'], '--turn-url'],
    [['--tls-cert', 'c'], '--tls-key'],
    [['--port', '65536'], '65535'],
    [['extra'], 'extra'],
  ])('refuses %j', (args, named) => expect(() => parseCliOptions(args, {})).toThrow(named));
});
