// @ts-check
import { element, make, say } from './dom.js';

/**
 * @import { PeerSession } from 'peer-session'
 * @import { Slot, StandIns } from './stand-ins.js'
 */

const DRAWN = 'drawn';

/** Where the person chooses camera, microphone and loudspeaker, during the call as well. */
export class Devices {
  #sheet = element('device-sheet', HTMLDialogElement);
  #hint = element('device-hint', HTMLElement);
  #pick = {
    camera: element('pick-camera', HTMLSelectElement),
    microphone: element('pick-microphone', HTMLSelectElement),
    speaker: element('pick-speaker', HTMLSelectElement),
  };
  #standIns;
  /** @type {PeerSession | null} */
  #session = null;

  /**
   * @param {StandIns} standIns
   * @param {HTMLMediaElement[]} speakers
   */
  constructor(standIns, speakers) {
    this.#standIns = standIns;
    element('devices', HTMLButtonElement).onclick = () => {
      say(this.#hint, '');
      void this.#fill();
      this.#sheet.showModal();
    };
    this.#sheet.onclick = (event) => {
      if (event.target === this.#sheet) this.#sheet.close(); // A click beside it.
    };
    this.#pick.camera.onchange = () => void this.#switch('camera', this.#pick.camera.value);
    this.#pick.microphone.onchange = () => void this.#switch('microphone', this.#pick.microphone.value);
    this.#pick.speaker.onchange = () => {
      for (const speaker of speakers)
        speaker.setSinkId(this.#pick.speaker.value).catch((error) => say(this.#hint, String(error)));
    };
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#fill());
  }

  /** @param {PeerSession} session */
  attach(session) {
    this.#session = session;
  }

  /** Closes the sheet: the call is over. */
  close() {
    if (this.#sheet.open) this.#sheet.close();
  }

  /**
   * @param {Slot} slot
   * @param {string} id
   */
  async #switch(slot, id) {
    const media = this.#session?.media;
    if (!media) return;
    const now = media.get(slot);
    say(this.#hint, 'Switching.');
    try {
      if (id === DRAWN) await media.publish(slot, this.#standIns.track(slot));
      else if (now?.owned) await media.switchDevice(slot, id);
      else await media.publish(slot, id === '' ? true : { deviceId: { exact: id } });
      if (id !== DRAWN) this.#standIns.release(slot);
      say(this.#hint, '');
    } catch (error) {
      say(this.#hint, error instanceof Error ? [error.message, 'hint' in error ? error.hint : ''].join(' ') : String(error));
    }
    await this.#fill();
  }

  async #fill() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const of = (/** @type {MediaDeviceKind} */ kind) => all.filter((device) => device.kind === kind);
    this.#options('camera', of('videoinput'), 'Test picture');
    this.#options('microphone', of('audioinput'), 'Test tone');
    const outputs = 'setSinkId' in HTMLMediaElement.prototype ? of('audiooutput') : [];
    element('speaker-row', HTMLElement).hidden = outputs.length < 2;
    if (this.#pick.speaker.options.length !== outputs.length) this.#pick.speaker.replaceChildren(...outputs.map(optionOf));
  }

  /**
   * @param {Slot} slot
   * @param {MediaDeviceInfo[]} devices
   * @param {string} standIn
   */
  #options(slot, devices, standIn) {
    const select = this.#pick[slot];
    select.replaceChildren(...devices.map(optionOf), new Option(standIn, DRAWN));
    const track = this.#session?.media.get(slot)?.track;
    if (!track) select.prepend(make('option', { text: 'Off' }));
    if (!track) select.selectedIndex = 0;
    else select.value = this.#standIns.has(track) ? DRAWN : (track.getSettings().deviceId ?? '');
  }
}

/** @param {MediaDeviceInfo} device @param {number} i */
const optionOf = (device, i) =>
  new Option(device.label || `${device.kind === 'videoinput' ? 'Camera' : 'Microphone'} ${i + 1}`, device.deviceId);
