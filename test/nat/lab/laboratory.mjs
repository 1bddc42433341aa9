import { startBrowser } from './browser.mjs';
import { memoryOf } from './namespaces.mjs';
import { createNetwork, PUBLIC } from './network.mjs';
import { sleep } from './shell.mjs';
import { createSignaling } from './signaling.mjs';
import { iceServersOf, startTurnServer, TURN_SECRET, turnUrls } from './turn-server.mjs';

/**
 * One network with its servers, and browsers as they are asked for. Everything that a case needs hangs on this:
 * `lab.call('ours', ['chromium', 'firefox'], {...})` opens a tab at each peer.
 */
export async function openLaboratory(name, { pages, server: hubScript, turnSeconds = 3600, onLog }) {
  const network = createNetwork(name);
  const turn = await startTurnServer(network);
  const servers = createSignaling(network, {
    script: hubScript,
    turn: { secret: TURN_SECRET, urls: turnUrls(), ttlSeconds: turnSeconds },
  });
  const signaling = servers.running;
  const browsers = new Map();
  const others = [];
  let halfDead;
  let calls = 0;

  /** A browser per peer, engine and purpose; `purpose` keeps calls that run at the same time apart. */
  const browser = async (side, engine, purpose = '') => {
    const key = `${side} ${engine} ${purpose}`;
    // The promise is kept, not the browser: two cases may ask at the same time.
    if (!browsers.has(key)) browsers.set(key, startBrowser(network.peers[side], engine, pages, { onLog }));
    return browsers.get(key);
  };

  return {
    name,
    network,
    spec: network.spec,
    turn,
    signaling,
    browser,
    a: network.peers.a,
    b: network.peers.b,
    /** A second TURN server, which gives out relay addresses through which nothing passes. */
    startHalfDeadTurn: () => {
      halfDead ??= startTurnServer(network, { address: PUBLIC.halfDead, alsoOn: [] }).then((server) => {
        others.push(server);
        return server;
      });
      return halfDead;
    },
    /** A tab without a call, for the checks before one. */
    async tab(side, engine) {
      const host = await browser(side, engine);
      return host.open(`tab-${++calls}`);
    },
    /** Where a page reaches the signaling server of a kind. */
    url: async (kind, side) => (await servers.of(kind)).urlFor(side),
    /**
     * A call of one kind, prepared but not begun. `config` goes to both pages; with functions in `sides` it can differ.
     */
    async call(kind, engines, { config = {}, sides = {}, media = true, purpose = '', servers: ice = 'all' } = {}) {
      const server = await servers.of(kind);
      const room = `room-${process.pid}-${++calls}`;
      const open = async (side, engine) => {
        const host = await browser(side, engine, purpose);
        const tab = await host.open(room);
        await tab.call('prepare', kind, { media });
        const url = server.urlFor(side);
        const own = {
          url,
          room,
          iceServers: iceServersOf({ user: `${room}-${side}` }).slice(0, { none: 0, stun: 1, all: 2 }[ice]),
          ...config,
          ...sides[side],
        };
        if (own.iceUrl === true) own.iceUrl = `${url.replace(/^ws/, 'http')}/ice`;
        return {
          ...tab,
          side,
          engine,
          start: () => tab.call('start', kind, { ...own, first: side === 'a' }),
          reload: async () => {
            await tab.reload();
            await tab.call('prepare', kind, { media });
          },
          signal: (signal) => network.peers[side].signal(host.processes(), signal),
          /** What all processes of this browser hold, in bytes. */
          memory: () => memoryOf(host.processes()),
        };
      };
      const [a, b] = await Promise.all([open('a', engines[0]), open('b', engines[1])]);
      return callOf(kind, room, a, b);
    },
    async close() {
      await Promise.allSettled([...browsers.values()].map(async (one) => (await one).stop()));
      for (const one of Object.values(signaling)) one.stop();
      for (const one of [turn, ...others]) one.stop();
      network.remove();
    },
  };
}

function callOf(kind, room, a, b) {
  const both = (f) => Promise.all([f(a), f(b)]);
  return {
    kind,
    room,
    a,
    b,
    both,
    /** A first, waiting for its peer; the clock runs from the start of B. */
    async start({ headStartMs = 400 } = {}) {
      await a.start();
      await sleep(headStartMs);
      return b.start();
    },
    connected: (ms) =>
      within(
        ms,
        `${kind} to connect`,
        both((p) => p.call('connected')),
      ),
    arrived: (ms) =>
      within(
        ms,
        `${kind} to bring media and data`,
        both((p) => p.call('arrived')),
      ),
    reports: () => both((p) => p.call('report')),
    async end() {
      await both((p) => p.call('close').catch(() => {}));
      await both((p) => p.close());
    },
  };
}

export function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
