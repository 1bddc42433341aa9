// @ts-check
import { isSessionError } from 'peer-session';
import { element, press } from './dom.js';

/**
 * @import { PeerSession } from 'peer-session'
 * @import { StandIns } from './stand-ins.js'
 */

/** The buttons under the pictures. What they show comes from the session, never from what was pressed. */
export class Controls {
  #mute = element('mute', HTMLButtonElement);
  #camera = element('camera', HTMLButtonElement);
  #screen = element('screen', HTMLButtonElement);
  #sharing = element('sharing', HTMLElement);
  #standIns;
  #report;
  /** @type {PeerSession | null} */
  #session = null;
  /** @type {string | undefined} the camera to come back to */
  #lastCamera;

  /**
   * @param {StandIns} standIns
   * @param {(error: unknown) => void} report
   */
  constructor(standIns, report) {
    this.#standIns = standIns;
    this.#report = report;
    this.#on(this.#mute, (session) => this.#toggleMicrophone(session));
    this.#on(this.#camera, (session) => this.#toggleCamera(session));
    this.#on(this.#screen, (session) => this.#toggleScreen(session));
    this.#on(element('sharing-stop', HTMLButtonElement), (session) => session.media.remove('screen'));
    if (!navigator.mediaDevices?.getDisplayMedia) this.#screen.hidden = true; // Phones cannot share their screen.
  }

  /** @param {PeerSession} session */
  attach(session) {
    this.#session = session;
  }

  /** @param {PeerSession} session */
  render({ media, state }) {
    // While the browser asks, there is nothing to mute yet, and a second question would only confuse.
    const asking = state.status === 'idle' || state.status === 'fetching';
    for (const button of [this.#mute, this.#camera, this.#screen]) button.disabled = asking;
    const [microphone, camera, screen] = [media.get('microphone'), media.get('camera'), media.get('screen')];
    const silent = !asking && (!microphone || microphone.muted);
    const dark = !asking && (!camera || camera.muted);
    press(this.#mute, silent, silent ? 'Unmute' : 'Mute');
    press(this.#camera, dark, dark ? 'Camera on' : 'Camera off');
    press(this.#screen, Boolean(screen), screen ? 'Stop sharing' : 'Share');
    this.#sharing.hidden = !screen;
  }

  /**
   * One thing at a time per button, and a failure is told.
   *
   * @param {HTMLButtonElement} button
   * @param {(session: PeerSession) => Promise<unknown> | void} act
   */
  #on(button, act) {
    button.onclick = async () => {
      if (!this.#session || button.ariaBusy === 'true') return;
      button.ariaBusy = 'true';
      try {
        await act(this.#session);
      } catch (error) {
        this.#report(error);
      } finally {
        button.ariaBusy = 'false';
      }
    };
  }

  /** @param {PeerSession} session */
  #toggleMicrophone({ media }) {
    const microphone = media.get('microphone');
    if (!microphone) return media.publish('microphone', true);
    return microphone.muted ? media.unmute('microphone') : media.mute('microphone');
  }

  /**
   * A real camera is given back, so that its light goes out; a drawn one only pauses.
   *
   * @param {PeerSession} session
   */
  #toggleCamera({ media }) {
    const camera = media.get('camera');
    if (!camera) return media.publish('camera', this.#lastCamera ? { deviceId: { ideal: this.#lastCamera } } : true);
    if (camera.muted) return media.unmute('camera');
    if (this.#standIns.has(camera.track)) return media.mute('camera');
    this.#lastCamera = camera.track.getSettings().deviceId;
    return media.remove('camera');
  }

  /** @param {PeerSession} session */
  async #toggleScreen({ media }) {
    if (media.get('screen')) return media.remove('screen');
    try {
      await media.shareScreen({ video: true, audio: true });
    } catch (error) {
      if (!isSessionError(error, 'media-denied')) throw error; // The person thought better of it: nothing to tell.
    }
  }
}
