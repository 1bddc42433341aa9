import { SessionError } from './errors.js';
import { defaultRecovery } from './ice/recovery-policy.js';
import { PeerSession } from './peer-session.js';
import { browserPlatform } from './platform.js';
import { DEFAULT_TIMEOUTS, type SessionOptions } from './session-options.js';

function check(fine: unknown, option: string, wanted: string): void {
  if (!fine) throw new SessionError('invalid-option', `createSession(): \`${option}\` must be ${wanted}`);
}

/**
 * Builds a session. Checks the options and nothing else: no camera, no network, no timer before `start()`. Safe on a server.
 *
 * @throws SessionError `invalid-option`, `ice-server-invalid`; the message names the option
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { broadcastChannel } from 'peer-session/transports';
 *
 * const session = createSession({ transport: broadcastChannel('demo'), media: { audio: true, video: true } });
 * session.on('track', ({ name, stream }) => {
 *   const video = document.querySelector('video');
 *   if (video && name === 'camera') video.srcObject = stream;
 * });
 * await session.start();
 * ```
 */
export function createSession(options: SessionOptions): PeerSession {
  const { transport, peerId, media, iceServers = [], iceTransportPolicy = 'all', candidateFilter, recovery } = options ?? {};
  check(typeof transport?.connect === 'function', 'transport', 'a SignalingTransport, e.g. webSocket(url)');
  const platform = { ...browserPlatform(), ...options.platform };
  const id = peerId ?? platform.id();
  check(typeof id === 'string' && id && id.length <= 128, 'peerId', 'text of 1 to 128');
  check(media === undefined || (typeof media === 'object' && media), 'media', 'constraints, a MediaStream, or tracks by name');
  check(/^(all|relay)$/.test(iceTransportPolicy), 'iceTransportPolicy', '"all" or "relay"');
  check(!candidateFilter || typeof candidateFilter === 'function', 'candidateFilter', 'a function');
  check(!recovery || typeof recovery.nextStep === 'function', 'recovery', 'a policy, e.g. defaultRecovery()');
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  for (const [name, ms] of Object.entries(timeouts)) {
    check(name in DEFAULT_TIMEOUTS, `timeouts.${name}`, `one of ${Object.keys(DEFAULT_TIMEOUTS)}`);
    check(typeof ms === 'number' && ms > 0, `timeouts.${name}`, 'a number of milliseconds above 0, or Infinity');
  }
  return new PeerSession({
    transport,
    peerId: id,
    source: media,
    iceServers,
    iceTransportPolicy,
    candidateFilter: candidateFilter ?? (() => true),
    timeouts,
    recovery: recovery ?? defaultRecovery(),
    platform,
  });
}
