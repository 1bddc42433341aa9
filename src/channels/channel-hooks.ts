import type { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';

/** What a channel needs, and where it reports. */
export interface ChannelHooks {
  readonly platform: Platform;
  /** The peer is on the other side: told before all that is said to it or heard of it. */
  met(): void;
  /** Its stream was closed, and by neither app. */
  lost(): void;
  /** A message came. */
  received(): void;
  /** The app closed it. */
  closed(): void;
  warn(error: SessionError): void;
}
