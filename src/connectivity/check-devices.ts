import type { SessionErrorCode } from '../errors.js';
import type { ConnectivityProblem, DevicePermission, DevicesReport } from './connectivity-report.js';
import { problemOf, wordsOf } from './judge-server.js';
import { type Step, untilOver } from './run-step.js';

/** The names of what `getUserMedia` throws (mediacapture-streams section 10.2). */
const CODES: Readonly<Record<string, SessionErrorCode>> = {
  NotAllowedError: 'media-denied',
  SecurityError: 'media-denied',
  NotFoundError: 'media-not-found',
  NotReadableError: 'media-in-use',
  AbortError: 'media-in-use',
};

/** What `getUserMedia` threw, as a problem. */
export function judgeMediaError(error: unknown): ConnectivityProblem {
  const code = CODES[(error as Partial<Error> | null)?.name ?? ''] ?? 'media-failed';
  return problemOf(code, `Camera and microphone cannot be opened: ${wordsOf(error)}`);
}

/** Why nothing can be captured, before anybody was asked. */
export function judgeDevices(found: Omit<DevicesReport, 'problem'>, secure: boolean, there: boolean): ConnectivityProblem | null {
  if (!there) return problemOf(secure ? 'unsupported' : 'media-insecure', 'This page has no access to cameras and microphones.');
  if (!found.cameras && !found.microphones) return problemOf('media-not-found', 'There is no camera and no microphone.');
  const denied = [found.cameraPermission === 'denied' && 'camera', found.microphonePermission === 'denied' && 'microphone'];
  const names = denied.filter(Boolean).join(' and ');
  return names ? problemOf('media-denied', `The ${names} may not be used on this page.`) : null;
}

/** Permissions of one kind, without a question to the user. Browsers that do not know the name throw. */
async function permissionOf(name: string): Promise<DevicePermission> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return 'unknown';
  }
}

/** Looks which devices there are and what the page may do with them; opens them if `ask`. */
export async function checkDevices(step: Step, ask: boolean): Promise<DevicesReport> {
  const { mediaDevices, secure } = step.platform;
  let problem: ConnectivityProblem | null = null;
  if (ask && mediaDevices) {
    const opening = mediaDevices.getUserMedia(await wishesOf(mediaDevices));
    const close = (stream: MediaStream): void => {
      for (const track of stream.getTracks()) track.stop();
    };
    // An answer that comes after the step is over opens nothing for nobody either.
    const done = opening.then(close);
    try {
      await untilOver(done, step);
    } catch (error) {
      problem = judgeMediaError(error);
    }
  }
  const listed = (await untilOver(Promise.resolve(mediaDevices?.enumerateDevices()), step).catch(() => null)) ?? [];
  const count = (kind: MediaDeviceKind): number => listed.filter((device) => device.kind === kind).length;
  const permissions = await untilOver(Promise.all([permissionOf('camera'), permissionOf('microphone')]), step);
  const found = {
    cameras: count('videoinput'),
    microphones: count('audioinput'),
    cameraPermission: permissions?.[0] ?? 'unknown',
    microphonePermission: permissions?.[1] ?? 'unknown',
  } as const;
  return { ...found, problem: problem ?? judgeDevices(found, secure, mediaDevices !== undefined) };
}

/** What there is to ask for. Asking for a camera that is not there would fail for the microphone too. */
async function wishesOf(mediaDevices: MediaDevices): Promise<MediaStreamConstraints> {
  const kinds = (await mediaDevices.enumerateDevices()).map(({ kind }) => kind);
  const video = kinds.includes('videoinput');
  return { video, audio: kinds.includes('audioinput') || !video };
}
