import { NETWORKS } from '../lab/network.mjs';
import { sleep } from '../lab/shell.mjs';
import { countFlows, judgeRoutes } from '../lab/witness.mjs';

const PAIRINGS = [
  ['chromium', 'chromium'],
  ['firefox', 'firefox'],
  ['chromium', 'firefox'],
];
const KINDS = ['raw', 'ours'];
/** Long enough for the camera's pictures and the tone to be counted, and for conntrack to tell the media's flow from the rest. */
const WATCH_MS = 600;
const SETTLE_MS = 6_000;

/** Every network with every pair of browsers, ours and the hand-written call in turns. */
export const connectCases = Object.entries(NETWORKS)
  .filter(([, spec]) => spec.case && spec.family !== 6)
  .flatMap(([network, spec]) =>
    PAIRINGS.map((engines) => ({
      family: 'connect',
      name: `${network}, ${engines.join(' and ')}`,
      network,
      engines,
      kind: spec.kind,
      servers: spec.servers,
      inCi: true,
      timeoutMs: 180_000,
      run: runConnect,
    })),
  );

async function runConnect(lab, { engines, kind, servers }, { rounds }) {
  const times = { raw: [], ours: [] };
  const complaints = [];
  let routes;
  for (let round = 0; round < rounds; round++) {
    // In turns, and the order changed every time: neither is always the one that finds a warm browser.
    for (const which of round % 2 ? [...KINDS].reverse() : KINDS) {
      const { time, found, said } = await once(lab, which, { engines, kind, servers }, round === 0);
      times[which].push(time);
      complaints.push(...said.map((text) => `${which}: ${text}`));
      if (which === 'ours' && found) routes = found;
    }
  }
  const median = (which, key) => middle(times[which].map((t) => t[key]));
  const row = { routes };
  for (const key of ['connected', 'message', 'frame']) {
    row[key] = { ours: median('ours', key), raw: median('raw', key) };
    row[key].ratio = row[key].ours / row[key].raw;
  }
  return { complaints, row, note: noteOf(row) };
}

/** One call of one kind: how long until it says connected, until a message and until a picture has arrived, at both ends. */
async function once(lab, which, { engines, kind, servers }, look) {
  const call = await lab.call(which, engines, { servers });
  try {
    lab.a.forgetFlows();
    lab.b.forgetFlows();
    const startedAt = await call.start();
    const connected = await call.connected(20_000);
    const refused = connected.find(({ error }) => error);
    if (refused) throw new Error(`${refused.error.code}: ${refused.error.message}`);
    const arrived = await call.arrived(20_000);
    const last = (list, key) => Math.max(...list.map((one) => one[key])) - startedAt;
    const time = { connected: last(connected, 'at'), message: last(arrived, 'message'), frame: last(arrived, 'frame') };
    return { time, ...(look ? await lookAt(lab, call, kind) : { said: [] }) };
  } catch (error) {
    const reports = await call.reports().catch(() => []);
    error.message += ` ${JSON.stringify(reports.map(({ state, log }) => ({ state, log })))}`;
    throw error;
  } finally {
    await call.end();
  }
}

/**
 * Media flows, and each end tells the path that the namespaces see. A browser may change to a better path in the first seconds
 * (Firefox does so for up to 3 s), so the two are compared until they agree.
 */
async function lookAt(lab, call, kind) {
  await call.both((p) => p.call('count'));
  const endAt = Date.now() + SETTLE_MS;
  for (;;) {
    const before = countFlows(lab);
    await sleep(WATCH_MS);
    const [stats, reports] = [await call.both((p) => p.call('stats')), await call.reports()];
    const found = reports.map((r) => r.route);
    const said = [...judgeRoutes({ lab, call, routes: found, kind, before }), ...judgeMedia(stats)];
    if (said.length === 0 || Date.now() > endAt) return { said, found };
  }
}

export function judgeMedia(stats) {
  return stats.flatMap((s, i) => {
    const side = i === 0 ? 'a' : 'b';
    return [
      ...(s.framesDecoded >= 3 ? [] : [`${side} decoded ${s.framesDecoded} frames`]),
      ...(s.audioEnergy > 0 ? [] : [`${side} hears silence`]),
    ];
  });
}

export const middle = (numbers) => {
  const sorted = [...numbers].sort((x, y) => x - y);
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)] + sorted[Math.ceil(at)]) / 2;
};

const noteOf = ({ connected: c, message: m, frame: f, routes }) =>
  `${describeRoute(routes)} · connected ${c.ours}/${c.raw} ms · message ${m.ours}/${m.raw} · picture ${f.ours}/${f.raw} (ours/raw)`;

export function describeRoute(routes) {
  const [a] = routes ?? [];
  if (!a) return 'no route';
  const by = routes.map((r) => r?.relayProtocol).filter(Boolean);
  return a.kind === 'relay' ? `relay (${[...new Set(by)].join(', ')})` : a.kind;
}
