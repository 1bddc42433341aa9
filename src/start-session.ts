import { isSessionError, SessionError } from './errors.js';
import { judgeRelay } from './ice/diagnosis.js';
import type { Rooms } from './rooms.js';

/**
 * The three stages of `start()` with their time limits. Success is not told here: it is a fact that the path reports.
 *
 * @param signal aborted when the session is over
 * @param joined hears once that the peer came
 */
export async function startSession(rooms: Rooms, signal: AbortSignal, joined: (listener: () => void) => void): Promise<void> {
  const { timeouts, source, platform, transport, iceTransportPolicy, media, servers, conductor, facts, learn, fail } = rooms;
  const { carrier, epochs, link } = conductor;
  // A listener of the first `statechange` may have closed it.
  if (signal.aborted) return;
  const limit = (ms: number, judge: () => SessionError | null): (() => void) => {
    if (!Number.isFinite(ms)) return () => {};
    const stop = platform.timer(() => {
      const error = facts().everProved ? null : judge();
      if (error) fail(error);
    }, ms);
    signal.addEventListener('abort', stop);
    return stop;
  };

  if (!platform.PeerConnection) return fail(new SessionError('unsupported', 'there is no RTCPeerConnection here'));
  signal.addEventListener(
    'abort',
    platform.onPage((event) => conductor.page(event)),
  );
  carrier.kick();
  const { fetchingMs, signalingMs, peerMs, connectingMs } = timeouts;
  const stopFetching = limit(fetchingMs, () => new SessionError('media-failed', `no media within ${fetchingMs} ms`));
  try {
    await Promise.all([source && media.publishAll(source, signal), servers.fetch('start')]);
    if (signal.aborted) return;
    // A browser would look for a path that cannot be there: Chromium for half a minute.
    const cannot = judgeRelay({ policy: iceTransportPolicy, servers: servers.current.flatMap(({ urls }) => urls) });
    if (cannot) throw new SessionError('ice-failed', cannot);
    epochs.prepare();
  } catch (cause) {
    const refused = (): SessionError => new SessionError('unsupported', 'the browser makes no connection', { cause });
    return fail(isSessionError(cause) ? cause : refused());
  }
  stopFetching();
  learn({ fetching: false });

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
