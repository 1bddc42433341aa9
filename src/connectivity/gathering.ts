import { type CandidateFacts, candidateFacts } from './candidate-facts.js';
import type { Step } from './run-step.js';

/** What ICE found and met while it gathered. */
export interface Gathering {
  readonly candidates: readonly (CandidateFacts & { readonly atMs: number })[];
  /** `icecandidateerror` (webrtc-pc section 4.8.1.4). `address` is ours, and only Chromium tells it. */
  readonly errors: readonly { readonly code: number; readonly text: string; readonly address: string | null }[];
  readonly complete: boolean;
}

/** Nothing yet. */
export const NOTHING_GATHERED: Gathering = { candidates: [], errors: [], complete: false };

/** The first candidate of a type: `host`, `srflx` or `relay`. */
export const firstOf = (type: string, { candidates }: Gathering): Gathering['candidates'][number] | undefined =>
  candidates.find((candidate) => candidate.type === type);

/** Writes down what a connection gathers; `changed` hears of each new fact. */
export function watchGathering(connection: RTCPeerConnection, step: Step, changed: (gathering: Gathering) => void): void {
  let seen = NOTHING_GATHERED;
  const learn = (more: Partial<Gathering>): void => {
    seen = { ...seen, ...more };
    changed(seen);
  };
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (!candidate) learn({ complete: true });
    // Firefox marks the end of each section with an empty line, Chromium does not.
    const facts = candidate && candidateFacts(candidate.candidate);
    if (facts) learn({ candidates: [...seen.candidates, { ...facts, atMs: step.elapsedMs() }] });
  });
  connection.addEventListener('icecandidateerror', ({ errorCode: code, errorText: text, address }) =>
    learn({ errors: [...seen.errors, { code, text, address }] }),
  );
}

/**
 * Opens connections and works with them until `work` says that it is done or the step is over, then closes them.
 * Throws what the browser throws.
 */
export async function withConnections(
  step: Step,
  work: (open: (configuration: RTCConfiguration) => RTCPeerConnection, done: () => void) => Promise<void>,
): Promise<void> {
  const { PeerConnection } = step.platform;
  const connections: RTCPeerConnection[] = [];
  if (!PeerConnection) return;
  const open = (configuration: RTCConfiguration): RTCPeerConnection => {
    const connection = new PeerConnection(configuration);
    connections.push(connection);
    return connection;
  };
  try {
    await new Promise<void>((resolve, reject) => {
      step.signal.addEventListener('abort', () => resolve(), { once: true });
      work(open, resolve).catch(reject);
    });
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Gathers once, until all is found, `enough` is, or the step is over. */
export async function gather(step: Step, iceServers: RTCIceServer[], enough: (seen: Gathering) => boolean): Promise<Gathering> {
  let last = NOTHING_GATHERED;
  await withConnections(step, async (open, done) => {
    const connection = open({ iceServers });
    watchGathering(connection, step, (seen) => {
      last = seen;
      if (seen.complete || enough(seen)) done();
    });
    connection.createDataChannel('connectivity');
    await connection.setLocalDescription();
  });
  return last;
}
