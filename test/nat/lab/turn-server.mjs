import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificate } from './certificate.mjs';
import { workFolder } from './namespaces.mjs';
import { PUBLIC } from './network.mjs';
import { until } from './shell.mjs';

export const TURN_SECRET = 'only for the laboratory';
const REALM = 'lab.test';
const GUIDE = fileURLToPath(new URL('../../../docs/guides/turn-server.md', import.meta.url));
let count = 0;

/**
 * The configuration that the guide gives, with the secret, the names and the files of the laboratory in it: what users copy is what
 * is tested.
 */
function configuration(certificates) {
  const [, text] = /```ini\n([^]*?)```/.exec(readFileSync(GUIDE, 'utf8')) ?? [];
  const ours = {
    'static-auth-secret': TURN_SECRET,
    realm: REALM,
    cert: certificates.certificate,
    pkey: certificates.key,
  };
  return Object.entries(ours).reduce((file, [key, value]) => {
    if (!new RegExp(`^${key}=`, 'm').test(file)) throw new Error(`the guide's configuration lacks ${key}`);
    return file.replace(new RegExp(`^${key}=.*`, 'm'), () => `${key}=${value}`);
  }, text ?? '');
}

/**
 * A real coturn on the public side: UDP and TCP on 3478, TLS on 443, time-limited credentials as its REST scheme has them.
 * `address` answers STUN and TURN; the other ones in `alsoOn` do so too, for a second opinion on the mapping.
 */
export async function startTurnServer(network, { address = PUBLIC.turn, alsoOn = [PUBLIC.secondStun] } = {}) {
  const id = ++count;
  const file = (end) => join(workFolder(), `coturn-${id}.${end}`);
  writeFileSync(file('conf'), configuration(certificate()));
  // Where the laboratory differs from a server of one's own: several of them on one machine, and we read along.
  const options = {
    'listening-ip': [address, ...alsoOn],
    'relay-ip': [address],
    'log-file': ['stdout'],
    pidfile: [file('pid')],
    userdb: [file('db')],
  };
  const args = Object.entries(options).flatMap(([key, values]) => values.map((value) => `--${key}=${value}`));
  let child;
  const log = () => readFileSync(file('log'), 'utf8');
  const start = async () => {
    const output = openSync(file('log'), 'w');
    const inside = ['netns', 'exec', network.pub, 'setpriv', '--pdeathsig', 'KILL'];
    const command = ['turnserver', '-c', file('conf'), ...args, '--verbose', '--simple-log'];
    child = spawn('ip', [...inside, ...command], { stdio: ['ignore', output, output] });
    closeSync(output);
    const said = () => log().split('\n').slice(-8).join('\n');
    // The last things that coturn says when it starts, after its listeners, in any order.
    const ready = () => /auth thread/.test(log()) && /DB connection success/.test(log());
    await until('coturn', ready, 10_000).catch((error) => {
      throw new Error(`${error.message}: ${said()}`);
    });
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
