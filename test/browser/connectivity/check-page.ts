// What the page of the connectivity tests holds. Bundled at the start of the run by `check-stage.ts`.
import { isSessionError } from 'peer-session';
import {
  type ConnectivityOptions,
  type ConnectivityProgress,
  type ConnectivityReport,
  checkConnectivity,
} from 'peer-session/connectivity';
import { webSocket } from 'peer-session/transports';

/** How a test asks for a check; what cannot travel from Node is named instead. */
export interface Wish extends Pick<ConnectivityOptions, 'media' | 'timeoutMs'> {
  readonly iceServers?: RTCIceServer[];
  /** The address of a signaling server. */
  readonly signal?: string;
  /** Abort when this step is done. */
  readonly abortAfter?: ConnectivityProgress['step'];
}

/** What the page found. */
export interface Outcome {
  readonly report?: ConnectivityReport;
  readonly code?: string;
  readonly progress: readonly ConnectivityProgress[];
  /** From the abort to the rejection. */
  readonly abortedMs: number;
  /** Peer connections that were made and are not closed. */
  readonly left: number;
}

async function runCheck({ signal, abortAfter, ...options }: Wish): Promise<Outcome> {
  const made = new Set<RTCPeerConnection>();
  class Counted extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      made.add(this);
    }
  }
  const left = (): number => [...made].filter(({ signalingState }) => signalingState !== 'closed').length;
  const progress: ConnectivityProgress[] = [];
  const life = new AbortController();
  let abortedAt = 0;
  const all: ConnectivityOptions = {
    ...options,
    ...(signal !== undefined && { transport: webSocket(signal, { room: 'check' }) }),
    platform: { PeerConnection: Counted },
    signal: life.signal,
    onProgress(news) {
      progress.push(news);
      if (news.step !== abortAfter) return;
      abortedAt = performance.now();
      life.abort();
    },
  };
  try {
    const report = await checkConnectivity(all);
    return { report: JSON.parse(JSON.stringify(report)), progress, abortedMs: 0, left: left() };
  } catch (error) {
    if (!isSessionError(error)) throw error;
    const abortedMs = performance.now() - abortedAt;
    await Promise.resolve();
    return { code: error.code, progress, abortedMs, left: left() };
  }
}

declare global {
  var check: (wish: Wish) => Promise<Outcome>;
}

globalThis.check = runCheck;
