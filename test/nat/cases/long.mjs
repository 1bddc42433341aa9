import { beginCall, countMessages } from '../lab/outage.mjs';
import { drawOutages, letHappen } from '../lab/random-outages.mjs';
import { sleep } from '../lab/shell.mjs';
import { middle } from './connect.mjs';

/** Calm before the first outage and after the last one. */
const CALM_MS = 5_000;
const SAMPLE_EVERY_MS = 60_000;
/**
 * The heap of each page in the last fifth of the call may be so much above that of the second fifth, medians, everything collected that
 * can be. The first fifth warms up: code is compiled, the timeline and our own notes fill up to their bounds.
 */
const HEAP_GROWTH_BYTES = 500_000;
/** Fewer than this per fifth say nothing about memory. */
const MIN_SAMPLES = 3;
/** The one in use, and what the engine has not let go of yet. */
const REACHABLE_CONNECTIONS = 3;
const TIMELINE_ENTRIES = 500;

/** One call with media and a resuming channel, for minutes, and outages one after the other. Only run by its name: it takes long. */
export const longCases = ['chromium', 'firefox'].map((engine) => ({
  family: 'long',
  name: `random outages, ${engine}`,
  network: 'two routers',
  servers: 'all',
  engines: [engine, engine],
  spoils: true,
  onlyByName: true,
  timeoutMs: ({ minutes }) => minutes * 60_000 + 180_000,
  run: runLong,
}));

async function runLong(lab, { engines, servers }, { minutes, every, seed }) {
  const everyMs = every * 1000;
  const outages = drawOutages(seed, Math.floor((minutes * 60_000) / everyMs));
  const call = await beginCall(lab, 'ours', { engines, servers });
  try {
    const samples = [await sample(call, 0)];
    const startedAt = Date.now();
    await sleep(CALM_MS);
    const happened = [];
    for (const outage of outages) {
      const beganAt = startedAt + CALM_MS + outage.number * everyMs;
      await sleep(Math.max(0, beganAt - Date.now()));
      const samplesDue = Date.now() - startedAt > samples.length * SAMPLE_EVERY_MS;
      happened.push(await letHappen(lab, call, outage, beganAt + everyMs - 500));
      if (samplesDue) {
        samples.push(await sample(call, Date.now() - startedAt));
        tell(samples.at(-1), happened);
      }
    }
    await sleep(CALM_MS);
    samples.push(await sample(call, Date.now() - startedAt));
    return await conclude(call, { minutes, happened, samples });
  } finally {
    await call.end().catch(() => {});
  }
}

/** What both ends hold at a moment, after a garbage collection. */
async function sample(call, atMs) {
  const heap = await call.both((p) => p.heap());
  const connections = await call.both((p) => p.call('connections'));
  return { atMs, heap, connections, memory: [call.a.memory(), call.b.memory()] };
}

async function conclude(call, { minutes, happened, samples }) {
  const counts = await countMessages(call);
  const reports = await call.reports();
  const memory = heapGrowth(samples);
  const row = {
    minutes,
    outages: happened.length,
    media: spread(happened.map(({ mediaMs }) => mediaMs)),
    data: spread(happened.map(({ dataMs }) => dataMs)),
    ...counts,
    heap: memory,
    samples,
    connections: heldAtEnd(samples),
    happened,
  };
  return { complaints: judge({ row, reports }), row, note: noteOf(row), details: happened.map(detailOf) };
}

const lastFifth = (samples) => samples.filter(({ atMs }) => atMs > (4 * samples.at(-1).atMs) / 5);

/** The median of the second and of the last fifth, per page; nothing if the browser does not tell or the call was short. */
function heapGrowth(samples) {
  const last = samples.at(-1).atMs;
  const early = samples.filter(({ atMs }) => atMs > last / 5 && atMs <= (2 * last) / 5);
  const late = lastFifth(samples);
  if (samples[0].heap.includes(null) || Math.min(early.length, late.length) < MIN_SAMPLES) return null;
  return [0, 1].map((i) => ({ early: middle(early.map(({ heap }) => heap[i])), late: middle(late.map(({ heap }) => heap[i])) }));
}

