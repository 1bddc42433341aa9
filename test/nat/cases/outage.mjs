import { sufferOutage } from '../lab/outage.mjs';

const MEDIA_MS = 2_000;
const DATA_MS = 3_000;
/** The short tier asks whether calls come back, on whatever machine; the bars are for measuring. */
const SHORT_TIER = 2;
/**
 * So many calls suffer an outage together. Five at once would need more than two cores have, and all would come back later than they
 * can; so the same outage happens again for the next ones, in the same network and the same browsers.
 */
const TOGETHER = 2;
/** What each outage with its calls may take. */
const LIMIT_MS = 240_000;

/** What can stand beside ours. */
export const PEERS = ['raw', 'simple-peer', 'peerjs', 'trystero'];

/** A number that is another one every time: an address that has been given up is not used again. */
let used = 0;
const another = (from) => from + (used++ % 150);

/** What can happen to a call. `break` makes it, `mend` ends it after `lastMs`; the clock of a recovery starts when `mend` is done. */
const FAULTS = {
  'link down 3 s': { break: ({ lab }) => lab.a.unplug(), lastMs: 3_000, mend: ({ lab }) => lab.a.plug() },
  'link down 15 s': { break: ({ lab }) => lab.a.unplug(), lastMs: 15_000, mend: ({ lab }) => lab.a.plug() },
  'path silent 3 s': {
    break: ({ lab }) => lab.network.routers.a.cut(),
    lastMs: 3_000,
    mend: ({ lab }) => lab.network.routers.a.heal(),
  },
  'path silent 15 s': {
    break: ({ lab }) => lab.network.routers.a.cut(),
    lastMs: 15_000,
    mend: ({ lab }) => lab.network.routers.a.heal(),
  },
  'address changed, the old one dead': { spoils: true, break: ({ lab }) => lab.a.changeAddress(another(77)) },
  'router rebooted, new public address': {
    spoils: true,
    break: ({ lab }) => lab.network.routers.a.cut(),
    lastMs: 3_000,
    mend: ({ lab }) => lab.network.routers.a.changeAddress(`203.0.113.${another(21)}`),
  },
  'signaling server killed for 10 s': {
    undisturbed: true,
    break: ({ lab }) => Promise.all(Object.values(lab.signaling).map((server) => server.kill())),
    lastMs: 10_000,
    mend: ({ lab }) => Promise.all(Object.values(lab.signaling).map((server) => server.restart())),
  },
  'coturn killed for 10 s': {
    onlyOn: 'relayed',
    break: ({ lab }) => lab.turn.kill(),
    lastMs: 10_000,
    mend: ({ lab }) => lab.turn.start(),
  },
  'direct path cut, the relay is left': {
    onlyOn: 'direct',
    break: ({ lab }) => lab.network.routers.a.block(lab.network.routers.b.address),
    after: ({ lab }) => lab.network.routers.a.heal(),
  },
  'one page reloaded': { reloads: ['a'], break: () => {}, mend: (context) => reload(context, ['a']) },
  'both pages reloaded': { reloads: ['a', 'b'], break: () => {}, mend: (context) => reload(context, ['a', 'b']) },
  'one browser stopped for 30 s': {
    break: ({ each }) => each((call) => call.a.signal('SIGSTOP')),
    lastMs: 30_000,
    mend: ({ each }) => each((call) => call.a.signal('SIGCONT')),
  },
  '5 % of packets lost for 15 s': {
    lossy: true,
    break: ({ lab }) => lab.network.routers.a.lose(5),
    lastMs: 15_000,
    mend: ({ lab }) => lab.network.routers.a.heal(),
  },
  '20 % of packets lost for 15 s': {
    lossy: true,
    break: ({ lab }) => lab.network.routers.a.lose(20),
    lastMs: 15_000,
    mend: ({ lab }) => lab.network.routers.a.heal(),
  },
};

async function reload({ calls }, sides) {
  const starts = await Promise.all(
    calls.map(async (call) => {
      await Promise.all(sides.map((side) => call[side].reload()));
      const times = await Promise.all(sides.map((side) => call[side].start()));
      await Promise.all(sides.map((side) => call[side].call('count')));
      return [call, Math.max(...times)];
    }),
  );
  return new Map(starts);
}

const DIRECT = { network: 'two routers', servers: 'all' };
const RELAYED = { network: 'two symmetric routers', servers: 'all' };
const CHROMIUM = ['chromium', 'chromium'];
const FIREFOX = ['firefox', 'firefox'];

