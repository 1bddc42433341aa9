import type { SignalMessage } from '../signaling/message.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';
import { problemFrom } from './connectivity-problem.js';
import type { SignalingReport } from './connectivity-report.js';
import { runStep, type Step, untilOver } from './run-step.js';

/** Waiting longer for an echo would tell nothing new: some transports know one partner only and cannot reach a second instance. */
const ECHO_MS = 3000;

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

/** A message that a transport cannot hand over, or an end that fails, is its answer to our question, not our failure. */
async function quietly(what: () => unknown): Promise<void> {
  try {
    await what();
  } catch {}
}

/** Opens one channel, or gives `null` when the time was up first. It is closed when the step is over, also if it opens after that. */
async function openChannel(
  step: Step,
  transport: SignalingTransport,
  peerId: string,
  receive: (data: unknown) => void,
): Promise<SignalingChannel | null> {
  const { signal } = step;
  const channel = Promise.resolve(transport.connect({ peerId, signal, receive, peers: () => {}, lost: () => {} }));
  signal.addEventListener('abort', () => void quietly(async () => (await channel).close()));
  return untilOver(channel, step);
}

/**
 * Opens the transport twice and lets the two talk. What they say is addressed, and it is the `state` of an unknown instance,
 * which a session that happens to hear it drops.
 */
export async function checkSignaling(step: Step, transport: SignalingTransport): Promise<SignalingReport> {
  const { platform, signal } = step;
  const [here, there, me] = [platform.id(), platform.id(), platform.id()];
  const say = (from: string, to: string): SignalMessage => ({
    v: 1,
    from,
    to,
    me,
    epoch: 1,
    seq: 0,
    ack: 0,
    kind: 'state',
    sent: 0,
  });
  let heard = (): void => {};
  const echo = new Promise<void>((resolve) => {
    heard = resolve;
  });
  try {
    const first = await openChannel(step, transport, here, (data) => isMarked(data, me, there) && heard());
    if (!first) throw new Error(`no answer within ${step.limitMs} ms`);
    const openMs = step.elapsedMs();
    const talk = async (inner: Step): Promise<number | null> => {
      let answer = (): void => {};
      const second = await openChannel(inner, transport, there, (data) => isMarked(data, me, here) && answer());
      answer = () => void quietly(() => second?.send(say(there, here)));
      const sentAt = platform.now();
      const back = Promise.resolve(first.send(say(here, there))).then(() => echo);
      return untilOver(
        back.then(() => platform.now() - sentAt),
        inner,
      );
    };
    const roundTripMs = await runStep(platform, ECHO_MS, signal, talk).catch(() => null);
    return { ok: true, openMs, roundTripMs, problem: null };
  } catch (error) {
    const problem = problemFrom(error, 'signaling-open', `The signaling transport "${transport.name}" did not open`);
    return { ok: false, openMs: null, roundTripMs: null, problem };
  }
}
