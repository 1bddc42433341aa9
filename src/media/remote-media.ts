import { groupOf } from './sections.js';

/** What the peer sends in one slot. */
export interface RemoteTrack {
  /** The slot, as the peer named it. */
  readonly name: string;
  /** The track of the present connection; another one after a rebuild. */
  readonly track: MediaStreamTrack;
  /** Groups what belongs together and stays the same object while the session lives. */
  readonly stream: MediaStream;
  /** The peer has muted it. */
  readonly muted: boolean;
}

/** What remote media reports upward. */
export interface RemoteMediaOptions {
  readonly stream: (new () => MediaStream) | undefined;
  added(track: RemoteTrack): void;
  removed(track: RemoteTrack): void;
  muted(track: RemoteTrack): void;
}

type States = Readonly<Record<string, 'on' | 'muted'>>;

/** What arrives, by the names of the peer's slots. `session.remote`. */
export class RemoteMedia {
  readonly #o: RemoteMediaOptions;
  readonly #tracks = new Map<string, RemoteTrack>();
  readonly #streams = new Map<string, MediaStream>();
  #states: States = {};

  /** @internal */
  constructor(options: RemoteMediaOptions) {
    this.#o = options;
  }

  /** What arrives in this slot, if anything does. */
  get(name: string): RemoteTrack | undefined {
    return this.#tracks.get(name);
  }

  /** All that arrives. */
  list(): readonly RemoteTrack[] {
    return [...this.#tracks.values()];
  }

  /** Whether the peer sends in this slot. @internal */
  sends(name: string): boolean {
    return Object.hasOwn(this.#states, name) || name in this.#states;
  }

  /** The peer told what it sends; `trackOf` finds the tracks of the present connection. @internal */
  update(states: States, trackOf: (name: string) => MediaStreamTrack | undefined): void {
    this.#states = states;
    for (const [name, old] of this.#tracks) if (!(name in states)) this.#remove(old);
    for (const [name, state] of Object.entries(states)) {
      const track = trackOf(name);
      const old = this.#tracks.get(name);
      const muted = state === 'muted';
      if (!track) continue;
      if (old?.track === track && old.muted === muted) continue;
      const stream = this.#stream(name);
      const now = { name, track, stream, muted };
      this.#tracks.set(name, now);
      if (old?.track !== track) {
        if (old) stream?.removeTrack(old.track);
        stream?.addTrack(track);
        this.#o.added(now);
      }
      if (muted !== (old?.muted ?? false)) this.#o.muted(now);
    }
  }

  /** Nothing arrives any more. @internal */
  clear(): void {
    this.#states = {};
    for (const track of this.#tracks.values()) this.#remove(track);
  }

  #remove(old: RemoteTrack): void {
    this.#tracks.delete(old.name);
    old.stream?.removeTrack(old.track);
    this.#o.removed(old);
  }

  #stream(name: string): MediaStream {
    const group = groupOf(name);
    let stream = this.#streams.get(group);
    if (!stream) {
      if (!this.#o.stream) throw new TypeError('no MediaStream here');
      stream = new this.#o.stream();
      this.#streams.set(group, stream);
    }
    return stream;
  }
}
