// What the laboratory calls from outside, one call per tab: `lab.start('ours', {...})`, `lab.connected()`, `lab.report()`.
import { watchConnections } from './connections.mjs';
import { createProbe } from './probe.mjs';

// One bundle each: a tab loads only what it runs.
const KINDS = {
  raw: () => import('./raw.mjs'),
  ours: () => import('./ours.mjs'),
  'simple-peer': () => import('./simple-peer.mjs'),
  peerjs: () => import('./peerjs.mjs'),
  trystero: () => import('./trystero.mjs'),
};
const CAMERA = { audio: true, video: { width: 320, height: 240, frameRate: 15 } };
const connections = watchConnections();
let stream;
let call;
let probe;

globalThis.lab = {
  /** Loads the code and opens the camera ahead of time: what is measured afterwards is the connection. */
  async prepare(kind, { media = true } = {}) {
    await KINDS[kind]();
    stream = media ? await navigator.mediaDevices.getUserMedia(CAMERA) : null;
  },
  /** Begins a call and gives the time. It does not wait. */
  async start(kind, config) {
    const { startCall } = await KINDS[kind]();
    probe = createProbe(document.querySelector('#remote'));
    const startedAt = Date.now();
    call = startCall({ ...config, stream, probe });
    return startedAt;
  },
  /** Waits for the call's own word that it is connected, or for its error. */
  async connected() {
    try {
      await call.connected;
      return { at: Date.now() };
    } catch (error) {
      return { at: Date.now(), error: plainError(error) };
    }
  },
  /** Waits until something comes in: the first frame, the first message. */
  arrived: () => probe.arrived,
  count: () => probe.countUp(),
  stopCounting: () => probe.stopCounting(),
  flowingSince: (time) => probe.flowingSince(time),
  async report() {
    return { ...probe.report(), ...(await call.report()) };
  },
  stats: async () => mediaStats(call.connection()),
  connections,
  told: () => whatWeWereTold(call.connection()),
  /** The check before a call; no call is needed. */
  async check(options) {
    const { check } = await import('./check.mjs');
    return check(options);
  },
  command: (name, ...args) => call[name](...args),
  close: () => call?.close(),
};

const plainError = (error) => ({
  name: error.name,
  code: error.code,
  stage: error.stage,
  message: error.message,
  hint: error.hint,
  cause: error.cause && String(error.cause.message ?? error.cause),
});

/** All that the peer has told of its addresses: its description, which has its candidates, and the ones that ICE knows. */
async function whatWeWereTold(connection) {
  const candidates = [...(await connection.getStats()).values()].filter((s) => s.type === 'remote-candidate');
  return {
    sdp: connection.remoteDescription?.sdp ?? '',
    candidates: candidates.map(({ candidateType, address, relatedAddress }) => ({ candidateType, address, relatedAddress })),
  };
}

/** What really arrives, from the browser's own statistics. */
async function mediaStats(connection) {
  const all = [...(await connection.getStats()).values()].filter((s) => s.type === 'inbound-rtp');
  const sum = (kind, key) => all.filter((s) => s.kind === kind).reduce((n, s) => n + (s[key] ?? 0), 0);
  return {
    framesDecoded: sum('video', 'framesDecoded'),
    audioEnergy: sum('audio', 'totalAudioEnergy'),
    packetsLost: sum('video', 'packetsLost'),
  };
}
