import type { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';

/** What a channel needs, and where it reports. */
export interface ChannelHooks {
  readonly platform: Platform;
  /** Open, for the first time or again. */
  opened(): void;
  /** Closed by neither app. */
  lost(): void;
  /** The app closed it. */
  closed(): void;
  warn(error: SessionError): void;
}
