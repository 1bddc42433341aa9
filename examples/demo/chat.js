// @ts-check
import { isSessionError } from 'peer-session';
import { element, make, say } from './dom.js';

/** @import { DataChannel, PeerSession, SessionState } from 'peer-session' */

/** The chat over a data channel. The words stay on the page when a call ends; a new call brings a new channel. */
export class Chat {
  #messages = element('messages', HTMLElement);
  #form = element('chat-form', HTMLFormElement);
  #text = element('chat-text', HTMLInputElement);
  #send = element('chat-send', HTMLButtonElement);
  /** @type {DataChannel | null} */
  #channel = null;

  constructor() {
    new ResizeObserver(() => this.#toEnd()).observe(this.#messages);
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const text = this.#text.value.trim();
      if (text === '' || !this.#channel) return;
      this.#text.value = '';
      void this.#deliver(this.#channel, text);
    };
  }

  /**
   * @param {PeerSession} session
   * @returns {() => void} stops listening
   */
  attach(session) {
    const channel = session.channel('chat', { resume: true });
    this.#channel = channel;
    return channel.onMessage((data) => {
      if (typeof data === 'string') this.#add('theirs', data.slice(0, 2000));
    });
  }

  /** @param {SessionState} state */
  render({ status }) {
    const open = status === 'connected' || status === 'reconnecting' || status === 'paused';
    this.#text.disabled = !open;
    this.#send.disabled = !open;
    this.#text.placeholder = open ? 'Write a message' : 'Opens with the call';
  }

  /**
   * @param {DataChannel} channel
   * @param {string} text
   */
  async #deliver(channel, text) {
    const row = this.#add('ours', text);
    const state = make('small', { text: 'sending' });
    row.append(state);
    try {
      await channel.send(text);
      state.remove();
    } catch (error) {
      row.classList.add('lost');
      say(state, isSessionError(error) ? `not sent: ${error.message}` : 'not sent');
    }
  }

  /**
   * @param {'ours' | 'theirs'} whose
   * @param {string} text
   */
  #add(whose, text) {
    const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const who = make('span', { className: 'hidden', text: whose === 'ours' ? `You, ${time}: ` : `The other side, ${time}: ` });
    const bubble = make('p', {}, who, text);
    bubble.title = time;
    const row = make('li', { className: whose }, bubble);
    this.#messages.append(row);
    this.#toEnd();
    return row;
  }

  #toEnd() {
    this.#messages.scrollTop = this.#messages.scrollHeight;
  }
}
