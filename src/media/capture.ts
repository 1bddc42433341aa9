import { SessionError, type SessionErrorCode } from '../errors.js';
import type { Platform } from '../platform.js';
import { aborted, orAborted } from '../shared/deadline.js';

/**
 * What a session sends from its start: constraints as for `getUserMedia` (the slots `microphone` and `camera`), a
 * `MediaStream` (the same slots, by kind), or tracks by slot name.
 */
export type MediaSource = MediaStreamConstraints | MediaStream | Readonly<Record<string, MediaStreamTrack>>;

/** Names of errors by which browsers tell why capture failed (mediacapture-main section 10.3), and older names of the same. */
const CODE_OF: Readonly<Record<string, SessionErrorCode>> = {
  NotAllowedError: 'media-denied',
  SecurityError: 'media-denied',
  // Firefox and Safari: no user gesture for a screen.
  InvalidStateError: 'media-denied',
  InvalidAccessError: 'media-denied',
  NotFoundError: 'media-not-found',
  NotReadableError: 'media-in-use',
  AbortError: 'media-in-use',
  OverconstrainedError: 'media-constraints',
  TypeError: 'media-constraints',
};

function captureError(cause: unknown, what: string): SessionError {
  const { name, message, constraint } = (cause ?? {}) as { name?: string; message?: string; constraint?: string };
  // Chromium says "device not found" where an exact deviceId is the constraint that no device meets.
  const detail = constraint ? `the constraint "${constraint}" cannot be met` : message || name || 'no reason given';
  return new SessionError(CODE_OF[name ?? ''] ?? 'media-failed', `cannot get ${what}: ${detail}`, { cause });
}

/** Asks for camera and microphone, or with `display` for a screen. Tracks that arrive after an abort are stopped. */
export async function capture(
  platform: Platform,
  constraints: MediaStreamConstraints,
  signal: AbortSignal,
  display: boolean,
): Promise<MediaStreamTrack[]> {
  const { mediaDevices, secure } = platform;
  const what = display
    ? 'the screen'
    : Object.keys(constraints)
        .filter((kind) => constraints[kind as 'audio'])
        .join(' and ');
  if (!mediaDevices) {
    throw secure
      ? new SessionError('unsupported', 'there are no media devices here')
      : new SessionError('media-insecure', 'browsers give no media to insecure pages');
  }
  if (signal.aborted) throw aborted(signal);
  const asked = display ? mediaDevices.getDisplayMedia(constraints) : mediaDevices.getUserMedia(constraints);
  void asked.then(
    (stream) => signal.aborted && stream.getTracks().forEach((track) => void track.stop()),
    () => {},
  );
  try {
    return (await orAborted(asked, signal)).getTracks();
  } catch (error) {
    throw signal.aborted ? aborted(signal) : captureError(error, what);
  }
}
