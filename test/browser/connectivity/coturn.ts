import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real coturn on the loopback device. */
export interface Coturn {
  /** Where it listens: UDP, TCP and TLS alike. coturn tells TLS from plain text by the first byte. */
  readonly port: number;
  stop(): void;
}

/** Ways to be wrong. */
export interface CoturnOptions {
  /** Time-limited credentials with this secret, instead of user `alice` with password `wonder`. */
  readonly secret?: string;
  /** Gives addresses and then carries nothing: every peer is forbidden. */
  readonly halfDead?: boolean;
  /** How many relayed addresses a user may have at a time. */
  readonly quota?: number;
}

/** A port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Starts coturn and waits until it listens. */
export async function startCoturn({ secret, halfDead = false, quota }: CoturnOptions = {}): Promise<Coturn> {
  const folder = mkdtempSync(join(tmpdir(), 'peer-session-coturn-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const port = await freePort();
  const child = spawn('turnserver', [
    ...['-n', '--no-cli', '--no-dtls', '--fingerprint', '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', '--realm=test'],
    ...[`--listening-port=${port}`, `--tls-listening-port=${await freePort()}`, `--cert=${cert}`, `--pkey=${key}`],
    ...(secret === undefined
      ? ['--lt-cred-mech', '--user=alice:wonder']
      : ['--use-auth-secret', `--static-auth-secret=${secret}`]),
    ...(halfDead ? [] : ['--allow-loopback-peers']),
    ...(quota === undefined ? [] : [`--user-quota=${quota}`]),
    ...['--log-file=stdout', '--simple-log', '--verbose', '--pidfile=/dev/null', `--userdb=${join(folder, 'db')}`],
  ]);
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      // The last thing that it says when it starts.
      if (/DB connection success/.test(said)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (cause) => reject(new Error('coturn did not start; on Debian: apt-get install coturn', { cause })));
    child.once('exit', () => reject(new Error(`coturn ended: ${said}`)));
  });
  return {
    port,
    stop() {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
