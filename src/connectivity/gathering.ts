import type { Step } from './run-step.js';

/** What ICE found and met while it gathered. */
export interface Gathering {
  readonly candidates: readonly { readonly line: string; readonly atMs: number }[];
  /** `icecandidateerror` (webrtc-pc section 4.8.1.4). `address` is ours, and only Chromium tells it. */
  readonly errors: readonly { readonly code: number; readonly text: string; readonly address: string | null }[];
  readonly complete: boolean;
}

/** Nothing yet. */
export const NOTHING_GATHERED: Gathering = { candidates: [], errors: [], complete: false };

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
    else if (candidate.candidate) {
      learn({ candidates: [...seen.candidates, { line: candidate.candidate, atMs: step.elapsedMs() }] });
    }
  });
  connection.addEventListener('icecandidateerror', ({ errorCode, errorText, address }) =>
    learn({ errors: [...seen.errors, { code: errorCode, text: errorText, address: address ?? null }] }),
  );
}

/** Gathers once, until all is found, `enough` is, or the step is over. Throws what the browser throws. */
export async function gather(
  step: Step,
  configuration: RTCConfiguration,
  enough: (seen: Gathering) => boolean,
): Promise<Gathering> {
  const { PeerConnection } = step.platform;
  if (!PeerConnection || step.signal.aborted) return NOTHING_GATHERED;
  const connection = new PeerConnection(configuration);
  let last = NOTHING_GATHERED;
  try {
    await new Promise<void>((resolve, reject) => {
      step.signal.addEventListener('abort', () => resolve(), { once: true });
      watchGathering(connection, step, (seen) => {
        last = seen;
        if (seen.complete || enough(seen)) resolve();
      });
      connection.createDataChannel('connectivity');
      connection.setLocalDescription().catch(reject);
    });
  } finally {
    connection.close();
  }
  return last;
}
