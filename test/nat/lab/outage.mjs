import { within } from './laboratory.mjs';
import { sleep, until } from './shell.mjs';

/** How long a call runs before something happens to it. */
const SETTLE_MS = 2_500;
/** How long a call may take to come back before it counts as lost. */
const PATIENCE_MS = 30_000;

/**
 * Lets one thing happen to calls of several kinds at the same time, so that all meet exactly the same outage, and measures each
 * from the moment at which a usable path exists again.
 */
export async function sufferOutage(lab, { engines, servers = 'all', config, fault, kinds }) {
  const calls = [];
  try {
    for (const [i, kind] of kinds.entries())
      calls.push(await beginCall(lab, kind, { engines, servers, config, purpose: `call ${i}` }));
    await sleep(SETTLE_MS);
    const brokenAt = Date.now();
    const context = { lab, calls, each: (f) => Promise.all(calls.map(f)) };
    await fault.break(context);
    await sleep(fault.lastMs ?? 0);
    const mended = await fault.mend?.(context);
    // Where a page has to start again, the clock of its call runs from there.
    const mendedAt = (call) => mended?.get?.(call) ?? mendedNow;
    const mendedNow = Date.now();
    const results = await Promise.all(calls.map((call) => measure(call, { brokenAt, mendedAt: mendedAt(call) })));
    return new Map(calls.map((call, i) => [call.kind, results[i]]));
  } finally {
    await Promise.all(calls.map((call) => call.end().catch(() => {})));
  }
}

/** A call that is connected and counts messages both ways. */
export async function beginCall(lab, kind, { engines, servers, config, purpose }) {
  const call = await lab.call(kind, engines, { servers, config, purpose });
  await call.start();
  await call.connected(30_000);
  await call.arrived(30_000);
  await call.both((p) => p.call('count'));
  return call;
}

/** When frames and messages flow again at both ends, and what became of the messages. */
async function measure(call, { brokenAt, mendedAt }) {
  const look = () =>
    within(
      5_000,
      'a page to answer',
      call.both((p) => p.call('flowingSince', mendedAt)),
    );
  const flows = (seen) => seen.every(({ media, data }) => media !== null && data !== null);
  let seen = await look();
  await until('the call to come back', async () => flows((seen = await look())), PATIENCE_MS, 200).catch(() => {});
  // What must never have stopped is looked at over the whole time, and a little more.
  await sleep(1_000);
  const whole = await call.both((p) => p.call('flowingSince', brokenAt - 1_000));
  const counts = await countMessages(call);
  const reports = await call.reports();
  const connections = await call.both((p) => p.call('connections'));
  const since = (key) => {
    const times = seen.map((one) => one[key]);
    return times.includes(null) ? null : Math.max(...times) - mendedAt;
  };
  const each = (key) => seen.map((one) => (one[key] === null ? null : one[key] - mendedAt));
  return {
    mediaMs: since('media'),
    dataMs: since('data'),
    sides: { media: each('media'), data: each('data') },
    gapMs: Math.max(...whole.map(({ gap }) => gap)),
    ...counts,
    troubles: reports.map(({ log }) =>
      log.filter(({ at, what }) => at > brokenAt && what !== 'route').map((e) => tell(e, mendedAt)),
    ),
    states: reports.map(({ state }) => state ?? null),
    errors: reports.map(({ error }) => error ?? null),
    connections,
    timelines: reports.map(({ timeline, log }) => ({ timeline, log })),
  };
}

const tell = ({ at, what, reason, error }, mendedAt) =>
  `${at - mendedAt} ${what}${reason ? ` (${reason})` : ''}${error ? ` ${error.code}: ${error.message}` : ''}`;

/** Stops the counting on both sides, lets what is under way arrive, and compares. */
export async function countMessages(call) {
  await call.both((p) => p.call('stopCounting'));
  const tally = async () => {
    const [a, b] = await call.reports();
    const way = (from, to) => {
      const { received = 0, repeated = 0, disordered = 0 } = to.theirs[from.life] ?? {};
      return { sent: from.sent, received, lost: from.sent - received, repeated, disordered };
    };
    return { toB: way(a, b), toA: way(b, a) };
  };
  let counts = await tally();
  const settled = ({ toA, toB }) => toA.lost <= 0 && toB.lost <= 0;
  await until('the last messages', async () => settled((counts = await tally())), 4_000, 200).catch(() => {});
  return counts;
}
