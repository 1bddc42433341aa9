import { FakeStreamTrackEvent } from '../engine/fake-event.js';
import { FakeEventTarget } from '../engine/fake-event-target.js';

type Handler = ((this: MediaStream, event: MediaStreamTrackEvent) => unknown) | null;

/** mediacapture-main 4.2. */
export class FakeMediaStream extends FakeEventTarget implements MediaStream {
  readonly id: string;
  onaddtrack: Handler = null;
  onremovetrack: Handler = null;
  readonly #newId: () => string;
  readonly #tracks: Set<MediaStreamTrack>;

  constructor(tracks: readonly MediaStreamTrack[], newId: () => string, id: string = newId()) {
    super();
    this.#tracks = new Set(tracks);
    this.#newId = newId;
    this.id = id;
  }

  get active(): boolean {
    return this.getTracks().some((track) => track.readyState === 'live');
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }
  getAudioTracks(): MediaStreamTrack[] {
    return this.getTracks().filter((track) => track.kind === 'audio');
  }
  getVideoTracks(): MediaStreamTrack[] {
    return this.getTracks().filter((track) => track.kind === 'video');
  }
  getTrackById(trackId: string): MediaStreamTrack | null {
    return this.getTracks().find((track) => track.id === trackId) ?? null;
  }

  /** 4.2.2: what the script does itself fires no event. */
  addTrack(track: MediaStreamTrack): void {
    this.#tracks.add(track);
  }
  removeTrack(track: MediaStreamTrack): void {
    this.#tracks.delete(track);
  }

  clone(): MediaStream {
    return new FakeMediaStream(
      this.getTracks().map((track) => track.clone()),
      this.#newId,
    );
  }

  /** The engine adds a remote track: `addtrack` fires (webrtc-pc 4.4.1.5). */
  addRemote(track: MediaStreamTrack): void {
    if (this.#tracks.has(track)) return;
    this.#tracks.add(track);
    this.dispatchEvent(new FakeStreamTrackEvent('addtrack', track));
  }

  /** The engine removes a remote track: `removetrack` fires. */
  removeRemote(track: MediaStreamTrack): void {
    if (this.#tracks.delete(track)) this.dispatchEvent(new FakeStreamTrackEvent('removetrack', track));
  }
}
