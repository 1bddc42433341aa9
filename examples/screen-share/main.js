// @ts-check
import { createSession, isSessionError } from 'peer-session';
import { webSocket } from 'peer-session/transports';

const output = /** @type {HTMLOutputElement} */ (document.querySelector('output'));
const button = /** @type {HTMLButtonElement} */ (document.querySelector('#share'));
const video = /** @type {HTMLVideoElement} */ (document.querySelector('video'));

const room = new URLSearchParams(location.search).get('room') ?? 'screen-share';
const session = createSession({ transport: webSocket('/signal', { room }) }); // No `media`: nothing is sent at the start.

session.on('statechange', ({ state }) => {
  output.value = state.status;
});

// What the other side shares.
session.on('track', ({ name, stream }) => {
  if (name === 'screen') video.srcObject = stream;
});
session.on('trackremoved', ({ name }) => {
  if (name === 'screen') video.srcObject = null;
});

// What this side shares. The browser's own "stop sharing" button ends up here as well.
session.on('localtrack', ({ name, track }) => {
  if (name === 'screen') button.textContent = track ? 'Stop sharing' : 'Share my screen';
});
button.onclick = async () => {
  try {
    if (session.media.get('screen')) await session.media.remove('screen');
    else await session.media.shareScreen();
  } catch (error) {
    if (isSessionError(error)) output.value = error.hint;
  }
};

session.start().catch((error) => {
  output.value = `${error.message} ${error.hint}`;
});
