// Why it failed: each cause is made for real, and each session has to end in a typed error with a cure, in time.
import { PUBLIC } from '../lab/network.mjs';
import { credentials, iceServersOf, turnUrls } from '../lab/turn-server.mjs';

const STUN = { urls: [`stun:${PUBLIC.turn}:3478`, `stun:${PUBLIC.secondStun}:3478`] };
const turnWith = (options, urls = turnUrls()) => [STUN, { urls, ...credentials(options) }];
const ENGINES = [
  ['chromium', 'chromium'],
  ['firefox', 'firefox'],
];

/** Firefox 153 gathers nothing at all where there is no route by IPv4 (`iceGatheringState` stays `new`), with our code or without. */
const NO_IPV6 = 'chromium';

/** `says` is looked for in message and hint of both ends; `warns` among the codes of the warnings of at least one. */
const DIAGNOSES = {
  'both symmetric and no TURN': {
    network: 'two symmetric routers',
    servers: () => [STUN],
    code: 'ice-failed',
    says: /Both peers are behind .*NATs.*no TURN server is configured/,
  },
  'another TURN secret than the server has': {
    network: 'two symmetric routers',
    servers: () => turnWith({ secret: 'not the one' }),
    code: 'ice-failed',
    says: /refused with 401.*TURN secret/,
    warns: 'ice-server-unauthorized',
  },
  'a TURN credential that has expired': {
    network: 'two symmetric routers',
    servers: () => turnWith({ seconds: -60 }),
    code: 'ice-failed',
    says: /refused with 401.*expired/,
    warns: 'ice-server-unauthorized',
  },
  'a TURN server that allocates but does not relay': {
    network: 'two symmetric routers',
    prepare: (lab) => lab.startHalfDeadTurn(),
    servers: () => turnWith({}, [`turn:${PUBLIC.halfDead}:3478?transport=udp`]),
    code: 'ice-failed',
    says: /No data came through the TURN server.*relay ports/,
  },
  'a dead STUN server': {
    network: 'two routers',
    servers: () => [{ urls: `stun:${PUBLIC.silent}:3478` }],
    code: 'ice-failed',
    says: /no public address: no answer from STUN, or UDP is blocked/,
    // No warning: browsers give up on a silent STUN server only after 11 s (Firefox) and 40 s (Chromium).
  },
  'a TURN server whose port is closed': {
    network: 'two symmetric routers',
    servers: () => turnWith({}, [`turn:${PUBLIC.turn}:3500?transport=tcp`]),
    code: 'ice-failed',
    says: /No answer from turn:/,
    // Firefox says nothing of a TURN server that it cannot reach over TCP.
    warns: { chromium: 'ice-server-unreachable' },
  },
  'two routers and no server at all': {
    network: 'two routers',
    servers: () => [],
    code: 'ice-failed',
    says: /no STUN or TURN server is configured.*TURN/,
  },
  'relay only and no TURN': {
    network: 'two routers',
    servers: () => [STUN],
    config: { iceTransportPolicy: 'relay' },
    code: 'ice-failed',
    says: /Only relayed paths are allowed and no TURN server/,
  },
  'UDP blocked and TURN by UDP only': {
    network: 'UDP blocked',
    servers: () => turnWith({}, [`turn:${PUBLIC.turn}:3478?transport=udp`]),
    code: 'ice-failed',
    says: /No answer from turn:.*UDP is blocked.*turns:host:443\?transport=tcp/,
  },
  'UDP blocked and no TURN': {
    network: 'UDP blocked',
    servers: () => [STUN],
    code: 'ice-failed',
    says: /no public address: no answer from STUN, or UDP is blocked/,
  },
  'one peer has only IPv4, the other only IPv6': {
    only: NO_IPV6,
    network: 'IPv4 here, IPv6 there',
    servers: () => [],
    code: 'ice-failed',
    says: /One peer has only IPv4, the other only IPv6/,
  },
};

/** The two tries of ICE in a first connection; the time limit of connecting is 30 s, and counts when the two have met. */
const WITHIN_MS = 33_000;

const failing = Object.entries(DIAGNOSES).flatMap(([name, one]) =>
  ENGINES.filter(([engine]) => (one.only ?? engine) === engine).map((engines) => ({
    name: `${name}, ${engines[0]}`,
    engines,
    run: failsWithCure,
    ...one,
  })),
);

