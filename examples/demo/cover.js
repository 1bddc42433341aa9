// @ts-check
import { element, make, say } from './dom.js';
import { duration, endWords, failureTitle, failureWords } from './words.js';

/**
 * @import { SessionState } from 'peer-session'
 * @import { More } from './app.js'
 */

/**
 * What the person can do from here.
 *
 * @typedef {{ again: () => void, elsewhere: () => void, share: (button: HTMLButtonElement) => void, link: () => string }} Ways
 */

/** The card over the pictures, wherever there is no call to look at. */
export class Cover {
  #cover = element('cover', HTMLElement);
  #title = element('cover-title', HTMLElement);
  #text = element('cover-text', HTMLElement);
  #hint = element('cover-hint', HTMLElement);
  #actions = element('cover-actions', HTMLElement);
  #shown = '';
  #ways;

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
  }

  /**
   * @param {SessionState} state
   * @param {boolean} met
   * @param {More} more
   */
  render(state, met, { lastedMs, fetched, full, signaling }) {
    const view = viewOf(state, met && !full);
    document.body.dataset['view'] = view;
    this.#cover.hidden = view === 'call';
    if (state.status === 'failed') this.#failed(state.error);
    else if (state.status === 'closed') this.#ended(state, lastedMs);
    else if (view === 'opening' && !fetched)
      this.#card(view, 'Allow your camera and microphone', 'The browser asks you now. Without them a drawn picture stands in.');
    else if (view === 'opening' || (view === 'waiting' && signaling === 'opening'))
      this.#card('reaching', 'Reaching the server', 'The two sides find each other there.');
    else if (view === 'waiting' && signaling === 'lost')
      this.#card('away', 'The server does not answer', 'Trying again and again. Nobody can come before it is back.');
    else if (view === 'waiting') full ? this.#full() : this.#waiting();
    else if (view === 'meeting') this.#card(view, 'Somebody is here', 'Connecting the two of you.');
    else this.#shown = view;
  }

  #waiting() {
    const open = make('a', { className: 'button', text: 'Open a second tab' });
    open.href = this.#ways.link();
    open.target = '_blank';
    open.rel = 'noopener';
    const share = make('button', { className: 'primary', text: 'share' in navigator ? 'Share the link' : 'Copy the link' });
    share.onclick = () => this.#ways.share(share);
    const local = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
    this.#card('waiting', 'Waiting for the other side', 'Open this page in a second tab, or send its link to somebody.', {
      hint: local ? 'Another device cannot reach “localhost”: give it the address of this machine instead.' : '',
      actions: [share, open],
    });
  }

  #full() {
    const leave = make('button', { className: 'primary', text: 'Open a new room' });
    leave.onclick = this.#ways.elsewhere;
    this.#card('full', 'This room is full', 'Two people are in a call here. You are let in when one of them leaves.', {
      actions: [leave],
    });
  }

  /**
   * @param {Extract<SessionState, { status: 'closed' }>} state
   * @param {number | null} lastedMs
   */
  #ended(state, lastedMs) {
    const { title, text: off } = endWords(state);
    const text = lastedMs === null ? off : `The call lasted ${duration(lastedMs)}. ${off}`;
    this.#card(`closed ${state.by} ${state.reason}`, title, text, { actions: this.#retry('Call again') });
  }

  /** @param {Extract<SessionState, { status: 'failed' }>['error']} error */
  #failed(error) {
    const more = make('a', { text: 'What this means' });
    more.href = docsOf(error);
    more.target = '_blank';
    more.rel = 'noopener';
    const { text, hint } = failureWords(error);
    this.#card(`failed ${error.message}`, failureTitle(error), text, {
      hint,
      actions: [...this.#retry('Try again', error.code === 'signaling-refused' ? 'Open a new room' : undefined), more],
    });
  }

  /**
   * @param {string} again
   * @param {string} [elsewhere]
   */
  #retry(again, elsewhere) {
    const first = make('button', { className: 'primary', text: again });
    first.id = 'again';
    first.onclick = this.#ways.again;
    if (!elsewhere) return [first];
    const second = make('button', { text: elsewhere });
    second.onclick = this.#ways.elsewhere;
    return [first, second];
  }

  /**
   * @param {string} key draws only what is new: a button must not vanish under a finger
   * @param {string} title
   * @param {string} text
   * @param {{ hint?: string, actions?: HTMLElement[] }} [more]
   */
  #card(key, title, text, { hint = '', actions = [] } = {}) {
    if (this.#shown === key) return;
    this.#shown = key;
    say(this.#title, title);
    say(this.#text, text);
    say(this.#hint, hint);
    this.#hint.hidden = hint === '';
    const wasHere = document.activeElement?.closest('.controls, .cover');
    this.#actions.replaceChildren(...actions);
    // Whoever had just pressed "Hang up" goes on from the next button, not from the top of the page.
    if (wasHere) (actions[0] ?? document.getElementById('hangup'))?.focus({ preventScroll: true });
  }
}

/**
 * @param {SessionState} state
 * @param {boolean} met
 * @returns {'opening' | 'waiting' | 'meeting' | 'call' | 'over' | 'failed'}
 */
function viewOf({ status }, met) {
  if (status === 'closed') return 'over';
  if (status === 'failed') return 'failed';
  if (status === 'idle' || status === 'fetching') return 'opening';
  if (status === 'signaling') return met ? 'meeting' : 'waiting';
  return status === 'connecting' ? 'meeting' : 'call';
}

/** The page that explains an error. @param {{ code: string }} error */
export const docsOf = ({ code }) => new URL(`errors.html#${code}`, location.href).href;
