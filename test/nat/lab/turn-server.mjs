import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate } from './certificate.mjs';
import { workFolder } from './namespaces.mjs';
import { PUBLIC } from './network.mjs';
import { until } from './shell.mjs';

export const TURN_SECRET = 'only for the laboratory';
const REALM = 'lab.test';
let count = 0;

/**
 * A real coturn on the public side: UDP and TCP on 3478, TLS on 443, time-limited credentials as its REST scheme has them.
 * `address` answers STUN and TURN; the other ones in `alsoOn` do so too, for a second opinion on the mapping.
 */
export async function startTurnServer(network, { address = PUBLIC.turn, alsoOn = [PUBLIC.secondStun] } = {}) {
  const { certificate: cert, key } = certificate();
  const file = (end) => join(workFolder(), `coturn-${id}.${end}`);
  const id = ++count;
  const logFile = file('log');
  let child;
  const log = () => readFileSync(logFile, 'utf8');
  const start = async () => {
    const output = openSync(logFile, 'w');
    const listen = [address, ...alsoOn].map((ip) => `--listening-ip=${ip}`);
    child = spawn(
      'ip',
      [
        'netns',
        'exec',
        network.pub,
        'setpriv',
        '--pdeathsig',
        'KILL',
        'turnserver',
        '-n',
        ...listen,
        `--relay-ip=${address}`,
        '--listening-port=3478',
        '--tls-listening-port=443',
        `--cert=${cert}`,
        `--pkey=${key}`,
        '--use-auth-secret',
        `--static-auth-secret=${TURN_SECRET}`,
        `--realm=${REALM}`,
        '--fingerprint',
        '--no-cli',
        '--verbose',
        '--log-file=stdout',
        '--simple-log',
        `--pidfile=${file('pid')}`,
        `--userdb=${file('db')}`,
      ],
      { stdio: ['ignore', output, output] },
    );
    closeSync(output);
    // The last thing that coturn says when it starts, after its listeners.
    await until('coturn', () => /auth thread[^]*DB connection success/.test(log()), 10_000);
  };
  await start();
  return {
    address,
    log,
    start,
    /** Whether this user was given a relay address. */
    allocated: (user) => new RegExp(`user <\\d+:${user}>: incoming packet ALLOCATE processed, success`).test(log()),
    /** Gone at once: allocations, permissions and sockets are lost, nobody is told. */
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** A username that ends at a given time, and its password: what a web server gives to a user who may relay. */
export function credentials({ user = 'guest', seconds = 3600, secret = TURN_SECRET } = {}) {
  const username = `${Math.floor(Date.now() / 1000) + seconds}:${user}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

/** The addresses of the TURN server, all three ways. */
export const turnUrls = (host = 'turn.lab.test') => [
  `turn:${host}:3478?transport=udp`,
  `turn:${host}:3478?transport=tcp`,
  `turns:${host}:443?transport=tcp`,
];

/** The ICE servers an app would hand out: STUN, and TURN in all three ways. */
export function iceServersOf(options = {}, host = 'turn.lab.test') {
  return [{ urls: `stun:${host}:3478` }, { urls: turnUrls(host), ...credentials(options) }];
}