/** The connections at the end. Firefox collects when it likes, not when it is asked: there it counts how few were in memory at once in the last fifth. */
function heldAtEnd(samples) {
  const { heap, connections } = samples.at(-1);
  if (!heap.includes(null)) return connections;
  const late = lastFifth(samples);
  return connections.map((held, i) => ({ ...held, reachable: Math.min(...late.map((one) => one.connections[i].reachable)) }));
}

function judge({ row, reports }) {
  const said = [];
  for (const [way, { sent, lost, repeated, disordered }] of [
    ['to b', row.toB],
    ['to a', row.toA],
  ])
    if (lost || repeated || disordered)
      said.push(`of ${sent} messages ${way} ${lost} were lost, ${repeated} came twice, ${disordered} out of order`);
  reports.forEach((report, i) => {
    const say = (text) => said.push(`${'ab'[i]}: ${text}`);
    if (report.state !== 'connected') say(`ends ${report.state}: ${JSON.stringify(report.error)}`);
    if (report.sessions !== 1) say(`${report.sessions} sessions were made`);
    if (Object.keys(report.theirs).length !== 1) say(`heard ${Object.keys(report.theirs).length} lives of the other page`);
    if (report.refused > 0) say(`${report.refused} messages were refused by send()`);
    if (report.timeline.length > TIMELINE_ENTRIES) say(`the timeline has ${report.timeline.length} entries`);
    const { alive, reachable } = row.connections[i];
    if (alive !== 1) say(`${alive} connections are not closed`);
    if (reachable > REACHABLE_CONNECTIONS) say(`${reachable} connections are still in memory`);
    const growth = row.heap && row.heap[i].late - row.heap[i].early;
    if (growth > HEAP_GROWTH_BYTES) say(`the heap has grown by ${kb(growth)}`);
  });
  return said;
}

/** How fast it came back: the median and the worst of those that did before the next outage, and how many did not. */
function spread(times) {
  const known = times.filter((ms) => ms !== null);
  return {
    median: known.length ? middle(known) : null,
    worst: known.length ? Math.max(...known) : null,
    missing: times.length - known.length,
  };
}

const detailOf = ({ number, name, side, lastMs, mediaMs, dataMs, states = [] }) =>
  `${number + 1}. ${name} at ${side}, ${lastMs} ms: media back after ${mediaMs ?? '?'}, data ${dataMs ?? '?'} ${states.join(', ')}`;

const kb = (bytes) => `${Math.round(bytes / 1000)} kB`;
const mb = (bytes) => `${Math.round(bytes / 1_000_000)} MB`;
const shown = ({ median, worst, missing }) =>
  `${Math.round(median)} ms, at worst ${worst}${missing ? `, ${missing} not before the next` : ''}`;

function tell({ atMs, heap, memory, connections }, happened) {
  const heaps = heap.includes(null) ? 'not told' : heap.map(kb).join(' / ');
  const made = connections.map((c) => `${c.made} made, ${c.reachable} reachable`).join(' / ');
  console.log(
    `     ${Math.round(atMs / 60_000)} min, ${happened.length} outages: heap ${heaps}; browsers ${memory.map(mb).join(' / ')}; connections ${made}`,
  );
}

const noteOf = ({ outages, media, data, toA, toB, heap, connections }) =>
  [
    `${outages} outages`,
    `media back after ${shown(media)}`,
    `data ${shown(data)}`,
    `${toA.sent + toB.sent} messages, ${toA.lost + toB.lost} lost, ${toA.repeated + toB.repeated} twice, ${toA.disordered + toB.disordered} out of order`,
    heap ? `heap ${heap.map((h) => `${kb(h.early)} -> ${kb(h.late)}`).join(' / ')}` : 'memory not judged',
    `${connections.map(({ made }) => made).join(' / ')} connections made`,
  ].join(' · ');
