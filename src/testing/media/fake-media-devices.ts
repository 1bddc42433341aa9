import { FakeEvent } from '../engine/fake-event.js';
import { FakeEventTarget } from '../engine/fake-event-target.js';
import { type CaptureFailure, captureError, overconstrainedError } from './capture-errors.js';
import { type DeviceInit, FakeDevice } from './fake-device.js';
import { FakeMediaStream } from './fake-stream.js';
import { FakeMediaStreamTrack } from './fake-track.js';

/** What the user does with a question of the browser. */
export type PermissionAnswer = 'allow' | 'deny' | 'dismiss' | 'ignore';
type Input = 'audioinput' | 'videoinput';

/** What the devices need of their page. */
export interface MediaDevicesHooks {
  task(fn: () => void, ms: number): void;
  newId(): string;
  readonly firefox: boolean;
}

/** How long a browser takes to open a device that is allowed, and a user to answer. */
const OPEN_MS = 20;
const QUESTION_MS = 500;

type Handler = ((this: MediaDevices, event: Event) => unknown) | null;

/** mediacapture-main 9.2 and screen-capture 5, with a user and a desk full of devices behind them. */
export class FakeMediaDevices extends FakeEventTarget implements MediaDevices {
  ondevicechange: Handler = null;
  /** What the user answers, by kind; asked once, remembered while it is `allow`. Change it at any time. */
  readonly answers: { camera: PermissionAnswer; microphone: PermissionAnswer; screen: PermissionAnswer } = {
    camera: 'allow',
    microphone: 'allow',
    screen: 'allow',
  };
  /** `getDisplayMedia` was called by a click. Without it browsers refuse (CORRECTNESS 5.1). */
  gesture = true;
  /** Sound comes with a shared screen. */
  screenSound = false;
  /** The page was granted capture: addresses and labels are shown from now on. */
  granted = false;
  /** All that are plugged in. */
  readonly devices: FakeDevice[] = [];
  readonly #hooks: MediaDevicesHooks;
  readonly #screens = new Set<FakeMediaStreamTrack>();
  readonly #allowed = new Set<Input>();
  readonly #failures: CaptureFailure[] = [];

  constructor(hooks: MediaDevicesHooks) {
    super();
    this.#hooks = hooks;
    this.devices.push(
      new FakeDevice({ kind: 'videoinput', label: 'Fake camera', deviceId: 'camera-1' }),
      new FakeDevice({ kind: 'audioinput', label: 'Fake microphone', deviceId: 'microphone-1' }),
      new FakeDevice({ kind: 'audiooutput', label: 'Fake speakers', deviceId: 'speakers-1' }),
    );
  }

