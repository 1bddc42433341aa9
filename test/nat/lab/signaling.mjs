import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { certificate } from './certificate.mjs';
import { PUBLIC } from './network.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Runs a server script in the public namespace until it says that it listens. */
async function serve(ns, args) {
  // stdin is held open: when the run dies, however, the servers see its end and go.
  const child = spawn('ip', ['netns', 'exec', ns, process.execPath, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = await Promise.race([once(child.stdout, 'data').then(() => true), once(child, 'exit').then(() => false)]);
  if (!ready) throw new Error(`${args[0]} ended before it listened`);
  return child;
}

/**
 * Starts one signaling server on the public side: `script` gets the address and the port. Where only 443 is open it stands
 * behind TLS there, each on an address of its own.
 */
async function startSignaling(network, { script, port, front, args = [] }) {
  const bare = network.listenOn('signaling');
  const start = () => serve(network.pub, [script, bare, port, ...args]);
  let server = await start();
  const tls = network.spec.signalingTls;
  const { certificate: cert, key } = certificate();
  const proxy = tls ? await serve(network.pub, [here('tls-front.mjs'), front, 443, bare, port, cert, key]) : null;
  return {
    /** Where the page of this peer finds it. */
    urlFor: (side) => (tls ? `wss://${front}` : `ws://${network.host('signaling', side)}:${port}`),
    kill: async () => {
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
    },
    restart: async () => {
      server = await start();
    },
    stop: () => [server, proxy].forEach((child) => child?.kill('SIGKILL')),
  };
}

const RELAY = { script: here('relay.mjs'), port: 8081, front: PUBLIC.secondSignaling };
const SERVERS = {
  /** Ours; `script` is its bundle. */
  hub: ({ script, turn }) => ({ script, port: 8080, front: PUBLIC.signaling, args: [JSON.stringify(turn)] }),
  /** The relay of the hand-written call, which is also that of simple-peer: it has none of its own. */
  relay: () => RELAY,
  peerServer: () => ({ script: here('serve-peerjs.mjs'), port: 8082, front: PUBLIC.thirdSignaling }),
  nostr: () => ({ script: here('nostr-relay.mjs'), port: 8083, front: PUBLIC.fourthSignaling }),
};
const SERVER_OF = { ours: 'hub', raw: 'relay', 'simple-peer': 'relay', peerjs: 'peerServer', trystero: 'nostr' };

/** The signaling servers of a network, by name, each started when the first call that needs it asks. */
export function createSignaling(network, hub) {
  const running = {};
  const starting = {};
  return {
    running,
    async of(kind) {
      const name = SERVER_OF[kind];
      starting[name] ??= startSignaling(network, SERVERS[name](hub));
      running[name] = await starting[name];
      return running[name];
    },
  };
}
