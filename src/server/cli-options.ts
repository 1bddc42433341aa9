import { parseArgs } from 'node:util';
import type { ServerOptions } from './create-server.js';

/** What the command line asks for. */
export interface CliOptions {
  readonly port: number;
  readonly host: string | undefined;
  /** The folder of the demo; `null`: none wanted; `undefined`: the package's own, if it is there. */
  readonly demo: string | null | undefined;
  readonly iceServers: NonNullable<ServerOptions['iceServers']>;
  readonly turn: ServerOptions['turn'];
  readonly origins: ServerOptions['origins'];
  /** Paths of the files. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** A mistake on the command line, in one sentence. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

export const HELP = `peer-session: a signaling server with a demo

  npx peer-session [options]

  --port <number>       port, 0 for a free one (default: PORT, or 8080)
  --host <address>      address to listen on (default: all)
  --demo <folder>       folder to serve at / (default: the demo of the package)
  --no-demo             serve no pages
  --origin <origin>     a page's origin that may use the server, again for more; * for all
                        (default: pages of the same host name)
  --stun-url <url>      STUN server for GET /ice, again for more
  --turn-url <url>      TURN server for GET /ice, again for more
  --turn-secret <text>  its static-auth-secret (default: TURN_SECRET, which other users of the machine cannot see)
  --turn-ttl <seconds>  how long TURN credentials are good for (default: 3600)
  --tls-cert <file>     certificate in PEM, for https and wss
  --tls-key <file>      its key
  --help, --version
`;

const text = { type: 'string' } as const;
const list = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/**
 * Reads the command line.
 *
 * @throws UsageError with a sentence to print.
 */
export function parseCliOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CliOptions | 'help' | 'version' {
  const given = read(args);
  if (given.help) return 'help';
  if (given.version) return 'version';
  const turnUrls = given['turn-url'] ?? [];
  const secret = given['turn-secret'] ?? (turnUrls.length > 0 ? env['TURN_SECRET'] : undefined);
  if (turnUrls.length > 0 && !secret) throw new UsageError('--turn-url needs --turn-secret, or TURN_SECRET.');
  if (turnUrls.length === 0 && secret !== undefined) throw new UsageError('--turn-secret needs --turn-url.');
  const { 'tls-cert': cert, 'tls-key': key, origin, demo } = given;
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--tls-cert and --tls-key go together.');
  const ttlSeconds = numberOf('--turn-ttl', given['turn-ttl'] ?? '3600', 1, 365 * 24 * 3600);
  const stunUrls = given['stun-url'] ?? [];
  return {
    port: numberOf('--port', given.port ?? (env['PORT'] || '8080'), 0, 65_535),
    host: given.host,
    demo: given['no-demo'] ? null : demo,
    iceServers: stunUrls.length > 0 ? [{ urls: stunUrls }] : [],
    turn: secret ? { secret, urls: turnUrls, ttlSeconds } : undefined,
    origins: origin?.includes('*') ? '*' : origin,
    tls: cert !== undefined && key !== undefined ? { cert, key } : undefined,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: text,
        host: text,
        demo: text,
        'no-demo': flag,
        origin: list,
        'stun-url': list,
        'turn-url': list,
        'turn-secret': text,
        'turn-ttl': text,
        'tls-cert': text,
        'tls-key': text,
        help: flag,
        version: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The command line is not understood.');
  }
}

function numberOf(name: string, value: string, from: number, to: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= from && number <= to))
    throw new UsageError(`${name} must be a whole number from ${from} to ${to}, not "${value}".`);
  return number;
}
