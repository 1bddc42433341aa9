import { createChannels } from './channels/channels.js';
import { Conductor } from './conductor.js';
import type { SessionError } from './errors.js';
import { IceServers } from './ice/servers.js';
import { LocalMedia } from './media/local-media.js';
import { RemoteMedia } from './media/remote-media.js';
import type { SessionSetup } from './session-options.js';
import type { Parts } from './session-parts.js';
import { Timeline } from './timeline.js';

/** The rooms of one session, and whoever leads them. */
export interface Rooms extends Parts {
  readonly conductor: Conductor;
}

/** Builds the rooms and lends them the functions by which they report to the hall. */
export function buildRooms(setup: SessionSetup, hall: Pick<Parts, 'learn' | 'facts' | 'emit' | 'closed' | 'fail'>): Rooms {
  const { platform } = setup;
  const { emit } = hall;
  const warn = (error: SessionError): void => emit('warning', { error });
  const parts: Parts = {
    ...setup,
    ...hall,
    warn,
    timeline: new Timeline(platform),
    media: new LocalMedia({
      platform,
      changed: (name, slot, kind) => {
        const { track = null, muted = false } = slot ?? {};
        conductor.epochs.setTrack(name, kind, track);
        conductor.tellMedia();
        emit('localtrack', { name, track, muted });
      },
      warn,
    }),
    remote: new RemoteMedia(platform, emit),
    servers: new IceServers({ ...setup, renewed: (servers) => conductor.epochs.renewed(servers), warn }),
    channels: createChannels({
      platform,
      instance: () => conductor.link.peer?.instance,
      announced: (name) => emit('channel', { name }),
      heard: () => conductor.epochs.path.heard(),
      proved: () => conductor.epochs.path.proved(),
      lost: () => conductor.epochs.lost(),
      bye: (reason) => conductor.bye(reason),
      warn,
    }),
  };
  const conductor: Conductor = new Conductor(parts);
  return { ...parts, conductor };
}
