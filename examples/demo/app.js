// @ts-check
// The page itself: one room, one session at a time, and the views that draw it.
import { enterRoom, linkTo, newRoom } from './address.js';
import { join } from './call.js';
import { Chat } from './chat.js';
import { Controls } from './controls.js';
import { copy } from './copy.js';
import { Cover } from './cover.js';
import { Devices } from './devices.js';
import { element, say } from './dom.js';
import { hideNotice, showNotice } from './notice.js';
import { Stage } from './stage.js';
import { StandIns } from './stand-ins.js';
import { Stepper } from './stepper.js';
import { Timeline } from './timeline.js';
import { reconnectWords, stateWords } from './words.js';

/**
 * @import { PeerSession } from 'peer-session'
 * @import { Plan } from './call.js'
 */

let { room, chosen } = enterRoom();
/** @type {PeerSession | null} */
let session = null;
/** Forgets the session that is on the page. */
let detach = () => {};
/** Counts the calls: a try that was left for another one must not come back. */
let calls = 0;

const standIns = new StandIns();
const stage = new Stage(standIns);
const stepper = new Stepper();
const chat = new Chat();
const timeline = new Timeline();
const controls = new Controls(standIns, showNotice);
const devices = new Devices(standIns, stage.speakers);
const cover = new Cover({ again: call, elsewhere, share, link: () => linkTo(room) });

/** @returns {Promise<void>} */
async function call() {
  const mine = ++calls;
  say(element('room-name', HTMLElement), room);
  hideNotice();
  try {
    await join({ room, standIns, onSession: show, goOn: () => mine === calls });
  } catch (error) {
    showNotice(error);
  }
}

/**
 * Puts a session on the page: it tells, the views draw.
 *
 * @param {PeerSession} next
 * @param {Plan} plan
 */
function show(next, plan) {
  detach();
  session = next;
  stepper.reset();
  for (const view of [controls, devices, timeline]) view.attach(next);
  /** @type {number | null} */
  let connectedAt = null;
  const more = { lastedMs: /** @type {number | null} */ (null), full: false, why: plan.why };
  const render = () => draw(next, more);
  const stops = [
    next.on('statechange', ({ state, previous }) => {
      stepper.note(state, previous);
      if (state.status === 'connected') connectedAt ??= performance.now();
      else if (connectedAt !== null) more.lastedMs = performance.now() - connectedAt;
      if (state.status === 'connecting') more.full = false;
    }),
    next.on('peerchange', ({ change }) => {
      if (change === 'joined') stepper.met();
    }),
    next.on('warning', ({ error }) => {
      if (error.code === 'peer-busy') {
        more.full = true;
        if (!chosen) return elsewhere(); // The room was ours to choose: another one will do.
      }
      if (error.stage === 'fetching' || error.stage === 'data') showNotice(error); // The others are the session's own to mend.
    }),
    next.subscribe(render),
    chat.attach(next),
  ];
  const clock = setInterval(render, 1000); // The round trip and the timeline change without a change of the session.
  detach = () => {
    clearInterval(clock);
    for (const stop of stops) stop();
  };
  render();
}

/**
 * @param {PeerSession} now
 * @param {{ lastedMs: number | null, full: boolean, why: string }} more
 */
function draw(now, more) {
  const snapshot = now.getSnapshot();
  const { state, remotePeerId } = snapshot;
  const over = state.status === 'closed' || state.status === 'failed';
  const words = stateWords(state, remotePeerId !== null, more.full);
  stage.render(snapshot);
  stage.banner(state.status === 'reconnecting' ? reconnectWords(state) : '');
  stepper.render(now, words);
  controls.render(now);
  chat.render(state);
  timeline.render();
  tellStandIns(now, more.why);
  cover.render(state, remotePeerId !== null, more);
  document.title = `${words.replace(/\.$/, '')} · peer-session`;
  if (!over) return;
  devices.close();
  standIns.release();
}

function elsewhere() {
  detach();
  void session?.close('left');
  room = newRoom();
  chosen = true; // One new room is tried, not room after room.
  void call();
}

/**
 * @param {PeerSession} now
 * @param {string} why
 */
function tellStandIns({ media }, why) {
  const drawn = [
    standIns.has(media.get('camera')?.track) ? 'a drawn picture' : '',
    standIns.has(media.get('microphone')?.track) ? 'a tone' : '',
  ].filter(Boolean);
  const line = element('standin', HTMLElement);
  line.hidden = drawn.length === 0;
  const words = `${drawn.join(' and ')} ${drawn.length > 1 ? 'stand in' : 'stands in'}`;
  say(line, why === '' ? `${words.charAt(0).toUpperCase()}${words.slice(1)}.` : `${why}: ${words}.`);
}

/** @param {HTMLButtonElement} button */
function share(button) {
  const url = linkTo(room);
  if (!('share' in navigator)) return void copy(url, button);
  navigator.share({ title: 'Call me', url }).catch(() => copy(url, button));
}

element('hangup', HTMLButtonElement).onclick = () => {
  calls++; // Also while the camera is still being asked for.
  void session?.close('hung-up');
};
const shareButton = element('share', HTMLButtonElement);
shareButton.onclick = () => share(shareButton);

void call();
