// What an app can configure: which paths may be used, what the peer is told, and credentials that end during the call.
import { sleep, until } from '../lab/shell.mjs';
import { countFlows, judgeRoutes } from '../lab/witness.mjs';
import { judgeMedia } from './connect.mjs';

const SETTLE_MS = 6_000;
const ENGINES = [
  ['chromium', 'chromium'],
  ['firefox', 'firefox'],
];

const CASES = {
  'relay only, nothing of the own network is told': {
    network: 'two routers',
    config: { iceTransportPolicy: 'relay' },
    run: keepsQuiet,
    kind: 'relay',
    secret: (lab, side) => [lab.network.peers[side].address, lab.network.routers[side].address],
  },
  'a filter for relayed candidates, nothing of the own network is told': {
    network: 'two routers',
    config: { filter: 'relay only', iceTransportPolicy: 'relay' },
    run: keepsQuiet,
    kind: 'relay',
    secret: (lab, side) => [lab.network.peers[side].address, lab.network.routers[side].address],
  },
  'a filter without host candidates, none is told': {
    network: 'two routers',
    config: { filter: 'no host' },
    servers: 'stun',
    run: keepsQuiet,
    kind: 'srflx',
    secret: () => ['typ host'],
  },
  'the direct path is cut under way, the relay takes over': { network: 'two routers', run: changesPath },
};

export const iceCases = [
  ...Object.entries(CASES).flatMap(([name, one]) =>
    ENGINES.map((engines) => ({
      family: 'servers',
      name: `${name}, ${engines[0]}`,
      engines,
      inCi: true,
      timeoutMs: 90_000,
      ...one,
    })),
  ),
  ...ENGINES.map((engines) => ({
    family: 'servers',
    name: `a call of 90 s with credentials of 20 s, ${engines[0]}`,
    network: 'two symmetric routers',
    laboratory: { turnSeconds: 20 },
    engines,
    inCi: true,
    parallel: true,
    timeoutMs: 150_000,
    run: outlivesCredentials,
  })),
];

/** Neither the descriptions nor the candidates hold what is not to be told, also not after another exchange; and the route is right. */
async function keepsQuiet(lab, { engines, config, kind, secret, servers }) {
  const call = await lab.call('ours', engines, { config, servers });
  try {
    for (const side of ['a', 'b']) lab[side].forgetFlows();
    await call.start();
    await mustConnect(call);
    const complaints = await routeComplaints(lab, call, kind);
    const look = async (when) => {
      const told = { a: await call.b.call('told'), b: await call.a.call('told') };
      for (const side of ['a', 'b'])
        for (const word of secret(lab, side)) {
          const place = placeOf(told[side], word);
          if (place) complaints.push(`${when} ${side} has told "${word}": ${place}`);
        }
    };
    await look('at the start');
    await call.a.call('command', 'publishMore');
    const second = ({ sdp }) => (sdp.match(/^m=audio/gm) ?? []).length > 1;
    await until('the second exchange', async () => second(await call.b.call('told')), 10_000);
    await look('after the second exchange');
    return { complaints, note: kind };
  } finally {
    await call.end();
  }
}

function placeOf({ sdp, candidates }, word) {
  const line = sdp.split(/\r?\n/).find((text) => text.includes(word));
  if (line) return line;
  const host = word === 'typ host' && candidates.find(({ candidateType }) => candidateType === 'host');
  const known = host || candidates.find((c) => c.address === word || c.relatedAddress === word);
  return known && JSON.stringify(known);
}

async function mustConnect(call) {
  for (const { error } of await call.connected(30_000)) if (error) throw new Error(`${error.code}: ${error.message}`);
  await call.arrived(20_000);
  await call.both((p) => p.call('count'));
}

async function routeComplaints(lab, call, kind) {
  let said;
  await until(
    'the route that the namespaces see',
    async () => {
      const before = countFlows(lab);
      await sleep(600);
      const [stats, reports] = [await call.both((p) => p.call('stats')), await call.reports()];
      const routes = reports.map(({ route }) => route);
      said = [...judgeRoutes({ lab, call, routes, kind, before }), ...judgeMedia(stats)];
      return said.length === 0;
    },
    SETTLE_MS,
  ).catch(() => {});
  return said;
}

/**
 * The routers stop passing what goes straight from one to the other. The call goes on through TURN, and says so. TURN is known only
 * after the beginning: with it, a browser under load may well begin with the relay.
 */
async function changesPath(lab, { engines }) {
  const call = await lab.call('ours', engines, { config: { turnAfterMs: 3_000 } });
  try {
    await call.start();
    await mustConnect(call);
    const complaints = await routeComplaints(lab, call, 'srflx');
    const renewed = async () => (await call.reports()).every(({ answers }) => answers.length > 1);
    await until('the renewal with TURN', renewed, 10_000);
    const cutAt = Date.now();
    lab.network.routers.a.block(lab.network.routers.b.address);
    const told = async () => {
      const reports = await call.reports();
      return reports.map(({ log }) => log.find((e) => e.what === 'route' && e.at > cutAt && e.route.kind === 'relay')?.at);
    };
    let at = await told();
    await until('routechange at both ends', async () => (at = await told()).every(Boolean), 30_000).catch((error) =>
      complaints.push(error.message),
    );
    lab.a.forgetFlows();
    lab.b.forgetFlows();
    complaints.push(...(await routeComplaints(lab, call, 'relay')));
    // From the change of the route on: pictures that were under way at the cut prove nothing.
    const changedAt = Math.max(...at.map((t) => t ?? Date.now()));
    const flowing = async () => (await call.both((p) => p.call('flowingSince', changedAt))).map(({ media }) => media);
    let back = await flowing();
    await until('pictures through the relay', async () => (back = await flowing()).every(Boolean), 10_000).catch((error) =>
      complaints.push(error.message),
    );
    const after = (times) => times.map((time) => time && time - cutAt).join(' and ');
    return { complaints, note: `routechange after ${after(at)} ms, pictures after ${after(back)} ms` };
  } finally {
    lab.network.routers.a.heal();
    await call.end();
  }
}

