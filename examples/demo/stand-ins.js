// @ts-check
import { drawnCamera, drawnMicrophone } from './test-media.js';

/** @typedef {'camera' | 'microphone'} Slot */

/**
 * The drawn camera and microphone of this page: made when first needed, ended when the call is over. The session never
 * stops tracks that were handed in, so whoever made them does.
 */
export class StandIns {
  #hue = Math.floor(Math.random() * 360);
  /** @type {Map<string, { track: MediaStreamTrack, stop: () => void }>} */
  #made = new Map();

  /**
   * @param {Slot} slot
   * @returns {MediaStreamTrack}
   */
  track(slot) {
    const made = this.#made.get(slot) ?? (slot === 'camera' ? drawnCamera(this.#hue) : drawnMicrophone());
    this.#made.set(slot, made);
    return made.track;
  }

  /**
   * Whether this track is one of ours.
   *
   * @param {MediaStreamTrack | undefined} track
   */
  has(track) {
    return [...this.#made.values()].some((made) => made.track === track);
  }

  /**
   * Ends the drawing of one slot, or of all.
   *
   * @param {string} [only]
   */
  release(only) {
    for (const [slot, { stop }] of this.#made) {
      if (only !== undefined && slot !== only) continue;
      stop();
      this.#made.delete(slot);
    }
  }
}