const working = ENGINES.flatMap((engines) => [
  {
    name: `a dead server beside good ones does no harm, ${engines[0]}`,
    network: 'two routers',
    engines,
    servers: () => [...iceServersOf(), { urls: `stun:${PUBLIC.silent}:3478` }],
    run: connectsAllTheSame,
  },
  {
    name: `both peers have only IPv6, ${engines[0]}`,
    network: 'IPv6 only',
    only: NO_IPV6,
    engines,
    servers: () => [],
    kind: 'host',
    run: connectsAllTheSame,
  },
  { name: `no network at all, ${engines[0]}`, network: 'same router', engines, run: hasNoNetwork, parallel: false },
]);

export const diagnosisCases = [...failing, ...working.filter(({ only, engines }) => !only || only === engines[0])].map((one) => ({
  family: 'diagnosis',
  inCi: true,
  parallel: true,
  timeoutMs: 90_000,
  ...one,
}));

const sentence = (error) => (error ? `${error.code}: ${error.message} ${error.hint}` : 'no error');

/** From the moment that they met to the end; some end before. */
const tookOf = ({ timeline }) => {
  const atMs = (what) => timeline.find((one) => one.what === what)?.atMs;
  return Math.round(atMs('state failed') - (atMs('peer joined') ?? 0));
};

const story = (timeline) =>
  timeline
    .filter(({ what }) => what !== 'candidate')
    .map(({ atMs, what, detail = '' }) => `${Math.round(atMs)} ${what} ${detail}`.trim())
    .join('; ');

async function failsWithCure(lab, { engines, prepare, servers, config, code, says, warns }) {
  await prepare?.(lab);
  const call = await lab.call('ours', engines, { config: { ...config, iceServers: servers() } });
  try {
    await call.start();
    const ends = await call.connected(60_000);
    const reports = await call.reports();
    const took = reports.map(tookOf);
    const complaints = [];
    ends.forEach(({ error }, i) => {
      const side = 'ab'[i];
      if (error?.code !== code) complaints.push(`${side} says ${sentence(error)} instead of ${code}`);
      if (!error?.hint || !error.stage) complaints.push(`${side} has no cure or no stage: ${sentence(error)}`);
      if (!(took[i] <= WITHIN_MS)) complaints.push(`${side} took ${took[i]} ms`);
    });
    // The two ends may see different things; each has to be told something that is true, and one of them the cause.
    if (!ends.some(({ error }) => says.test(sentence(error))))
      complaints.push(`nobody says ${says}: ${ends.map(({ error }) => sentence(error))}`);
    const wanted = typeof warns === 'object' ? warns[engines[0]] : warns;
    const warned = reports.flatMap(({ log }) => log.filter(({ what }) => what === 'warning').map(({ error }) => error));
    if (wanted && !warned.some((error) => error.code === wanted))
      complaints.push(`no warning ${wanted}: ${warned.map(sentence)}`);
    if (warned.some((error) => !error.hint)) complaints.push('a warning has no cure');
    if (complaints.length > 0) complaints.push(...reports.map(({ timeline }, i) => `${'ab'[i]}: ${story(timeline)}`));
    const seconds = took.map((ms) => (ms / 1000).toFixed(1));
    const { message, hint } = ends.find(({ error }) => says.test(sentence(error)))?.error ?? {};
    return { complaints, row: { seconds, message, hint }, note: `after ${seconds} s: ${message} → ${hint}` };
  } finally {
    await call.end();
  }
}

async function connectsAllTheSame(lab, { engines, servers }) {
  const call = await lab.call('ours', engines, { config: { iceServers: servers() } });
  try {
    await call.start();
    const ends = await call.connected(20_000);
    const complaints = ends.flatMap(({ error }) => (error ? [sentence(error)] : []));
    if (complaints.length === 0) await call.arrived(20_000);
    return { complaints, note: 'connected' };
  } finally {
    await call.end();
  }
}

/** One peer has no network from the beginning; the other one waits for nobody. */
async function hasNoNetwork(lab, { engines }) {
  const call = await lab.call('ours', engines, { config: { iceServers: [STUN], timeouts: { peerMs: 10_000 } } });
  lab.a.disconnect();
  try {
    const startedAt = await call.start();
    const [a, b] = await call.connected(60_000);
    const complaints = [];
    if (a.error?.code !== 'signaling-open') complaints.push(`a says ${sentence(a.error)}`);
    if (b.error?.code !== 'peer-timeout') complaints.push(`b says ${sentence(b.error)}`);
    for (const { error } of [a, b]) if (!error?.hint) complaints.push(`no cure: ${sentence(error)}`);
    const seconds = [a, b].map(({ at }) => ((at - startedAt) / 1000).toFixed(1));
    const { message, hint } = a.error ?? {};
    return { complaints, row: { seconds, message, hint }, note: `after ${seconds} s: ${sentence(a.error)}` };
  } finally {
    lab.a.reconnect();
    await call.end();
  }
}
