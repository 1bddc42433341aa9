// @ts-check
import { createSession, isSessionError } from 'peer-session';
import { webSocket } from 'peer-session/transports';
import { icePolicy, iceServers, wantsDrawn } from './address.js';
import { counted } from './counted.js';

/**
 * @import { PeerSession, SessionErrorCode, SignalingTransport } from 'peer-session'
 * @import { StandIns } from './stand-ins.js'
 */

/**
 * What one try sends: a real device, or its drawn stand-in, and why that.
 *
 * @typedef {{ camera: boolean, microphone: boolean, why: string }} Plan
 */

const PEER_ID = 'peer-session-demo-peer';

/** @type {Partial<Record<SessionErrorCode, string>>} */
const WHY = {
  'media-denied': 'The camera and the microphone were not allowed',
  'media-not-found': 'No camera was found',
  'media-in-use': 'Another program is using the camera',
  'media-insecure': 'Browsers give camera and microphone only to https pages and to localhost',
};

/**
 * Joins the room: with the devices there are, else with what is drawn. Nobody is turned away for want of a camera.
 *
 * @param {{ room: string, standIns: StandIns, onSession: (session: PeerSession, plan: Plan) => void, onOthers: (others: number) => void, goOn: () => boolean }} options
 *   `onSession` hears of each session before it starts, `onOthers` how many others are in the room, `goOn` says whether the person still wants the call
 * @returns {Promise<void>} when the session is connected or over; its state has told why
 */
export async function join({ room, standIns, onSession, onOthers, goOn }) {
  let plan = await firstPlan();
  while (goOn()) {
    const session = sessionFor(counted(webSocket('/signal', { room }), onOthers), plan, standIns);
    onSession(session, plan);
    try {
      await session.start();
      return;
    } catch (error) {
      if (!isSessionError(error) || error.stage !== 'fetching') return;
      const next = planAfter(plan, error.code);
      if (!next) return;
      plan = next;
    }
  }
}

/** @returns {Promise<Plan>} */
async function firstPlan() {
  if (wantsDrawn()) return { camera: false, microphone: false, why: '' };
  if (!navigator.mediaDevices) return { camera: false, microphone: false, why: WHY['media-insecure'] ?? '' };
  const kinds = new Set((await navigator.mediaDevices.enumerateDevices()).map((device) => device.kind));
  const [camera, microphone] = [kinds.has('videoinput'), kinds.has('audioinput')];
  const missing = [camera ? '' : 'camera', microphone ? '' : 'microphone'].filter(Boolean);
  return { camera, microphone, why: missing.length > 0 ? `No ${missing.join(' and no ')} was found` : '' };
}

/**
 * @param {Plan} plan
 * @param {SessionErrorCode} code
 * @returns {Plan | null}
 */
function planAfter(plan, code) {
  if (!plan.camera && !plan.microphone) return null;
  const why = WHY[code] ?? 'The camera could not be opened';
  // A camera that another program holds says nothing against the microphone; a refusal of the person is for both.
  return { camera: false, microphone: plan.camera && plan.microphone && code !== 'media-denied', why };
}

/**
 * @param {SignalingTransport} transport
 * @param {Plan} plan
 * @param {StandIns} standIns
 * @returns {PeerSession}
 */
function sessionFor(transport, plan, standIns) {
  const { camera, microphone } = plan;
  const drawn = { camera: standIns.track.bind(standIns, 'camera'), microphone: standIns.track.bind(standIns, 'microphone') };
  const session = createSession({
    transport,
    peerId,
    media:
      camera || microphone
        ? { audio: microphone, video: camera && { width: { ideal: 1280 }, height: { ideal: 720 } } }
        : { camera: drawn.camera(), microphone: drawn.microphone() },
    iceServers,
    iceTransportPolicy: icePolicy(),
    timeouts: { peerMs: Number.POSITIVE_INFINITY }, // A person who waits may wait as long as they like.
  });
  if (camera !== microphone) {
    const slot = camera ? 'microphone' : 'camera';
    void session.media.publish(slot, drawn[slot]());
  }
  return session;
}

/**
 * The same id after a reload: the other side then knows that the same person is back. It is kept only between two lives of
 * this tab, so that a duplicated tab, which inherits the storage, gets one of its own.
 */
const peerId = (() => {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    const kept = sessionStorage.getItem(PEER_ID) ?? id;
    sessionStorage.removeItem(PEER_ID);
    addEventListener('pagehide', () => sessionStorage.setItem(PEER_ID, kept));
    return kept;
  } catch {
    return id;
  }
})();
