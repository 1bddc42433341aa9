import type { Channels } from './channels/channels.js';
import type { SessionError } from './errors.js';
import type { IceServers } from './ice/servers.js';
import type { LocalMedia } from './media/local-media.js';
import type { RemoteMedia } from './media/remote-media.js';
import type { SessionEvents } from './session-events.js';
import type { SessionSetup } from './session-options.js';
import type { Facts } from './session-state.js';
import type { Timeline } from './timeline.js';

/** The parts of a session that its two leaders share. */
export interface Parts extends SessionSetup {
  readonly media: LocalMedia;
  readonly remote: RemoteMedia;
  readonly channels: Channels;
  readonly servers: IceServers;
  readonly timeline: Timeline;
  learn(news: Partial<Facts>): void;
  facts(): Facts;
  emit<K extends keyof SessionEvents>(type: K, event: SessionEvents[K]): void;
  /** A failure that nobody awaits and that the session survives. */
  warn(error: SessionError): void;
  /** The peer ended the session. */
  closed(reason: string): void;
  fail(error: SessionError): void;
}
