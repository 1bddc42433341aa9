import { FakeEvent } from '../engine/fake-event.js';
import { FakeEventTarget } from '../engine/fake-event-target.js';

/** Where the samples of a track come from: a device, a screen, a drawing, or a peer. Clones share it. */
export interface TrackSource {
  readonly kind: 'audio' | 'video';
  readonly label: string;
  readonly settings: MediaTrackSettings;
  /** Told when the last track of this source was stopped or ended. */
  released?(): void;
  /** Refuses constraints that it cannot meet, by throwing. */
  constrain?(constraints: MediaTrackConstraints): void;
}

type Handler = ((this: MediaStreamTrack, event: Event) => unknown) | null;

/** mediacapture-main 4.3. */
export class FakeMediaStreamTrack extends FakeEventTarget implements MediaStreamTrack {
  readonly kind: 'audio' | 'video';
  readonly id: string;
  readonly label: string;
  enabled = true;
  contentHint = '';
  onended: Handler = null;
  onmute: Handler = null;
  onunmute: Handler = null;
  readonly #source: TrackSource;
  /** The living tracks of one source. */
  readonly #siblings: Set<FakeMediaStreamTrack>;
  readonly #newId: () => string;
  #muted: boolean;
  #ended = false;
  #constraints: MediaTrackConstraints = {};

  constructor(
    source: TrackSource,
    newId: () => string,
    init: { id?: string; muted?: boolean; siblings?: Set<FakeMediaStreamTrack> } = {},
  ) {
    super();
    this.kind = source.kind;
    this.label = source.label;
    this.id = init.id ?? newId();
    this.#source = source;
    this.#newId = newId;
    this.#muted = init.muted ?? false;
    this.#siblings = init.siblings ?? new Set();
    this.#siblings.add(this);
  }

  get muted(): boolean {
    return this.#muted;
  }

  get readyState(): MediaStreamTrackState {
    return this.#ended ? 'ended' : 'live';
  }

  /** 4.3.1: "stop() ... no `ended` event". The source stops with its last track. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#siblings.delete(this);
    if (this.#siblings.size === 0) this.#source.released?.();
  }

  clone(): MediaStreamTrack {
    const copy = new FakeMediaStreamTrack(this.#source, this.#newId, { muted: this.#muted, siblings: this.#siblings });
    copy.enabled = this.enabled;
    copy.#constraints = this.#constraints;
    if (this.#ended) copy.stop();
    return copy;
  }

  getConstraints(): MediaTrackConstraints {
    return this.#constraints;
  }
  getCapabilities(): MediaTrackCapabilities {
    const { deviceId, groupId } = this.#source.settings;
    return { ...(deviceId === undefined ? {} : { deviceId }), ...(groupId === undefined ? {} : { groupId }) };
  }
  getSettings(): MediaTrackSettings {
    return { ...this.#source.settings };
  }

  async applyConstraints(constraints: MediaTrackConstraints = {}): Promise<void> {
    if (!this.#ended) this.#source.constrain?.(constraints);
    this.#constraints = constraints;
  }

  /** The source ended by itself: unplugged, revoked, the share was stopped (4.3.1: `ended` fires). */
  end(): void {
    if (this.#ended) return;
    this.stop();
    this.dispatchEvent(new FakeEvent('ended'));
  }

  /** The same for all that live on this source. */
  endAll(): void {
    for (const track of [...this.#siblings]) track.end();
  }

  muteAll(muted: boolean): void {
    for (const track of this.#siblings) track.setMuted(muted);
  }

  /** The source is silent for a while (4.3.1 "set a track's muted state"). */
  setMuted(muted: boolean): void {
    if (this.#ended || this.#muted === muted) return;
    this.#muted = muted;
    this.dispatchEvent(new FakeEvent(muted ? 'mute' : 'unmute'));
  }
}
