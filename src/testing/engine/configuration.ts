import { parseIceServers, type ServerUrl } from './ice-server-url.js';
import type { Personality } from './personality.js';
import { domError } from './rtc-error.js';

/** A configuration with its defaults filled in (webrtc-pc 4.2.1), and its servers taken apart. */
export interface Configuration {
  readonly values: Required<Omit<RTCConfiguration, 'certificates'>>;
  readonly certificates: RTCCertificate[];
  readonly servers: readonly ServerUrl[];
}

/** Checks a new configuration (webrtc-pc 4.4.1.8). Throws what the engine throws. */
export function readConfiguration(given: RTCConfiguration, personality: Personality): Configuration {
  const iceServers = given.iceServers ?? [];
  const { bundlePolicy = 'balanced', iceTransportPolicy = 'all', rtcpMuxPolicy = 'require', iceCandidatePoolSize = 0 } = given;
  if (!['balanced', 'max-bundle', 'max-compat'].includes(bundlePolicy))
    throw new TypeError(`'${bundlePolicy}' is no bundlePolicy.`);
  if (!['all', 'relay'].includes(iceTransportPolicy)) throw new TypeError(`'${iceTransportPolicy}' is no iceTransportPolicy.`);
  return {
    values: { iceServers: [...iceServers], bundlePolicy, iceTransportPolicy, rtcpMuxPolicy, iceCandidatePoolSize },
    certificates: given.certificates ?? [],
    servers: parseIceServers(iceServers, personality),
  };
}

/** `setConfiguration`: what may not change any more. */
export function changeConfiguration(
  old: Configuration,
  given: RTCConfiguration,
  described: boolean,
  personality: Personality,
): Configuration {
  const next = readConfiguration(given, personality);
  const refuse = (name: string): never => {
    throw domError(
      'InvalidModificationError',
      `Attempted to modify the PeerConnection's configuration in an unsupported way: ${name}.`,
    );
  };
  if (next.values.bundlePolicy !== old.values.bundlePolicy) refuse('bundlePolicy');
  if (next.values.rtcpMuxPolicy !== old.values.rtcpMuxPolicy) refuse('rtcpMuxPolicy');
  if (given.certificates?.some((certificate, index) => certificate !== old.certificates[index])) refuse('certificates');
  if (described && next.values.iceCandidatePoolSize !== old.values.iceCandidatePoolSize && personality.refusesLatePool) {
    refuse('iceCandidatePoolSize');
  }
  return { ...next, certificates: old.certificates };
}
