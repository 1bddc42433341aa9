import { isSessionError } from '../errors.js';
import type { SignalMessage } from '../signaling/message.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';
import type { ConnectivityProblem, SignalingReport } from './connectivity-report.js';
import { problemOf, wordsOf } from './judge-server.js';
import { runStep, type Step, untilOver } from './run-step.js';

/** Waiting longer for an echo would tell nothing new: some transports know one partner only and cannot reach a second instance. */
const ECHO_MS = 3000;

/** Why a transport did not open; `null` stands for "the time was up". A cause that is a `SessionError` keeps its code. */
export function judgeOpening(name: string, error: unknown, limitMs: number): ConnectivityProblem {
  if (isSessionError(error)) return { code: error.code, message: error.message, hint: error.hint };
  const why = error === null ? `did not open within ${limitMs} ms` : `did not open: ${wordsOf(error)}`;
  return problemOf('signaling-open', `The signaling transport "${name}" ${why}`);
}

/** Whether a message from the wire, text or parsed, carries this mark and comes from there. */
export function isMarked(data: unknown, mark: string, from: string): boolean {
  try {
    const message: unknown = typeof data === 'string' ? JSON.parse(data) : data;
    const said = (message ?? {}) as Partial<SignalMessage>;
    return said.me === mark && said.from === from;
  } catch {
    return false;
  }
}

/** Opens channels and closes them all. One that opens too late is closed at once. */
class Channels {
  readonly #transport: SignalingTransport;
  readonly #step: Step;
  readonly #open = new Set<SignalingChannel>();

  constructor(transport: SignalingTransport, step: Step) {
    this.#transport = transport;
    this.#step = step;
    step.signal.addEventListener('abort', () => this.#open.forEach(closeQuietly));
  }

  /** The channel, or `null` when the time was up first. */
  async open(peerId: string, receive: (data: unknown) => void): Promise<SignalingChannel | null> {
    const { signal } = this.#step;
    const opening = Promise.resolve(this.#transport.connect({ peerId, signal, receive, peers: () => {}, lost: () => {} }));
    const kept = opening.then((channel) => {
      this.#open.add(channel);
      if (signal.aborted) closeQuietly(channel);
      return channel;
    });
    return untilOver(kept, this.#step);
  }
}

/** A message that a transport cannot hand over, or an end that fails, is its answer to our question, not our failure. */
async function quietly(what: () => unknown): Promise<void> {
  try {
    await what();
  } catch {}
}

const closeQuietly = (channel: SignalingChannel): void => void quietly(() => channel.close());

/**
 * Opens the transport twice and lets the two talk. What they say is addressed, and it is the `state` of an unknown instance,
 * which a session that happens to hear it drops.
 */
export async function checkSignaling(step: Step, transport: SignalingTransport): Promise<SignalingReport> {
  const { id, now } = step.platform;
  const channels = new Channels(transport, step);
  const [here, there, mark] = [id(), id(), id()];
  const say = (from: string, to: string): SignalMessage => ({
    v: 1,
    from,
    to,
    me: mark,
    epoch: 1,
    seq: 0,
    ack: 0,
    kind: 'state',
    sent: 0,
  });
  let heard: (atMs: number) => void = () => {};
  const echo = new Promise<number>((resolve) => {
    heard = resolve;
  });
  try {
    const first = await channels.open(here, (data) => isMarked(data, mark, there) && heard(now()));
    if (!first) throw null;
    const openMs = step.elapsedMs();
    const roundTripMs = await runStep(step.platform, ECHO_MS, step.signal, async (inner) => {
      let answer = (): void => {};
      const second = await untilOver(
        channels.open(there, (data) => isMarked(data, mark, here) && answer()),
        inner,
      );
      answer = () => void quietly(() => second?.send(say(there, here)));
      const sentAt = now();
      await untilOver(Promise.resolve(first.send(say(here, there))), inner);
      const heardAt = await untilOver(echo, inner);
      return heardAt === null ? null : heardAt - sentAt;
    }).catch(() => null);
    return { ok: true, openMs, roundTripMs, problem: null };
  } catch (error) {
    return { ok: false, openMs: null, roundTripMs: null, problem: judgeOpening(transport.name, error, step.limitMs) };
  }
}
