// checkConnectivity() in every network and with every kind of bad server: is what it says true?
import { PUBLIC } from '../lab/network.mjs';
import { credentials, turnUrls } from '../lab/turn-server.mjs';

const STUN = [`stun:${PUBLIC.turn}:3478`, `stun:${PUBLIC.secondStun}:3478`];
const UDP = 'turn:turn.lab.test:3478?transport=udp';
const TCP = 'turn:turn.lab.test:3478?transport=tcp';
const TLS = 'turns:turn.lab.test:443?transport=tcp';
const all = () => [{ urls: STUN }, { urls: turnUrls(), ...credentials() }];
const turn = (urls, options) => ({ urls, ...credentials(options) });

/** `works`: the servers that answer; the others have a problem with a code and a cure. `codes`: which, where it matters. */
const CASES = [
  {
    name: 'same router',
    network: 'same router',
    says: { verdict: 'ready', case: 2, nat: 'endpoint-independent', udp: true, works: [...STUN, UDP, TCP, TLS] },
  },
  {
    name: 'two routers',
    network: 'two routers',
    says: { verdict: 'ready', case: 2, nat: 'endpoint-independent', udp: true, works: [...STUN, UDP, TCP, TLS] },
  },
  {
    name: 'two symmetric routers',
    network: 'two symmetric routers',
    says: { verdict: 'ready', case: 3, nat: 'symmetric', udp: true, works: [...STUN, UDP, TCP, TLS] },
  },
  {
    name: 'UDP blocked',
    network: 'UDP blocked',
    says: { verdict: 'ready', case: 3, nat: 'unknown', udp: false, works: [TCP, TLS] },
  },
  {
    name: 'only TLS on 443',
    network: 'only TLS on 443',
    says: { verdict: 'ready', case: 3, nat: 'unknown', udp: false, works: [TLS] },
  },
  {
    name: 'symmetric, STUN only',
    network: 'two symmetric routers',
    servers: () => [{ urls: STUN }],
    says: { verdict: 'limited', case: 3, nat: 'symmetric', udp: true, works: STUN },
  },
  {
    name: 'UDP blocked, TURN over TCP refuses the password',
    network: 'UDP blocked',
    servers: () => [{ urls: STUN }, turn(TCP, { secret: 'not the one' })],
    says: { verdict: 'blocked', case: 3, udp: false, works: [], codes: { [TCP]: 'ice-server-unauthorized' } },
  },
  {
    name: 'bad servers of every kind',
    network: 'two routers',
    prepare: (lab) => lab.startHalfDeadTurn(),
    servers: () => [
      { urls: [STUN[0], `stun:${PUBLIC.silent}:3478`, 'stun:nobody.lab.test:3478'] },
      turn(UDP, { secret: 'not the one' }),
      turn(TCP, { seconds: -60 }),
      turn(`turn:${PUBLIC.halfDead}:3478?transport=udp`),
      turn(`turn:${PUBLIC.silent}:3478?transport=tcp`),
    ],
    says: {
      verdict: 'limited',
      // A TURN server that relays nothing still tells how it sees us: with the STUN server that makes two opinions.
      case: 2,
      nat: 'endpoint-independent',
      udp: true,
      works: [STUN[0]],
      codes: {
        [`stun:${PUBLIC.silent}:3478`]: 'ice-server-unreachable',
        'stun:nobody.lab.test:3478': 'ice-server-unreachable',
        [UDP]: 'ice-server-unauthorized',
        [TCP]: 'ice-server-unauthorized',
        [`turn:${PUBLIC.halfDead}:3478?transport=udp`]: 'ice-failed',
        [`turn:${PUBLIC.silent}:3478?transport=tcp`]: 'ice-server-unreachable',
      },
    },
  },
  {
    name: 'no servers',
    network: 'two routers',
    servers: () => [],
    says: { verdict: 'limited', case: null, nat: 'unknown', udp: null, works: [] },
  },
];

export const checkCases = CASES.flatMap((one) =>
  ['chromium', 'firefox'].map((engine) => ({
    ...one,
    family: 'check',
    name: `${one.name}, ${engine}`,
    engine,
    inCi: true,
    parallel: true,
    timeoutMs: 60_000,
    run: checks,
  })),
);
checkCases.push(
  ...['chromium', 'firefox'].map((engine) => ({
    family: 'check',
    name: `no network at all, ${engine}`,
    network: 'same router',
    engine,
    inCi: true,
    timeoutMs: 60_000,
    unplugged: true,
    says: { verdict: 'blocked', case: null, nat: 'unknown', udp: null, works: [], online: false },
    run: checks,
  })),
);

async function checks(lab, { engine, prepare, servers = all, says, unplugged }) {
  await prepare?.(lab);
  const url = await lab.url('ours', 'a');
  const tab = await lab.tab('a', engine);
  try {
    // What a page of a call has: with the camera allowed, browsers show the device's own addresses.
    await tab.call('prepare', 'ours', { media: true });
    if (unplugged) lab.a.disconnect();
    const startedAt = Date.now();
    const { report, steps } = await tab.call('check', { iceServers: servers(), url, room: `check-${engine}-${startedAt}` });
    return { complaints: judge(report, says, steps, unplugged), row: rowOf(report), note: noteOf(report) };
  } finally {
    if (unplugged) lab.a.reconnect();
    await tab.close();
  }
}

function judge(report, says, steps, unplugged) {
  const complaints = [];
  const expect = (what, is, wanted) => {
    if (wanted !== undefined && is !== wanted) complaints.push(`${what} is ${is} instead of ${wanted}`);
  };
  expect('verdict', report.verdict, says.verdict);
  expect('case', report.case, says.case);
  expect('network.nat', report.network.nat, says.nat);
  expect('network.udp', report.network.udp, says.udp);
  expect('network.online', report.network.online, says.online ?? true);
  expect('signaling.ok', report.signaling.ok, !unplugged);
  for (const { url, ok, problem, roundTripMs, kind } of report.servers) {
    expect(`${url} ok`, ok, says.works.includes(url));
    expect(`${url} problem`, problem?.code, says.codes?.[url]);
    if (ok && kind === 'turn' && !(roundTripMs >= 0)) complaints.push(`${url} has no round trip`);
    if (!ok && !problem?.hint) complaints.push(`${url} does not work and has no cure`);
  }
  if (!report.summary || !report.explanation) complaints.push('no summary or no explanation');
  const [finished, total] = steps.at(-1).split(' ')[1].split('/');
  expect('steps told', finished, total);
  if (complaints.length > 0) complaints.push(JSON.stringify({ ...report, devices: undefined }));
  return complaints;
}

const rowOf = ({ verdict, case: kind, network, summary, explanation, elapsedMs }) => ({
  verdict,
  case: kind,
  nat: network.nat,
  udp: network.udp,
  summary,
  explanation,
  elapsedMs,
});
const noteOf = (report) => `${report.verdict}, case ${report.case}, ${Math.round(report.elapsedMs)} ms: ${report.summary}`;
