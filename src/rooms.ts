import { Channels } from './channels/channels.js';
import { Conductor } from './conductor.js';
import type { SessionError } from './errors.js';
import { IceServers } from './ice/servers.js';
import { LocalMedia, type LocalTrack } from './media/local-media.js';
import { RemoteMedia } from './media/remote-media.js';
import type { SessionSetup } from './session-options.js';
import type { Parts } from './session-parts.js';
import { Timeline } from './timeline.js';

/** The rooms of one session. */
export interface Rooms {
  readonly media: LocalMedia;
  readonly remote: RemoteMedia;
  readonly channels: Channels;
  readonly servers: IceServers;
  readonly timeline: Timeline;
  readonly conductor: Conductor;
}

/** Builds the rooms and lends them the functions by which they report to the hall. */
export function buildRooms(setup: SessionSetup, hall: Pick<Parts, 'learn' | 'facts' | 'emit' | 'closed' | 'fail'>): Rooms {
  const { platform } = setup;
  const { emit } = hall;
  const timeline = new Timeline(() => platform.now());
  const warn = (error: SessionError): void => emit('warning', { error });
  const changed = (name: string, slot: LocalTrack | null, kind: string): void => {
    const { track = null, muted = false } = slot ?? {};
    conductor.epochs.connection?.setTrack(name, kind, track);
    conductor.tellMedia();
    emit('localtrack', { name, track, muted });
  };
  const media = new LocalMedia({ platform, changed, warn });
  const remote = new RemoteMedia({
    stream: platform.MediaStream,
    added: ({ name, track, stream }) => emit('track', { name, track, stream }),
    removed: ({ name, track }) => emit('trackremoved', { name, track }),
    muted: ({ name, muted }) => emit('trackmute', { name, muted }),
  });
  const renewed = (servers: RTCIceServer[]): void => conductor.epochs.renewed(servers);
  const servers = new IceServers({ source: setup.iceServers, platform, renewed, warn });
  const channels = new Channels({
    platform,
    instance: () => conductor.link.peer?.instance,
    announced: (name) => emit('channel', { name }),
    heard: () => conductor.epochs.path.heard(),
    proved: () => conductor.epochs.path.proved(),
    lost: () => conductor.epochs.lost(),
    bye: (reason) => conductor.bye(reason),
    warn,
  });
  const conductor: Conductor = new Conductor({ ...setup, ...hall, media, remote, channels, servers, timeline });
  return { media, remote, channels, servers, timeline, conductor };
}
