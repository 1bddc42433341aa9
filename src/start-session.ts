import type { Conductor } from './conductor.js';
import { isSessionError, SessionError } from './errors.js';
import type { IceServers } from './ice/servers.js';
import type { LocalMedia } from './media/local-media.js';
import type { SessionSetup } from './session-options.js';
import type { Facts } from './session-state.js';

/** What the start needs of the session. */
export interface StartOptions {
  readonly setup: SessionSetup;
  readonly media: LocalMedia;
  readonly servers: IceServers;
  readonly conductor: Conductor;
  /** Aborted when the session is over. */
  readonly signal: AbortSignal;
  facts(): Facts;
  /** Media and servers are there. */
  fetched(): void;
  /** Hears once that the peer came. */
  joined(listener: () => void): void;
  fail(error: SessionError): void;
}

/** The three stages of `start()` with their time limits. Success is not told here: it is a fact that the path reports. */
export async function startSession({
  setup,
  media,
  servers,
  conductor,
  signal,
  facts,
  fetched,
  joined,
  fail,
}: StartOptions): Promise<void> {
  const { timeouts, source, platform, transport } = setup;
  const { carrier, epochs, link } = conductor;
  const limit = (ms: number, judge: () => SessionError | null): (() => void) => {
    if (!Number.isFinite(ms)) return () => {};
    const stop = platform.timer(() => {
      const error = facts().everProved ? null : judge();
      if (error) fail(error);
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
    return stop;
  };

  if (!platform.PeerConnection) return fail(new SessionError('unsupported', 'there is no RTCPeerConnection here'));
  carrier.kick();
  const { fetchingMs, signalingMs, peerMs, connectingMs } = timeouts;
  const stopFetching = limit(fetchingMs, () => new SessionError('media-failed', `no media within ${fetchingMs} ms`));
  try {
    await Promise.all([source && media.publishAll(source, signal), servers.fetch('start')]);
    if (signal.aborted) return;
    epochs.prepare();
  } catch (cause) {
    const refused = (): SessionError => new SessionError('unsupported', 'the browser refuses to make a connection', { cause });
    return fail(isSessionError(cause) ? cause : refused());
  }
  stopFetching();
  fetched();

  const unreachable = (): SessionError | null => {
    if (carrier.open || link.peer) return null;
    return new SessionError('signaling-open', `cannot reach ${transport.name}`, { cause: carrier.lastError });
  };
  limit(signalingMs, unreachable);
  const stopPeer = limit(peerMs, () => unreachable() ?? new SessionError('peer-timeout', `nobody came within ${peerMs} ms`));
  const met = (): void => {
    stopPeer();
    limit(
      connectingMs,
      () => epochs.failure ?? new SessionError('connection-timeout', `no connection within ${connectingMs} ms`),
    );
  };
  if (link.peer) met();
  else joined(met);
  conductor.ready();
}
