import { browserPlatform, type Platform } from '../platform.js';
import { aborted, orAborted } from '../shared/deadline.js';
import { checkDevices } from './check-devices.js';
import { checkNetwork, checkServer, fetchServers } from './check-servers.js';
import { checkSignaling } from './check-signaling.js';
import { type ConnectivityOptions, checkOptions } from './connectivity-options.js';
import { problemOf } from './connectivity-problem.js';
import type { ConnectivityProblem, ConnectivityProgress, ConnectivityReport } from './connectivity-report.js';
import { judgeCase } from './judge-network.js';
import { judgeVerdict } from './judge-verdict.js';
import { runStep, type Step } from './run-step.js';

/** The question for camera and microphone waits for a person. */
const QUESTION_MS = 60_000;

/** The servers of the comparison have answered once before. This, and four times their slowest answer, is waited for the second. */
const COMPARE_MS = 1_500;

type News<P = ConnectivityProgress> = P extends ConnectivityProgress ? Omit<P, 'finished' | 'total'> : never;

/**
 * Finds out, before any call, what calls from here can expect: is WebRTC there, are camera and microphone, does signaling
 * answer, which STUN and TURN servers work over which transport (data is really sent through TURN), and which of the three
 * kinds of network this is. Asks nobody but the servers you give, and opens no camera unless `media` is true.
 *
 * A bad network is an answer, not an error.
 *
 * @throws SessionError `invalid-option` and `ice-server-invalid` for options that cannot be meant, `aborted` when `signal` aborts.
 *
 * @example
 * ```ts
 * import { checkConnectivity } from 'peer-session/connectivity';
 * import { webSocket } from 'peer-session/transports';
 *
 * async function showNetwork(username: string, credential: string): Promise<void> {
 *   const report = await checkConnectivity({
 *     transport: webSocket('wss://example.com/signal', { room: `check-${crypto.randomUUID()}` }),
 *     iceServers: [
 *       { urls: ['stun:stun.example.com', 'stun:stun.example.net'] },
 *       { urls: ['turn:turn.example.com', 'turns:turn.example.com:443?transport=tcp'], username, credential },
 *     ],
 *     onProgress: ({ finished, total }) => console.log(`${finished} of ${total}`),
 *   });
 *   console.log(report.verdict, report.case, report.summary);
 *   for (const { message, hint } of report.problems) console.warn(message, hint);
 * }
 * ```
 */
export async function checkConnectivity(options: ConnectivityOptions = {}): Promise<ConnectivityReport> {
  checkOptions(options);
  const { signal } = options;
  if (signal?.aborted) throw aborted(signal);
  return orAborted(runCheck(options, { ...browserPlatform(), ...options.platform }), signal);
}

async function runCheck(options: ConnectivityOptions, platform: Platform): Promise<ConnectivityReport> {
  const { transport, media = false, signal, timeoutMs = 10_000 } = options;
  const startedAt = platform.now();
  const within = <T>(work: (step: Step) => Promise<T>, limitMs = timeoutMs): Promise<T> =>
    runStep(platform, limitMs, signal, work);

  const webrtc = platform.PeerConnection !== undefined;
  const fetched = await within((step) => fetchServers(step, options.iceServers ?? []));
  const addresses = webrtc ? fetched.addresses : [];
  const tell = teller(options, 3 + (transport ? 1 : 0) + addresses.length);

  tell({ step: 'webrtc', result: webrtc });
  const [devices, signaling, servers] = await Promise.all([
    within((step) => checkDevices(step, media), media ? Math.max(timeoutMs, QUESTION_MS) : timeoutMs).then(
      told((result) => tell({ step: 'devices', result })),
    ),
    transport
      ? within((step) => checkSignaling(step, transport)).then(told((result) => tell({ step: 'signaling', result })))
      : null,
    Promise.all(
      addresses.map((address) =>
        within((step) => checkServer(step, address)).then(told((result) => tell({ step: 'server', result }))),
      ),
    ),
  ]);
  const slowestMs = Math.max(0, ...servers.map(({ transport: over, answerMs }) => (over === 'udp' && answerMs) || 0));
  const compareMs = Math.min(timeoutMs, COMPARE_MS + 4 * slowestMs);
  const network = await within((step) => checkNetwork(step, addresses, servers), compareMs);
  tell({ step: 'network', result: network });

  const judged = judgeCase(network);
  const findings = { webrtc, devices, signaling, servers, network, case: judged.case };
  const problems: (ConnectivityProblem | null | undefined)[] = [
    webrtc ? null : problemOf('unsupported', 'There is no RTCPeerConnection.'),
    signaling?.problem,
    fetched.problem,
    ...servers.map(({ problem }) => problem),
    media ? devices.problem : null,
  ];
  return {
    ...judgeVerdict({ ...findings, media, fetched: fetched.problem === null }),
    ...judged,
    ...findings,
    problems: problems.filter((problem) => problem != null),
    elapsedMs: platform.now() - startedAt,
  };
}

/** Tells, and passes on. */
const told =
  <T>(tell: (value: T) => void): ((value: T) => T) =>
  (value) => {
    tell(value);
    return value;
  };

/** Counts the steps and tells of them. A listener that throws is the app's own matter. */
function teller({ onProgress, signal }: ConnectivityOptions, total: number): (news: News) => void {
  let finished = 0;
  return (news) => {
    finished += 1;
    if (signal?.aborted) return;
    try {
      onProgress?.({ ...news, finished, total });
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}
