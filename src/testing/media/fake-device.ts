import { captureError, overconstrainedError } from './capture-errors.js';
import { FakeMediaStreamTrack } from './fake-track.js';

/** A camera, a microphone or a loudspeaker. */
export interface DeviceInit {
  /** What it is. */
  readonly kind: MediaDeviceKind;
  /** The name that the user sees. */
  readonly label: string;
  /** Its id; made up if left out. */
  readonly deviceId: string;
  /** Devices in one housing have the same. @defaultValue the device alone */
  readonly groupId?: string;
}

/** What a camera can do at most. */
const VIDEO = { width: 1920, height: 1080, frameRate: 30, aspectRatio: 16 / 9 } as const;
const DEFAULT_VIDEO = { width: 640, height: 480, frameRate: 30 } as const;

type Range = number | ConstrainULongRange | ConstrainDoubleRange | undefined;

/** mediacapture-main 6.2: only `exact` and `min` refuse; everything else is a wish. */
function tooMuch(range: Range, most: number): boolean {
  if (typeof range !== 'object') return false;
  return (range.exact ?? range.min ?? 0) > most;
}

function exactText(value: ConstrainDOMString | undefined): readonly string[] | null {
  if (typeof value !== 'object' || Array.isArray(value)) return null;
  const { exact } = value as ConstrainDOMStringParameters;
  if (exact === undefined) return null;
  return typeof exact === 'string' ? [exact] : exact;
}

function wished(range: Range, standard: number): number {
  if (range === undefined) return standard;
  if (typeof range === 'number') return range;
  return range.exact ?? range.ideal ?? Math.max(range.min ?? 0, Math.min(standard, range.max ?? standard));
}

/** A device of the fake machine. */
export class FakeDevice {
  /** What it is. */
  readonly kind: MediaDeviceKind;
  /** The name that the user sees. */
  readonly label: string;
  /** Its id. */
  readonly deviceId: string;
  /** The same for what sits in one case. */
  readonly groupId: string;
  /** Another program holds it. */
  taken = false;
  /** Tracks that live on it. */
  readonly tracks: Set<FakeMediaStreamTrack> = new Set();
  #interrupted = false;

  constructor(init: DeviceInit) {
    this.kind = init.kind;
    this.label = init.label;
    this.deviceId = init.deviceId;
    this.groupId = init.groupId ?? `group of ${init.deviceId}`;
  }

  /** The name of the first constraint that it cannot meet, or `null`. */
  unmet(constraints: MediaTrackConstraints): string | null {
    const ids = exactText(constraints.deviceId);
    if (ids && !ids.includes(this.deviceId)) return 'deviceId';
    const groups = exactText(constraints.groupId);
    if (groups && !groups.includes(this.groupId)) return 'groupId';
    if (this.kind !== 'videoinput') return null;
    if (tooMuch(constraints.width, VIDEO.width)) return 'width';
    if (tooMuch(constraints.height, VIDEO.height)) return 'height';
    if (tooMuch(constraints.frameRate, VIDEO.frameRate)) return 'frameRate';
    const facing = exactText(constraints.facingMode);
    return facing && !facing.includes('user') ? 'facingMode' : null;
  }

  /** Makes a track. @throws NotReadableError if another program holds the device */
  open(constraints: MediaTrackConstraints, newId: () => string, firefox: boolean): FakeMediaStreamTrack {
    if (this.taken) throw captureError('in-use', firefox);
    const ids = { deviceId: this.deviceId, groupId: this.groupId };
    const video = this.kind === 'videoinput';
    const settings: MediaTrackSettings = video
      ? {
          ...ids,
          width: wished(constraints.width, DEFAULT_VIDEO.width),
          height: wished(constraints.height, DEFAULT_VIDEO.height),
          frameRate: wished(constraints.frameRate, DEFAULT_VIDEO.frameRate),
          facingMode: 'user',
        }
      : { ...ids, sampleRate: 48_000, channelCount: 1 };
    const siblings = new Set<FakeMediaStreamTrack>();
    const track = new FakeMediaStreamTrack(
      {
        kind: video ? 'video' : 'audio',
        label: this.label,
        settings,
        constrain: (wanted) => {
          const name = this.unmet(wanted);
          if (name) throw overconstrainedError(name, firefox);
        },
        released: () => this.tracks.delete(track),
      },
      newId,
      { muted: this.#interrupted, siblings },
    );
    this.tracks.add(track);
    return track;
  }

  /** The device is gone, or the system took it away: what lives on it ends (mediacapture-main 4.3.1). */
  end(): void {
    for (const track of [...this.tracks]) track.endAll();
  }

  /** The system silences it: a phone call, a switch in the housing, another app (CORRECTNESS 5.9). */
  interrupt(interrupted: boolean): void {
    this.#interrupted = interrupted;
    for (const track of [...this.tracks]) track.muteAll(interrupted);
  }
}
