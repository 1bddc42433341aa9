import { isSessionError, SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { capture, type MediaSource } from './capture.js';

/** What we send in one slot. */
export interface LocalTrack {
  /** The slot: `camera`, `microphone`, `screen`, `screen-audio`, or your own. */
  readonly name: string;
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
const replaced = (name: string): never => {
  throw new SessionError('aborted', `a newer call replaced what was asked for "${name}"`);
};
const nameOf = (track: MediaStreamTrack): string => (track.kind === 'audio' ? 'microphone' : 'camera');

/** What we send, by slot name. `session.media`. */
export class LocalMedia {
  readonly #o: LocalMediaOptions;
  readonly #slots = new Map<string, LocalTrack>();
  readonly #life = new AbortController();
  /** slot name -> the latest wish for it: an older one that is still being fetched gives way. */
  readonly #wishes = new Map<string, symbol>();

  /** @internal */
  constructor(options: LocalMediaOptions) {
    this.#o = options;
  }

  /** What is sent in this slot, if anything is. */
  get(name: string): LocalTrack | undefined {
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
   * @throws SessionError `media-denied`, `media-not-found`, `media-in-use`, `media-constraints`, `media-insecure`, `aborted`, `closed`
   * @example
   * ```ts
   * import type { PeerSession } from 'peer-session';
   *
   * const cameraOn = (session: PeerSession) => session.media.publish('camera', { width: 1280 });
   * ```
   */
  async publish(
    name: string,
    source: MediaStreamTrack | MediaTrackConstraints | true,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<LocalTrack> {
    if (isTrack(source)) return this.#put(name, source, false);
    const kind = name === 'microphone' || name.endsWith('audio') ? 'audio' : 'video';
    const [slot] = await this.#fetch([name], { [kind]: source }, signal, (track) => (track.kind === kind ? name : null));
    return slot ?? replaced(name);
  }

  /**
   * Publishes what a MediaSource describes, each track in its slot.
   * @internal
   */
  async publishAll(source: MediaSource, signal?: AbortSignal): Promise<void> {
    const named = isStream(source) ? source.getTracks().map((track) => [nameOf(track), track] as const) : Object.entries(source);
    if (named.every(([, value]) => isTrack(value ?? false))) {
      for (const [name, track] of named) this.#put(name, track as MediaStreamTrack, false);
    } else {
      await this.#fetch(['camera', 'microphone'], source as MediaStreamConstraints, signal, nameOf);
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
    const names = (track: MediaStreamTrack): string => (track.kind === 'audio' ? 'screen-audio' : 'screen');
    const slots = await this.#fetch(['screen', 'screen-audio'], options as MediaStreamConstraints, signal, names, true);
    return slots.find(({ name }) => name === 'screen') ?? replaced('screen');
  }

  /**
   * Takes another device for a slot that fetches, with the other constraints of its track. Needs no renegotiation. The picture goes on
   * until the new device is open; where two cannot be open at once, as on some phones, the old one is stopped first.
   *
   * @throws SessionError as {@link LocalMedia.publish}; the slot is empty if the new device failed after the old one was stopped
   */
  async switchDevice(name: string, deviceId: string): Promise<LocalTrack> {
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
  mute(name: string): void {
    this.#mute(name, true);
  }

  /** Takes back {@link LocalMedia.mute}. */
  unmute(name: string): void {
    this.#mute(name, false);
  }

  /** Stops sending in a slot; `screen` takes its sound along. Resolves at once where nothing is sent. */
  async remove(name: string): Promise<void> {
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
    this.#life.abort();
    for (const slot of this.#slots.values()) this.#release(slot);
    this.#slots.clear();
  }

  async #fetch(
    wished: readonly string[],
    constraints: MediaStreamConstraints,
    signal: AbortSignal | undefined,
    nameFor: (track: MediaStreamTrack) => string | null,
    display = false,
  ): Promise<LocalTrack[]> {
    const wish = Symbol();
    for (const name of wished) this.#wishes.set(name, wish);
    const life = this.#life.signal;
    const until = signal ? AbortSignal.any([signal, life]) : life;
    let tracks: MediaStreamTrack[];
    try {
      tracks = await capture(this.#o.platform, constraints, until, display);
    } catch (error) {
      throw life.aborted ? new SessionError('closed', 'the session was closed') : error;
    }
    return tracks.flatMap((track) => {
      const name = nameFor(track);
      if (name !== null && this.#wishes.get(name) === wish) return [this.#put(name, track, true)];
      track.stop();
      return [];
    });
  }

  #put(name: string, track: MediaStreamTrack, owned: boolean): LocalTrack {
    if (this.#life.signal.aborted) {
      if (owned) track.stop();
      throw new SessionError('closed', 'the session was closed');
    }
    const old = this.#slots.get(name);
    if (old && old.track !== track) this.#release(old);
    const muted = old?.muted ?? false;
    if (muted) track.enabled = false;
    const slot: LocalTrack = { name, track, muted, owned };
    this.#slots.set(name, slot);
    track.addEventListener('ended', () => this.#ended(name, track), { once: true, signal: this.#life.signal });
    this.#o.changed(name, slot, track.kind);
    return slot;
  }

  #ended(name: string, track: MediaStreamTrack): void {
    if (this.#slots.get(name)?.track !== track) return;
    void this.remove(name);
    if (!name.startsWith('screen')) this.#o.warn(new SessionError('media-ended', `the track of "${name}" ended`));
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
