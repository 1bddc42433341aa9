#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSessionError } from '../errors.js';
import { type CliOptions, HELP, parseCliOptions, UsageError } from './cli-options.js';
import { createServer, type SignalingServer } from './create-server.js';

/** The package: two folders up, from dist/server as from src/server. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is served: the demo at /, and beside it the built package and, for the package's own demo, its other examples and docs. */
function foldersOf(demo: CliOptions['demo']): Record<string, string> {
  const own = join(ROOT, 'examples');
  const folder = demo === undefined ? join(own, 'demo') : demo;
  if (folder === null || (demo === undefined && !existsSync(folder))) return {};
  const path = resolve(folder);
  if (!existsSync(path)) throw new UsageError(`--demo: there is no folder "${folder}".`);
  const folders = { '/': path, '/dist/': join(ROOT, 'dist') };
  const isOwn = !relative(own, path).startsWith('..') && path.startsWith(own + sep);
  if (!isOwn) return folders;
  const site = join(ROOT, 'docs/site');
  return { ...folders, '/examples/': own, '/docs/': existsSync(site) ? site : join(ROOT, 'docs') };
}

function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${option}: cannot read "${file}".`);
  }
}

/** Addresses under which other machines of this network find the server. */
function addressesOf(server: SignalingServer, host: string | undefined): string[] {
  const isLocal = host !== undefined && host !== '0.0.0.0' && host !== '::';
  if (isLocal) return [];
  const scheme = server.url.startsWith('https') ? 'https' : 'http';
  const found = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outer = found.filter(({ family, internal }) => family === 'IPv4' && !internal);
  return outer.map(({ address }) => `${scheme}://${address}:${server.port}/`);
}

function announce(server: SignalingServer, { host, tls }: CliOptions): void {
  console.log(`peer-session: ${server.url}`);
  const outside = addressesOf(server, host);
  for (const address of outside) console.log(`  on this network: ${address}`);
  if (outside.length > 0 && !tls) {
    console.log('  (browsers give no camera to pages on plain http from another machine: add --tls-cert and --tls-key)');
  }
  console.log(`  signaling at ${server.signalUrl}, ICE servers at ${server.url}ice`);
}

function explain(error: unknown, port: number | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another with --port or PORT`;
  if (code === 'EACCES') return `port ${port} needs more rights; choose one above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine does not have the address given with --host';
  return isSessionError(error) ? `${message} ${error.hint}` : message;
}

function versionLine(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return `${version}\n`;
}

async function run(): Promise<void> {
  const options = parseCliOptions(process.argv.slice(2), process.env);
  if (options === 'help' || options === 'version') {
    process.stdout.write(options === 'help' ? HELP : versionLine());
    return;
  }
  port = options.port;
  const { host, iceServers, turn, origins, tls } = options;
  const server = await createServer({
    port,
    iceServers,
    files: foldersOf(options.demo),
    ...(host !== undefined && { host }),
    ...(turn && { turn }),
    ...(origins && { origins }),
    ...(tls && { tls: { cert: readPem('--tls-cert', tls.cert), key: readPem('--tls-key', tls.key) } }),
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1); // asked twice: at once
    stopping = true;
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  announce(server, options);
}

let port: number | undefined;
run().catch((error: unknown) => {
  console.error(`peer-session: ${explain(error, port)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
