import type { Platform } from '../platform.js';
import type { SessionEvents } from '../session-events.js';
import type { SlotName } from './local-media.js';
import { groupedStreams } from './sections.js';

/** What the peer sends in one slot. */
export interface RemoteTrack {
  /** The slot, as the peer named it. */
  readonly name: SlotName;
  /** The track of the present connection; another one after a rebuild. */
  readonly track: MediaStreamTrack;
  /** Groups what belongs together and stays the same object while the session lives. */
  readonly stream: MediaStream;
  /** The peer has muted it. */
  readonly muted: boolean;
}

type States = Readonly<Record<string, 'on' | 'muted'>>;

/** What arrives, by the names of the peer's slots. `session.remote`. */
export class RemoteMedia {
  readonly #emit: <K extends 'track' | 'trackremoved' | 'trackmute'>(type: K, event: SessionEvents[K]) => void;
  readonly #tracks = new Map<string, RemoteTrack>();
  readonly #stream: (name: string) => MediaStream;
  #states: States = {};

  /** @internal */
  constructor(
    platform: Platform,
    emit: <K extends 'track' | 'trackremoved' | 'trackmute'>(type: K, event: SessionEvents[K]) => void,
  ) {
    this.#stream = groupedStreams(() => new (platform.MediaStream as new () => MediaStream)());
    this.#emit = emit;
  }

  /** What arrives in this slot, if anything does. */
  get(name: SlotName): RemoteTrack | undefined {
    return this.#tracks.get(name);
  }

  /** All that arrives. */
  list(): readonly RemoteTrack[] {
    return [...this.#tracks.values()];
  }

  /** Whether the peer sends in this slot. @internal */
  sends(name: string): boolean {
    return Object.hasOwn(this.#states, name);
  }

  /** The peer told what it sends; `trackOf` finds the tracks of the present connection. @internal */
  update(states: States, trackOf: (name: string) => MediaStreamTrack | undefined): void {
    this.#states = states;
    for (const [name, { track, stream }] of this.#tracks) {
      if (this.sends(name)) continue;
      this.#tracks.delete(name);
      stream.removeTrack(track);
      this.#emit('trackremoved', { name, track });
    }
    for (const [name, state] of Object.entries(states)) {
      const track = trackOf(name);
      const old = this.#tracks.get(name);
      const muted = state === 'muted';
      if (!track || (old?.track === track && old.muted === muted)) continue;
      const stream = this.#stream(name);
      this.#tracks.set(name, { name, track, stream, muted });
      if (old?.track !== track) {
        if (old) stream.removeTrack(old.track);
        stream.addTrack(track);
        this.#emit('track', { name, track, stream });
      }
      if (muted !== (old?.muted ?? false)) this.#emit('trackmute', { name, muted });
    }
  }

  /** Nothing arrives any more. @internal */
  clear(): void {
    this.update({}, () => undefined);
  }
}