const PARTS_MS = { before: 50_000, killed: 3_000, after: 37_000 };

/**
 * A relayed call four times as long as its credentials. It must not be disturbed by their end; and when at 50 s the TURN server
 * loses all allocations, a new one takes credentials that are still good.
 */
async function outlivesCredentials(lab, { engines }) {
  const measured = joinOutage(lab);
  try {
    return await relayedCall(lab, engines, measured);
  } finally {
    // A call that came to nothing keeps nobody waiting.
    measured();
  }
}

async function relayedCall(lab, engines, measured) {
  const call = await lab.call('ours', engines, { config: { iceUrl: true, iceTransportPolicy: 'relay' }, purpose: engines[0] });
  try {
    const startedAt = await call.start();
    await mustConnect(call);
    await sleep(PARTS_MS.before - (Date.now() - startedAt));
    const quiet = await call.both((p) => p.call('flowingSince', startedAt + 2_000));
    const allocatedAs = usersOf(lab.turn.log());
    measured();
    await lab.outage.over;
    const mendedAt = Date.now();
    await sleep(PARTS_MS.after);
    const after = await call.both((p) => p.call('flowingSince', mendedAt));
    const now = await call.both((p) => p.call('flowingSince', Date.now() - 1_000));
    const reports = await call.reports();
    const complaints = [];
    const fetched = reports.map(({ answers }) => answers.map(({ reason }) => reason));
    quiet.forEach(({ gap }, i) => gap > 1_000 && complaints.push(`${'ab'[i]}: pictures stood for ${gap} ms before the outage`));
    after.forEach(({ media }, i) => media === null && complaints.push(`${'ab'[i]}: no picture after the TURN server was back`));
    now.forEach(({ media }, i) => media === null && complaints.push(`${'ab'[i]}: no picture at the end`));
    fetched.forEach((list, i) => list.length < 5 && complaints.push(`${'ab'[i]} asked for servers only for ${list}`));
    reports.forEach(({ state, error, route }, i) => {
      if (state !== 'connected') complaints.push(`${'ab'[i]} ends ${state}: ${JSON.stringify(error)}`);
      if (route?.kind !== 'relay') complaints.push(`${'ab'[i]} says ${route?.kind}`);
    });
    if (complaints.length > 0)
      complaints.push(...reports.map((report, i) => `${'ab'[i]}, around the gap: ${storyAround(report, quiet[i].gapAt)}`));
    // With Firefox the allocation stays until it is lost; the outage shows that the newest credentials are at hand.
    const least = engines.includes('firefox') ? 1 : 4;
    if (allocatedAs.size < least) complaints.push(`coturn gave addresses to ${allocatedAs.size} credentials only`);
    const backMs = after.map(({ media }) => media && media - mendedAt);
    return {
      complaints,
      row: { fetched, gaps: quiet.map(({ gap }) => gap), backMs, credentials: allocatedAs.size },
      note: `${allocatedAs.size} credentials in use, longest gap ${quiet.map(({ gap }) => gap)} ms; back after coturn's end in ${backMs} ms`,
    };
  } finally {
    await call.end();
  }
}

function storyAround({ timeline, log }, at) {
  // The two clocks are joined by what stands in both.
  const first = log.find(({ what }) => what === 'signaling');
  const zero = first.at - timeline.find(({ what }) => what === 'state signaling').atMs;
  const near = timeline.filter(({ atMs }) => zero + atMs > at - 18_000 && zero + atMs < at + 4_000);
  return near.map(({ atMs, what, detail = '' }) => `${Math.round(zero + atMs - at)} ${what} ${detail}`.trim()).join('; ');
}

/**
 * One outage for all calls of this laboratory, when the last of them has measured what goes before it: browsers start at their own pace.
 * Gives the function by which a call says that it has.
 */
function joinOutage(lab) {
  if (!lab.outage) {
    let begin;
    const begun = new Promise((resolve) => (begin = resolve));
    const over = begun
      .then(() => lab.turn.kill())
      .then(() => sleep(PARTS_MS.killed))
      .then(() => lab.turn.start());
    lab.outage = { waiting: 0, begin, over };
  }
  const { outage } = lab;
  outage.waiting++;
  let waiting = true;
  return () => {
    if (waiting) outage.waiting--;
    waiting = false;
    if (outage.waiting === 0) outage.begin();
  };
}

const usersOf = (log) =>
  new Set([...log.matchAll(/user <(\d+)[^>]*>: incoming packet ALLOCATE processed, success/g)].map(([, end]) => end));
