// @ts-check
import { createSession } from 'peer-session';
import { webSocket } from 'peer-session/transports';

const output = /** @type {HTMLOutputElement} */ (document.querySelector('output'));
const list = /** @type {HTMLOListElement} */ (document.querySelector('ol'));
const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
const input = /** @type {HTMLInputElement} */ (document.querySelector('input'));

const room = new URLSearchParams(location.search).get('room') ?? 'data-chat';
const session = createSession({ transport: webSocket('/signal', { room }) });

/** @param {string} text */
function show(text) {
  const row = document.createElement('li');
  row.textContent = text; // As text: what the other side writes must not become markup.
  list.append(row);
}

session.on('statechange', ({ state }) => {
  output.value = state.status === 'failed' ? `${state.error.message} ${state.error.hint}` : state.status;
});

// Both sides open a channel by its name. With `resume` a reload of the network loses no message.
const chat = session.channel('chat', { resume: true });
chat.onMessage((data) => show(`them: ${data}`));
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = input.value;
  input.value = '';
  show(`you: ${text}`);
  await chat.send(text).catch((error) => show(`not sent: ${error.message}`)); // Waits while the other side is not there.
});

session.start().catch(() => {}); // A failure is told by the state.
