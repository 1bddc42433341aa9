// What must be true of two apps after their network healed. Pure: reports in, sentences out; no sentence is a pass.
import type { AppReport, Arrival, ChannelReport } from './app.js';
import { resumes } from './schedule.js';

export interface PairReport {
  readonly alice: AppReport;
  readonly bob: AppReport;
  /** Earlier lives of the pages, oldest first, as far as they were seen. */
  readonly past: readonly AppReport[];
}

const list = (items: readonly { name: string; muted: boolean; mid: string | null }[]): string =>
  items
    .map(({ name, muted, mid }) => `${name}${muted ? ' muted' : ''} @${mid}`)
    .sort()
    .join(', ');

/** What is missing until both are connected and equal. Also asked while waiting. */
export function judgeConverged({ alice, bob, past }: PairReport): string[] {
  const wrong: string[] = [];
  for (const { life, state, started } of [alice, bob]) {
    const why = state.error ?? state.reason ?? '';
    if (state.status !== 'connected') wrong.push(`${life} is ${state.status} ${why}`.trim());
    if (started !== 'resolved') wrong.push(`start() of ${life} is ${started}`);
  }
  if (wrong.length > 0) return wrong;
  for (const [from, to] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    if (list(from.local) !== list(to.remote)) {
      wrong.push(`${from.life} sends [${list(from.local)}], ${to.life} has [${list(to.remote)}]`);
    }
    const told = to.remote.map(({ name, muted }) => `${name}${muted ? ' muted' : ''}`).sort();
    if (told.join() !== to.heard.join()) wrong.push(`${to.life} has [${told}], its events told [${to.heard}]`);
    for (const { name, live } of to.remote) if (!live) wrong.push(`the track "${name}" of ${to.life} ended`);
    // A page that reloaded may have had it in an earlier life.
    const receivers = [...past, to].filter(({ life }) => sideOf(life) === sideOf(to.life));
    for (const [name, channel] of Object.entries(from.channels)) {
      const runs = receivers.map(({ channels }) => arrivalsOf(channels[name], from.life));
      wrong.push(...judgeChannel(name, channel, [from, to], { runs, alone: past.length === 0 }));
    }
  }
  return wrong;
}

function judgeChannel(
  name: string,
  channel: ChannelReport,
  [from, to]: readonly [AppReport, AppReport],
  { runs, alone }: { readonly runs: readonly (readonly Arrival[])[]; readonly alone: boolean },
): string[] {
  const other = to.channels[name];
  const what = `channel ${name} of ${from.life}`;
  // Closed before it was ever open: the peer may have opened its own since, which this app does not take.
  const ends = [channel, other];
  if (ends.some((end) => end?.shut && !end.met)) return [];
  // Closed in an earlier life of either page: the new one knows nothing of that, and the old app does not use a name again.
  const reborn = !from.life.endsWith('1') || !to.life.endsWith('1');
  if (reborn && ends.some((end) => end?.state === 'closed' || end?.shut)) return [];
  if (channel.shut || other?.shut) return channel.state === 'closed' ? [] : [`${what} was closed and is ${channel.state}`];
  if (channel.state === 'closed')
    return other && other.state !== 'closed' ? [`${what} is closed, at ${to.life} ${other.state}`] : [];
  if (channel.state !== 'open') return [`${what} is ${channel.state}`];
  if (other?.state !== 'open') return [`${what} is open, at ${to.life} ${other?.state ?? 'unknown'}`];
  const settled = channel.handed.length + channel.refused.length;
  if (settled < channel.sent) return [`${what}: ${channel.sent - settled} calls of send() wait`];
  if (channel.refused.length > 0) return [`${what} refused ${channel.refused.length} messages`];
  if (!resumes(name)) return alone ? judgeLoss(what, channel, arrivalsOf(other, from.life)) : [];
  return judgeComplete(what, runs, channel.sent, channel.reportedLost);
}

const sideOf = (life: string): string => life.replace(/\d+$/, '');

const arrivalsOf = (channel: ChannelReport | undefined, from: string): readonly Arrival[] =>
  (channel?.arrived ?? []).filter((arrival) => arrival.from === from);

/** Order, repeats and losses of messages, over all lives of both pages. */
export function judgeMessages(pair: PairReport): string[] {
  const wrong: string[] = [];
  const lives = [...pair.past, pair.alice, pair.bob];
  for (const from of lives) {
    const receivers = lives.filter((life) => sideOf(life.life) !== sideOf(from.life));
    const final = from === pair.alice || from === pair.bob;
    for (const [name, channel] of Object.entries(from.channels)) {
      const runs = receivers.map((to) => arrivalsOf(to.channels[name], from.life));
      const what = `${name} from ${from.life}`;
      for (const run of runs) wrong.push(...judgeOrder(what, run, resumes(name)));
      const closed = [channel, ...receivers.map((to) => to.channels[name])].some((one) => one?.state === 'closed' || one?.shut);
      if (closed) continue;
      if (resumes(name)) wrong.push(...judgeComplete(what, runs, final ? channel.sent : null, channel.reportedLost));
      else if (final && receivers.length === 1 && from.life.endsWith('1')) wrong.push(...judgeLoss(what, channel, runs[0] ?? []));
    }
  }
  return wrong;
}

function judgeOrder(what: string, run: readonly Arrival[], resume: boolean): string[] {
  for (const [index, { n }] of run.entries()) {
    const before = run[index - 1]?.n;
    if (before === undefined) continue;
    if (n <= before) return [`${what}: ${n} came after ${before}`];
    if (resume && n !== before + 1) return [`${what}: ${n} came after ${before}, something is missing`];
  }
  return [];
}

/**
 * One run for each life of the receiver, the present one last: the next may repeat, but not skip. What is gone with a life is a message of
 * which it had the beginning: at most one for each that died, the next after all that had arrived, and told.
 */
function judgeComplete(what: string, runs: readonly (readonly Arrival[])[], sent: number | null, told: number): string[] {
  const deaths = runs.length - 1;
  if (told > deaths) return [`${what}: ${told} were reported lost, ${deaths} pages of the peer died`];
  let reached = 0;
  /** Messages that died with a page since the last one arrived. */
  let torn = 0;
  let untold = 0;
  for (const [index, run] of runs.entries()) {
    const [first] = run;
    if (first) {
      const missing = Math.max(0, first.n - reached - 1);
      untold += missing;
      if (missing > torn) return [`${what}: nothing between ${reached} and ${first.n}`];
      reached = Math.max(reached, run.at(-1)?.n ?? 0);
      torn = 0;
    }
    if (index < deaths) torn++;
  }
  const missing = sent === null ? 0 : Math.max(0, sent - reached);
  return missing > torn || untold + missing > told ? [`${what}: ${reached} of ${sent} arrived, ${told} were reported lost`] : [];
}

function judgeLoss(what: string, { handed, reportedLost }: ChannelReport, run: readonly Arrival[]): string[] {
  const lost = handed.length - run.length;
  return lost === reportedLost ? [] : [`${what}: ${lost} were lost, ${reportedLost} were reported`];
}