/** What CI runs. The rest takes long and is measured by `--all`. */
const IN_CI = [
  ['direct', 'chromium', 'link down 3 s'],
  ['direct', 'chromium', 'path silent 15 s'],
  ['direct', 'chromium', 'signaling server killed for 10 s'],
  ['direct', 'firefox', 'one page reloaded'],
  ['relayed', 'chromium', 'coturn killed for 10 s'],
].map(String);

export const outageCases = Object.entries({ direct: DIRECT, relayed: RELAYED }).flatMap(([path, where]) =>
  [CHROMIUM, FIREFOX].flatMap((engines) =>
    Object.entries(FAULTS)
      .filter(([, { onlyOn = path }]) => onlyOn === path)
      .map(([name, fault]) => ({
        family: 'outage',
        name: `${name}, ${engines[0]}, ${path}`,
        ...where,
        engines,
        path,
        fault,
        faultName: name,
        spoils: fault.spoils,
        inCi: IN_CI.includes(String([path, engines[0], name])),
        timeoutMs: ({ beside }) => LIMIT_MS * Math.ceil((1 + beside.length) / TOGETHER),
        run: runOutage,
      })),
  ),
);

async function runOutage(lab, { engines, servers, fault }, { beside, short }) {
  const kinds = ['ours', ...beside];
  const results = new Map();
  for (let i = 0; i < kinds.length; i += TOGETHER) {
    const together = kinds.slice(i, i + TOGETHER);
    const outcome = sufferOutage(lab, { engines, servers, fault, kinds: together }).finally(() => fault.after?.({ lab }));
    // A call of somebody else that does not even begin is no failure of ours.
    const found = await (together.includes('ours') ? outcome : outcome.catch((error) => failedCalls(together, error)));
    for (const [kind, result] of found) results.set(kind, result);
  }
  return {
    complaints: judge(results.get('ours'), fault, short ? SHORT_TIER : 1),
    row: Object.fromEntries(results),
    note: noteOf(results),
    details: [...results].flatMap(detailsOf),
  };
}

const failedCalls = (kinds, { message }) => kinds.map((kind) => [kind, { failed: message }]);

/** What each end noted after the outage, and how many connections it has made and still holds open. */
const detailsOf = ([kind, { troubles = [], connections }]) =>
  troubles.map((list, i) => {
    const { made, alive } = connections[i];
    return `${kind} ${'ab'[i]} (connections: ${made} made, ${alive} open): ${list.join('; ')}`;
  });

/** What the library promises, with the bars times `patience`. The others are only printed beside it. */
function judge(result, fault, patience) {
  const said = [];
  const late = (what, ms, limit) => {
    if (ms === null) said.push(`${what} never came back`);
    else if (ms > limit) said.push(`${what} came back after ${ms} ms, more than ${limit}`);
  };
  if (fault.undisturbed && result.gapMs > 1_000) said.push(`pictures stood still for ${result.gapMs} ms`);
  late('media', result.mediaMs, (fault.lossy ? 4_000 : MEDIA_MS) * patience);
  late('data', result.dataMs, DATA_MS * patience);
  for (const [way, { sent, lost, repeated, disordered }] of [
    ['to b', result.toB],
    ['to a', result.toA],
  ]) {
    // What was said to a page before it was reloaded died with it.
    const known = !fault.reloads || (way === 'to b' && !fault.reloads.includes('b'));
    if (known && lost > 0) said.push(`${lost} of ${sent} messages ${way} were lost`);
    if (repeated || disordered) said.push(`${repeated} messages ${way} came twice, ${disordered} out of order`);
  }
  result.states.forEach((state, i) => {
    if (state !== 'connected') said.push(`${'ab'[i]} ends ${state}: ${JSON.stringify(result.errors[i])}`);
  });
  if (said.length > 0)
    said.push(
      `at a and b: media ${result.sides.media}, data ${result.sides.data}`,
      ...result.troubles.map((list, i) => `${'ab'[i]}: ${list.join('; ')}`),
    );
  return said;
}

const shown = (ms) => (ms === null ? 'never' : `${ms}`);
const noteOf = (results) =>
  [...results]
    .map(([kind, r]) =>
      r.failed
        ? `${kind}: ${r.failed}`
        : `${kind}: media ${shown(r.mediaMs)} data ${shown(r.dataMs)} gap ${r.gapMs} lost ${r.toB.lost + r.toA.lost}`,
    )
    .join(' · ');
