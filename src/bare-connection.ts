import { Sections } from './media/sections.js';
import type { Parts } from './session-parts.js';

/** A connection that belongs to no epoch yet. */
export interface BareConnection {
  readonly peer: RTCPeerConnection;
  readonly sections: Sections;
}

/** Builds one with the present servers. */
export function bareConnection({ platform, servers, iceTransportPolicy, media, remote }: Parts): BareConnection {
  // `start()` looked whether there is one.
  const Made = platform.PeerConnection as NonNullable<typeof platform.PeerConnection>;
  const peer = new Made({ iceServers: servers.current, iceTransportPolicy, bundlePolicy: 'max-bundle' });
  const sections = new Sections(
    peer,
    () => media.list(),
    (name) => remote.sends(name),
    platform.MediaStream,
    media.settings,
  );
  return { peer, sections };
}
