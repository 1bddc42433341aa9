// @ts-check
import { createSession } from 'peer-session';
import { serverSentEvents } from './server-sent-events.js';

const mine = /** @type {HTMLVideoElement} */ (document.querySelector('#mine'));
const theirs = /** @type {HTMLVideoElement} */ (document.querySelector('#theirs'));
const output = /** @type {HTMLOutputElement} */ (document.querySelector('output'));

const session = createSession({
  transport: serverSentEvents('/events', 'custom-transport'),
  media: { audio: true, video: true },
});

session.on('localtrack', ({ name, track }) => {
  if (name === 'camera') mine.srcObject = track && new MediaStream([track]);
});
session.on('track', ({ name, stream }) => {
  if (name === 'camera') theirs.srcObject = stream;
});
session.on('statechange', ({ state }) => {
  output.value = state.status === 'failed' ? `${state.error.message} ${state.error.hint}` : state.status;
});
session.start().catch(() => {}); // A failure is told by the state.
