import { SessionError } from './errors.js';
import { defaultRecovery } from './ice/recovery-policy.js';
import { checkIceServers } from './ice/server-urls.js';
import { PeerSession } from './peer-session.js';
import { browserPlatform } from './platform.js';
import { DEFAULT_TIMEOUTS, type SessionOptions, type TimeoutOptions } from './session-options.js';

function wrong(option: string, wanted: string): never {
  throw new SessionError('invalid-option', `createSession(): \`${option}\` must be ${wanted}`);
}

function timeoutsOf(given: TimeoutOptions = {}): Required<TimeoutOptions> {
  for (const [name, ms] of Object.entries(given)) {
    if (!(name in DEFAULT_TIMEOUTS)) wrong(`timeouts.${name}`, `one of ${Object.keys(DEFAULT_TIMEOUTS).join(', ')}`);
    if (typeof ms !== 'number' || !(ms > 0)) wrong(`timeouts.${name}`, 'a number of milliseconds above 0, or Infinity');
  }
  return { ...DEFAULT_TIMEOUTS, ...given };
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
  if (typeof transport?.connect !== 'function')
    wrong('transport', 'a SignalingTransport, e.g. webSocket(url) of peer-session/transports');
  if (peerId !== undefined && (typeof peerId !== 'string' || !peerId || peerId.length > 128)) wrong('peerId', 'text of 1 to 128');
  if (media !== undefined && (typeof media !== 'object' || !media))
    wrong('media', 'constraints, a MediaStream, or tracks by name');
  if (iceTransportPolicy !== 'all' && iceTransportPolicy !== 'relay') wrong('iceTransportPolicy', '"all" or "relay"');
  if (candidateFilter && typeof candidateFilter !== 'function') wrong('candidateFilter', 'a function');
  if (recovery && typeof recovery.nextStep !== 'function') wrong('recovery', 'a policy, e.g. defaultRecovery()');
  if (typeof iceServers !== 'function') checkIceServers(iceServers);
  const platform = { ...browserPlatform(), ...options.platform };
  return new PeerSession({
    transport,
    peerId: peerId ?? platform.id(),
    source: media,
    iceServers,
    iceTransportPolicy,
    candidateFilter: candidateFilter ?? (() => true),
    timeouts: timeoutsOf(options.timeouts),
    recovery: recovery ?? defaultRecovery(),
    platform,
  });
}
