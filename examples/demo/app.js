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
 * @import { LocalTrack, PeerSession, SignalingStatus } from 'peer-session'
 * @import { Plan } from './call.js'
 */

/**
 * What the page knows beside the session.
 *
 * @typedef {object} More
 * @property {number | null} lastedMs how long the call was, once it is over
 * @property {boolean} fetched camera and microphone are there, or what stands in for them
 * @property {boolean} full two others are in the room
 * @property {SignalingStatus} signaling whether the server is there
 * @property {string} why why something drawn is sent
 */

let { room, chosen } = enterRoom();
/** @type {PeerSession | null} */
let session = null;
/** How many others are in the room. */
let others = 0;
/** Draws the session that is on the page. */
let redraw = () => {};
/** Forgets it. */
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
    const onOthers = (/** @type {number} */ count) => {
      others = count;
      redraw();
    };
    await join({ room, standIns, onSession: show, onOthers, goOn: () => mine === calls });
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
  /** @type {More} */
  const more = { lastedMs: null, fetched: false, full: false, signaling: next.signaling, why: plan.why };
  const render = () => {
    more.signaling = next.signaling;
    more.fetched = next.media.get('camera') !== undefined && next.media.get('microphone') !== undefined;
    if (others < 2) more.full = false;
    draw(next, more);
  };
  redraw = render;
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
    redraw = () => {};
    for (const stop of stops) stop();
  };
  render();
}

/**
 * @param {PeerSession} now
 * @param {More} more
 */
function draw(now, more) {
  const snapshot = now.getSnapshot();
  const { state, remotePeerId } = snapshot;
  const over = state.status === 'closed' || state.status === 'failed';
  const words = stateWords(state, remotePeerId !== null, more);
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
    sendsDrawn(media.get('camera')) ? 'a drawn picture' : '',
    sendsDrawn(media.get('microphone')) ? 'a tone' : '',
  ].filter(Boolean);
  const line = element('standin', HTMLElement);
  line.hidden = drawn.length === 0;
  const words = `${drawn.join(' and ')} ${drawn.length > 1 ? 'stand in' : 'stands in'}`;
  say(line, why === '' ? `${words.charAt(0).toUpperCase()}${words.slice(1)}.` : `${why}: ${words}.`);
}

/** @param {LocalTrack | undefined} sent */
const sendsDrawn = (sent) => sent !== undefined && !sent.muted && standIns.has(sent.track);

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
