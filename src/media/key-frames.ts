import type { Platform } from '../platform.js';
import { byFirefox } from '../shared/by-firefox.js';
import { switching } from './sender-settings.js';

/** The way there may come back later than the way here, and an encoder that was starved pauses first: again after these times. */
const AGAIN_MS = [400, 700];

/**
 * Makes every video encoder send a whole picture, now and soon again. After an outage the peer's decoder waits for one, and what it asks
 * itself was lost in the outage and is asked again seconds later. Chromium takes `encodingOptions` (webrtc-extensions section 6); Firefox
 * ignores them and makes a key frame when an encoding is switched off and on. Returns its undoing.
 */
export function refreshPictures(peer: RTCPeerConnection | undefined, platform: Platform): () => void {
  const firefox = byFirefox(peer);
  let stop = (): void => {};
  const send = (again: readonly number[]): void => {
    // Firefox 153 throws at getSenders() of a connection that somebody closed under us.
    if (!peer || peer.signalingState === 'closed') return;
    for (const sender of peer.getSenders()) {
      if (sender.track?.kind === 'video') void (firefox ? offAndOn(sender) : ask(sender)).catch(() => {});
    }
    const [ms, ...rest] = again;
    if (ms !== undefined) stop = platform.timer(() => send(rest), ms);
  };
  send(AGAIN_MS);
  return () => stop();
}

async function ask(sender: RTCRtpSender): Promise<void> {
  const parameters = sender.getParameters();
  const options = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
  const target: { setParameters(parameters: RTCRtpSendParameters, options: object): Promise<void> } = sender;
  await target.setParameters(parameters, options);
}

async function offAndOn(sender: RTCRtpSender): Promise<void> {
  if (switching.has(sender)) return;
  const active = sender.getParameters().encodings.map((encoding) => encoding.active);
  switching.set(sender, active);
  const set = (on: boolean): Promise<void> => {
    const parameters = sender.getParameters();
    parameters.encodings.forEach((encoding, i) => {
      encoding.active = on && active[i] !== false;
    });
    return sender.setParameters(parameters);
  };
  try {
    await set(false);
    // The app may have set parameters in between, which voids ours (webrtc-pc section 5.2): never leave it off.
    await set(true).catch(() => set(true));
  } finally {
    switching.delete(sender);
  }
}
