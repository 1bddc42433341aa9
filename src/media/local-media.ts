import { isSessionError, SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { capture, type MediaSource } from './capture.js';

/** The slots that the session fills by itself, or your own. Editors suggest the four. */
export type SlotName = 'camera' | 'microphone' | 'screen' | 'screen-audio' | (string & {});

/** What we send in one slot. */
export interface LocalTrack {
  /** The slot. */
  readonly name: SlotName;
  /** The track that is sent. */
  readonly track: MediaStreamTrack;
  /** Published, but silent or black. */
  readonly muted: boolean;
  /** The session fetched it, and stops it on removal and `close()`. */
  readonly owned: boolean;
}

/** What local media reports upward. */
export interface LocalMediaOptions {
  readonly platform: Platform;
  /** A slot changed: put its track on the connection, tell the peer, tell the app. */
  changed(name: string, slot: LocalTrack | null, kind: string): void;
  warn(error: SessionError): void;
}

const isTrack = (source: unknown): source is MediaStreamTrack => typeof (source as MediaStreamTrack).stop === 'function';
const isStream = (source: MediaSource): source is MediaStream => typeof (source as MediaStream).getTracks === 'function';

/** The kind of a track -> the slot it goes to. */
type Names = Readonly<Record<string, string>>;
const CALL: Names = { audio: 'microphone', video: 'camera' };
const SCREEN: Names = { audio: 'screen-audio', video: 'screen' };

function slotOf(name: string, slots: readonly LocalTrack[]): LocalTrack {
  const slot = slots.find((one) => one.name === name);
  if (!slot) throw new SessionError('aborted', `a newer call replaced what was asked for "${name}"`);
  return slot;
}

/** What we send, by slot name. `session.media`. */
export class LocalMedia {
  readonly #o: LocalMediaOptions;
  readonly #slots = new Map<string, LocalTrack>();
  readonly #life = new AbortController();
  /** slot name -> the latest wish for it: an older one that is still being fetched gives way. */
  readonly #wishes = new Map<string, symbol>();
  /** What the app has set on senders, kept from one connection to the next. @internal */
  readonly settings: Map<string, RTCRtpSendParameters> = new Map();

  /** @internal */
  constructor(options: LocalMediaOptions) {
    this.#o = options;
  }

  /** What is sent in this slot, if anything is. */
  get(name: SlotName): LocalTrack | undefined {
    return this.#slots.get(name);
  }

  /** What is told to the peer, by slot. @internal */
  get states(): Readonly<Record<string, 'on' | 'muted'>> {
    return Object.fromEntries(this.list().map(({ name, muted }) => [name, muted ? 'muted' : 'on']));
  }

  /** All that is sent. */
  list(): readonly LocalTrack[] {
    return [...this.#slots.values()];
  }

  /**
   * Publishes in a slot, or replaces what is there. A track is sent as it is and never stopped by the session; constraints (or
   * `true`) are fetched: sound for `microphone` and names that end in `audio`, else a picture.
   *
   * @param options `signal` ends the wait for the device: rejects with `aborted`
   * @throws SessionError `media-denied`, `media-not-found`, `media-in-use`, `media-constraints`, `media-insecure`, `aborted`, `closed`
   * @example
   * ```ts
   * import type { PeerSession } from 'peer-session';
   *
   * const cameraOn = (session: PeerSession) => session.media.publish('camera', { width: 1280 });
   * ```
   */
  async publish(
    name: SlotName,
    source: MediaStreamTrack | MediaTrackConstraints | true,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<LocalTrack> {
    if (isTrack(source)) return this.#put(name, source, false);
    const kind = name === 'microphone' || name.endsWith('audio') ? 'audio' : 'video';
    return slotOf(name, await this.#fetch({ [kind]: name }, { [kind]: source }, signal));
  }

  /**
   * Publishes what a MediaSource describes, each track in its slot.
   * @internal
   */
  async publishAll(source: MediaSource, signal?: AbortSignal): Promise<void> {
    const named = isStream(source)
      ? source.getTracks().map((track) => [CALL[track.kind] as string, track] as const)
      : Object.entries(source);
    if (named.every(([, value]) => isTrack(value ?? false))) {
      for (const [name, track] of named) this.#put(name, track as MediaStreamTrack, false);
    } else {
      await this.#fetch(CALL, source as MediaStreamConstraints, signal);
    }
  }

  /**
   * Shares a screen, window or tab in the slots `screen` and, if it has sound, `screen-audio`. Call it from a click. Ends by
   * `remove('screen')` or by the browser's own button, told by `localtrack`.
   *
   * @param options as for `getDisplayMedia`; screen-capture section 5.1
   * @throws SessionError as {@link LocalMedia.publish}; `media-denied` also when the user cancels
   */
  async shareScreen(
    options: DisplayMediaStreamOptions = { video: true, audio: true },
    signal?: AbortSignal,
  ): Promise<LocalTrack> {
    return slotOf('screen', await this.#fetch(SCREEN, options as MediaStreamConstraints, signal, true));
  }

  /**
   * Takes another device for a slot that fetches, with the other constraints of its track. Needs no renegotiation. The picture goes on
   * until the new device is open; where two cannot be open at once, as on some phones, the old one is stopped first.
   *
   * @throws SessionError as {@link LocalMedia.publish}; the slot is empty if the new device failed after the old one was stopped
   */
  async switchDevice(name: SlotName, deviceId: string): Promise<LocalTrack> {
    const { track, owned } = this.#slots.get(name) ?? {};
    const constraints = { ...track?.getConstraints(), facingMode: {}, groupId: {}, deviceId: { exact: deviceId } };
    const open = (): Promise<LocalTrack> => this.publish(name, constraints);
    try {
      return await open();
    } catch (error) {
      if (!owned || !isSessionError(error, 'media-in-use') || this.#slots.get(name)?.track !== track) throw error;
    }
    track?.stop();
    try {
      return await open();
    } catch (error) {
      if (this.#slots.get(name)?.track === track) await this.remove(name);
      throw error;
    }
  }

  /** Sends silence or black instead, and tells the peer. The device stays on. */
  mute(name: SlotName): void {
    this.#mute(name, true);
  }

  /** Takes back {@link LocalMedia.mute}. */
  unmute(name: SlotName): void {
    this.#mute(name, false);
  }

  /** Stops sending in a slot; `screen` takes its sound along. Resolves at once where nothing is sent. */
  async remove(name: SlotName): Promise<void> {
    this.#wishes.delete(name);
    const slot = this.#slots.get(name);
    if (!slot) return;
    this.#slots.delete(name);
    this.#release(slot);
    this.#o.changed(name, null, slot.track.kind);
    if (name === 'screen') await this.remove('screen-audio');
  }

  /** Stops what is owned; nothing can be published afterwards. @internal */
  close(): void {
    this.#life.abort(new SessionError('closed', 'the session was closed'));
    for (const slot of this.#slots.values()) this.#release(slot);
    this.#slots.clear();
  }

  async #fetch(
    names: Names,
    constraints: MediaStreamConstraints,
    signal: AbortSignal | undefined,
    display = false,
  ): Promise<LocalTrack[]> {
    const wish = Symbol();
    for (const name of Object.values(names)) this.#wishes.set(name, wish);
    const life = this.#life.signal;
    let tracks: MediaStreamTrack[];
    try {
      tracks = await capture(this.#o.platform, constraints, signal ? AbortSignal.any([signal, life]) : life, display);
    } catch (error) {
      throw life.aborted ? life.reason : error;
    }
    return tracks.flatMap((track) => {
      const name = names[track.kind] as string;
      if (this.#wishes.get(name) === wish) return this.#put(name, track, true);
      track.stop();
      return [];
    });
  }

  #put(name: string, track: MediaStreamTrack, owned: boolean): LocalTrack {
    const { signal } = this.#life;
    if (signal.aborted) {
      if (owned) track.stop();
      throw signal.reason;
    }
    const old = this.#slots.get(name);
    if (old && old.track !== track) this.#release(old);
    const muted = old?.muted ?? false;
    if (muted) track.enabled = false;
    const slot: LocalTrack = { name, track, muted, owned };
    this.#slots.set(name, slot);
    const ended = (): void => {
      if (this.#slots.get(name)?.track !== track) return;
      void this.remove(name);
      if (!name.startsWith('screen')) this.#o.warn(new SessionError('media-ended', `the track of "${name}" ended`));
    };
    track.addEventListener('ended', ended, { signal });
    this.#o.changed(name, slot, track.kind);
    return slot;
  }

  #release({ track, owned, muted }: LocalTrack): void {
    if (owned) track.stop();
    // A track that was handed in goes back as it came.
    else if (muted) track.enabled = true;
  }

  #mute(name: string, muted: boolean): void {
    const slot = this.#slots.get(name);
    if (!slot || slot.muted === muted) return;
    slot.track.enabled = !muted;
    const now = { ...slot, muted };
    this.#slots.set(name, now);
    this.#o.changed(name, now, slot.track.kind);
  }
}
