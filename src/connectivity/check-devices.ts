import type { SessionErrorCode } from '../errors.js';
import { problemFrom, problemOf } from './connectivity-problem.js';
import type { ConnectivityProblem, DevicePermission, DevicesReport } from './connectivity-report.js';
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
  const code = CODES[(error as Partial<Error> | null)?.name ?? ''];
  return problemFrom(error, code ?? 'media-failed', 'Camera and microphone cannot be opened');
}

/** Why nothing can be captured, before anybody was asked. */
export function judgeDevices(found: Omit<DevicesReport, 'problem'>): ConnectivityProblem | null {
  if (!found.cameras && !found.microphones) return problemOf('media-not-found', 'There is no camera and no microphone.');
  const denied = [found.cameraPermission, found.microphonePermission].includes('denied');
  return denied ? problemOf('media-denied', 'This page may not use the camera or the microphone.') : null;
}

/** Permissions of one kind, without a question to the user. Browsers that do not know the name throw. */
async function permissionOf(name: string): Promise<DevicePermission> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return 'unknown';
  }
}

/** Opens what there is and closes it again, also when the answer comes after the step is over. */
async function tryDevices(step: Step, mediaDevices: MediaDevices, { cameras, microphones }: DevicesReport): Promise<void> {
  // Asking for a camera that is not there would fail for the microphone too.
  const wish = { video: cameras > 0, audio: microphones > 0 || cameras === 0 };
  const opened = mediaDevices.getUserMedia(wish).then((stream) => {
    for (const track of stream.getTracks()) track.stop();
    return true;
  });
  if (!(await untilOver(opened, step))) throw new Error('the question was not answered');
}

async function look(step: Step, mediaDevices: MediaDevices): Promise<DevicesReport> {
  const listed = (await untilOver(mediaDevices.enumerateDevices(), step)) ?? [];
  const [camera, microphone] = (await untilOver(Promise.all(['camera', 'microphone'].map(permissionOf)), step)) ?? [];
  const count = (kind: MediaDeviceKind): number => listed.filter((device) => device.kind === kind).length;
  const found = {
    cameras: count('videoinput'),
    microphones: count('audioinput'),
    cameraPermission: camera ?? 'unknown',
    microphonePermission: microphone ?? 'unknown',
  } as const;
  return { ...found, problem: judgeDevices(found) };
}

const NOTHING = { cameras: 0, microphones: 0, cameraPermission: 'unknown', microphonePermission: 'unknown' } as const;

/** Looks which devices there are and what the page may do with them; opens them if `ask`. */
export async function checkDevices(step: Step, ask: boolean): Promise<DevicesReport> {
  const { mediaDevices, secure } = step.platform;
  if (!mediaDevices) {
    const problem = problemOf(secure ? 'unsupported' : 'media-insecure', 'This page has no access to cameras and microphones.');
    return { ...NOTHING, problem };
  }
  let found: DevicesReport = { ...NOTHING, problem: null };
  try {
    found = await look(step, mediaDevices);
    if (!ask) return found;
    await tryDevices(step, mediaDevices, found);
    return await look(step, mediaDevices);
  } catch (error) {
    return { ...found, problem: judgeMediaError(error) };
  }
}
