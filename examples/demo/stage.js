// @ts-check
import { element, say } from './dom.js';

/**
 * @import { SessionSnapshot } from 'peer-session'
 * @import { StandIns } from './stand-ins.js'
 */

/** The pictures: who is seen where, and what stands there when nobody is. */
export class Stage {
  #remote = element('video-remote', HTMLVideoElement);
  #screen = element('video-screen', HTMLVideoElement);
  #local = element('video-local', HTMLVideoElement);
  #tiles = {
    remote: element('tile-remote', HTMLElement),
    screen: element('tile-screen', HTMLElement),
    local: element('tile-local', HTMLElement),
  };
  #marks = { remote: element('remote-muted', HTMLElement), local: element('local-muted', HTMLElement) };
  #hear = element('hear', HTMLButtonElement);
  #sound = element('sound', HTMLButtonElement);
  #standIns;
  #wantsSound = true;

  /** @param {StandIns} standIns */
  constructor(standIns) {
    this.#standIns = standIns;
    this.#hear.onclick = () => this.#setSound(true);
    this.#sound.onclick = () => this.#setSound(!this.#wantsSound);
  }

  /** Where the loudspeaker is chosen. */
  get speakers() {
    return [this.#remote, this.#screen];
  }

  /** @param {SessionSnapshot} snapshot */
  render({ state, local, remote }) {
    const over = state.status === 'closed' || state.status === 'failed';
    const theirs = new Map(remote.map((track) => [track.name, track]));
    const ours = new Map(local.map((track) => [track.name, track]));
    const inCall = !over && (state.status === 'connected' || state.status === 'reconnecting' || state.status === 'paused');

    const [camera, microphone] = [theirs.get('camera'), theirs.get('microphone')];
    this.#tiles.remote.hidden = !inCall;
    this.#show(this.#remote, inCall ? (camera ?? microphone)?.stream : undefined);
    const gone = state.status === 'reconnecting' && remote.length === 0;
    this.#blank(this.#tiles.remote, !camera || camera.muted, gone ? 'Not there at the moment' : undefined);
    this.#marks.remote.hidden = gone || Boolean(microphone && !microphone.muted);
    this.#sound.hidden = !inCall;

    const screen = theirs.get('screen');
    this.#tiles.screen.hidden = !inCall || !screen;
    this.#show(this.#screen, inCall ? screen?.stream : undefined);
    this.#tiles.screen.parentElement?.classList.toggle('has-screen', inCall && Boolean(screen));

    const mine = ours.get('camera');
    this.#tiles.local.hidden = over || (!mine && !inCall);
    this.#showOwn(over ? undefined : mine?.track);
    this.#blank(this.#tiles.local, !mine || mine.muted);
    this.#marks.local.hidden = !ours.get('microphone')?.muted && ours.has('microphone');
    const mirrored = mine && !this.#standIns.has(mine.track) && mine.track.getSettings().facingMode !== 'environment';
    this.#tiles.local.classList.toggle('mirrored', Boolean(mirrored));
  }

  /** @param {boolean} on */
  #setSound(on) {
    this.#wantsSound = on;
    for (const video of this.speakers) {
      video.muted = !on;
      if (video.srcObject) void this.#play(video);
    }
    this.#sound.setAttribute('aria-pressed', String(on));
    this.#hear.hidden = true;
  }

  /**
   * @param {HTMLVideoElement} video
   * @param {MediaStream | undefined} stream
   */
  #show(video, stream) {
    if (video.srcObject === (stream ?? null)) return;
    video.srcObject = stream ?? null;
    if (stream) void this.#play(video);
    else this.#hear.hidden = true;
  }

  /** @param {MediaStreamTrack | undefined} track */
  #showOwn(track) {
    const now = this.#local.srcObject instanceof MediaStream ? this.#local.srcObject.getVideoTracks()[0] : undefined;
    if (now === track) return;
    this.#local.srcObject = track ? new MediaStream([track]) : null;
    if (track) void this.#play(this.#local);
  }

  /**
   * Plays, and where the browser wants a touch before it makes sound, plays silently and asks for the touch.
   *
   * @param {HTMLVideoElement} video
   */
  async #play(video) {
    try {
      await video.play();
    } catch (error) {
      // AbortError: another stream was set meanwhile, which plays by itself.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || video.muted) return;
      video.muted = true;
      this.#hear.hidden = false;
      await video.play().catch(() => undefined);
    }
  }

  /**
   * @param {HTMLElement} tile
   * @param {boolean} blank
   * @param {string} [why]
   */
  #blank(tile, blank, why = 'Camera is off') {
    const words = tile.querySelector('.blank');
    if (words instanceof HTMLElement) {
      words.hidden = !blank;
      say(words, why);
    }
    tile.classList.toggle('off', blank);
  }

  /**
   * The line over the pictures while the session mends itself.
   *
   * @param {string} words empty: nothing to say
   */
  banner(words) {
    const banner = element('banner', HTMLElement);
    banner.hidden = words === '';
    say(banner, words);
    this.#tiles.remote.classList.toggle('stale', words !== '');
    this.#tiles.screen.classList.toggle('stale', words !== '');
  }
}
