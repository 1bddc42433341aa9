import type { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import type { OfferBody, SignalBody } from './message.js';

/** The other end of a link. */
export interface Peer {
  readonly peerId: string;
  readonly instance: string;
}

/** What a link reports upward. */
export interface LinkOptions {
  readonly peerId: string;
  readonly platform: Platform;
  /**
   * Paired with an instance, instead of `previous` if there was one. `settled`: that one had answered us. `raised`: the epoch is our word,
   * of which the peer knows nothing yet. The body that introduced the peer follows.
   */
  bound(peer: Peer, previous: Peer | null, settled: boolean, raised: boolean): void;
  /** One body of the peer, in order, exactly once. */
  hear(body: SignalBody): void;
  /** The peer is in an epoch that is new to us. */
  epoch(epoch: number): void;
  /** Anything at all came from the peer. */
  heard(): void;
  /** The first offer to be told with a hello, if there may be somebody to answer it. */
  offer(): OfferBody | undefined;
  warn(error: SessionError): void;
}