  /** Tracks of devices and screens that live. */
  get liveTracks(): readonly MediaStreamTrack[] {
    return [...this.devices.flatMap((device) => [...device.tracks]), ...this.#screens];
  }

  /** Plugs a device in: `devicechange` fires. */
  plug(init: DeviceInit): FakeDevice {
    const device = new FakeDevice(init);
    this.devices.push(device);
    this.#changed();
    return device;
  }

  /** Pulls a device out: its tracks end, then `devicechange` fires (CORRECTNESS 5.4). */
  unplug(deviceId: string): void {
    const index = this.devices.findIndex((device) => device.deviceId === deviceId);
    const [device] = index < 0 ? [] : this.devices.splice(index, 1);
    if (!device) throw new RangeError(`There is no device "${deviceId}".`);
    device.end();
    this.#changed();
  }

  /** The device of this kind or name. */
  device(deviceId: string): FakeDevice {
    const found = this.devices.find((device) => device.deviceId === deviceId);
    if (!found) throw new RangeError(`There is no device "${deviceId}".`);
    return found;
  }

  /** The next request fails so, whatever there is. */
  failNext(failure: CaptureFailure): void {
    this.#failures.push(failure);
  }

  /** The user takes the permission back: what is live ends (permissions, "react to revocation"). */
  revoke(): void {
    this.#allowed.clear();
    this.answers.camera = 'deny';
    this.answers.microphone = 'deny';
    for (const device of this.devices) device.end();
  }

  /** The user clicks "stop sharing" in the bar of the browser (CORRECTNESS 5.10). */
  stopSharing(): void {
    for (const track of [...this.#screens]) track.endAll();
  }

  /** 9.2.1: labels and ids stay empty until capture was allowed. */
  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.#later(1, () =>
      this.devices.map(({ kind, label, deviceId, groupId }) => {
        const info = this.granted ? { kind, label, deviceId, groupId } : { kind, label: '', deviceId: '', groupId: '' };
        return { ...info, toJSON: () => info };
      }),
    );
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return { deviceId: true, groupId: true, width: true, height: true, frameRate: true, facingMode: true };
  }

  getUserMedia(constraints: MediaStreamConstraints = {}): Promise<MediaStream> {
    const wanted = (['audioinput', 'videoinput'] as const).flatMap((kind) => {
      const given = kind === 'audioinput' ? constraints.audio : constraints.video;
      return given ? [{ kind, constraints: given === true ? {} : given }] : [];
    });
    if (wanted.length === 0) return Promise.reject(new TypeError('At least one of audio and video must be requested'));
    const failure = this.#failures.shift();
    const chosen = wanted.map(({ kind, constraints: given }) => ({ kind, given, fits: this.#choose(kind, given) }));
    const question = chosen.some(({ kind }) => !this.#allowed.has(kind));
    if (question && chosen.some(({ kind }) => this.#answer(kind) === 'ignore')) return new Promise(() => undefined);
    return this.#later(question ? QUESTION_MS : OPEN_MS, () => {
      if (failure) throw captureError(failure, this.#hooks.firefox);
      // 10.2 step 6: whether a device fits is told before the user is asked.
      for (const { kind, given, fits } of chosen) this.#checkFit(kind, given, fits);
      for (const { kind } of chosen) {
        const answer = this.#answer(kind);
        if (answer !== 'allow') throw captureError(answer === 'deny' ? 'denied' : 'dismissed', this.#hooks.firefox);
      }
      const tracks = this.#open(chosen.map(({ kind, given }) => ({ given, device: this.#choose(kind, given) })));
      for (const { kind } of chosen) this.#allowed.add(kind);
      this.granted = true;
      return new FakeMediaStream(tracks, this.#hooks.newId);
    });
  }

  getDisplayMedia(options: DisplayMediaStreamOptions = {}): Promise<MediaStream> {
    const failure = this.#failures.shift() ?? (this.gesture ? undefined : 'no-gesture');
    if (this.answers.screen === 'ignore') return new Promise(() => undefined);
    return this.#later(failure === 'no-gesture' ? 0 : QUESTION_MS, () => {
      if (failure) throw captureError(failure, this.#hooks.firefox);
      // screen-capture 5.1: closing the picker is a refusal like any other.
      if (this.answers.screen !== 'allow') throw captureError('denied', this.#hooks.firefox);
      const kinds = options.audio && this.screenSound ? (['video', 'audio'] as const) : (['video'] as const);
      return new FakeMediaStream(
        kinds.map((kind) => this.#screen(kind)),
        this.#hooks.newId,
      );
    });
  }

  #answer(kind: Input): PermissionAnswer {
    return kind === 'videoinput' ? this.answers.camera : this.answers.microphone;
  }

  #choose(kind: Input, constraints: MediaTrackConstraints): FakeDevice | undefined {
    const fitting = this.devices.filter((device) => device.kind === kind && device.unmet(constraints) === null);
    const { deviceId } = constraints;
    const ideal =
      typeof deviceId === 'string' ? deviceId : typeof deviceId === 'object' && 'ideal' in deviceId ? deviceId.ideal : '';
    return fitting.find((device) => device.deviceId === ideal) ?? fitting[0];
  }

  #checkFit(kind: Input, constraints: MediaTrackConstraints, fits: FakeDevice | undefined): void {
    const all = this.devices.filter((device) => device.kind === kind);
    if (all.length === 0) throw captureError('not-found', this.#hooks.firefox);
    if (fits) return;
    const names = all.map((device) => device.unmet(constraints)).filter((name) => name !== null);
    throw overconstrainedError(names.find((name) => name !== 'deviceId') ?? 'deviceId', this.#hooks.firefox);
  }

  /** All or nothing: what was opened stops again if the rest fails. */
  #open(wanted: readonly { given: MediaTrackConstraints; device: FakeDevice | undefined }[]): FakeMediaStreamTrack[] {
    const tracks: FakeMediaStreamTrack[] = [];
    try {
      for (const { given, device } of wanted) {
        // The device vanished while the user was asked (CORRECTNESS 5.1: NotReadableError).
        if (!device) throw captureError('in-use', this.#hooks.firefox);
        tracks.push(device.open(given, this.#hooks.newId, this.#hooks.firefox));
      }
      return tracks;
    } catch (error) {
      for (const track of tracks) track.stop();
      throw error;
    }
  }

  #screen(kind: 'audio' | 'video'): FakeMediaStreamTrack {
    const settings: MediaTrackSettings =
      kind === 'video' ? { width: 1920, height: 1080, frameRate: 30, displaySurface: 'monitor' } : {};
    const source = { kind, label: 'screen:0:0', settings, released: () => void this.#screens.delete(track) };
    const track = new FakeMediaStreamTrack(source, this.#hooks.newId);
    this.#screens.add(track);
    return track;
  }

  #changed(): void {
    this.#hooks.task(() => this.dispatchEvent(new FakeEvent('devicechange')), 0);
  }

  #later<T>(ms: number, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#hooks.task(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      }, ms);
    });
  }
}
