// @ts-check
import { element, say } from './dom.js';
import { duration, routeDetail, routeWords } from './words.js';

/** @import { PeerSession, SessionState, SessionStatus } from 'peer-session' */

/** @type {Partial<Record<SessionStatus, number>>} */
const STEP = { fetching: 0, signaling: 1, connecting: 2, connected: 3, reconnecting: 3, paused: 3 };
const FAILED_AT = { fetching: 0, signaling: 1, ice: 2, data: 3, usage: 0 };

/** The three stages and the goal, how long each took, the state in a sentence, and the route. */
export class Stepper {
  #steps = [...element('steps', HTMLElement).querySelectorAll('li')];
  #status = element('status', HTMLElement);
  #route = element('route', HTMLElement);
  /** @type {number[]} milliseconds spent in each stage */
  #spent = [];
  #reached = -1;
  #since = performance.now();

  /** A new session starts from nothing. */
  reset() {
    this.#spent = [];
    this.#reached = -1;
    this.#since = performance.now();
  }

  /** Somebody came: the time that was spent on waiting is nobody's signaling. */
  met() {
    this.#since = performance.now();
  }

  /**
   * @param {SessionState} state
   * @param {SessionState} previous
   */
  note(state, previous) {
    const now = performance.now();
    const left = STEP[previous.status];
    if (left !== undefined && left < 3) this.#spent[left] = (this.#spent[left] ?? 0) + now - this.#since;
    this.#since = now;
    this.#reached = Math.max(this.#reached, STEP[state.status] ?? -1);
    // A stage may be over before it is seen.
    for (let i = 0; i < this.#reached; i++) this.#spent[i] ??= 0;
  }

  /**
   * @param {PeerSession} session
   * @param {string} words the state in a sentence
   */
  render({ state, route }, words) {
    const over = state.status === 'closed';
    const broken = state.status === 'failed' ? FAILED_AT[state.error.stage] : -1;
    const current = over || broken >= 0 ? -1 : (STEP[state.status] ?? 0);
    this.#steps.forEach((step, i) => {
      const mending = state.status === 'reconnecting' && i === 3;
      const is = i === broken ? 'failed' : mending ? 'mending' : look(i, current, this.#reached, over || broken >= 0);
      step.className = is;
      if (i === current) step.setAttribute('aria-current', 'step');
      else step.removeAttribute('aria-current');
      const [name, time] = [step.querySelector('b'), step.querySelector('small')];
      if (name && i === 3) say(name, mending ? 'Reconnecting' : 'Connected');
      const spent = this.#spent[i];
      if (time) say(time, is === 'done' && spent !== undefined ? duration(spent) : '');
    });
    say(this.#status, words);
    this.#routeIs(state.status === 'connected' || state.status === 'reconnecting' ? route : null);
    this.#route.classList.toggle('lost', state.status === 'reconnecting');
  }

  /** @param {PeerSession['route']} route */
  #routeIs(route) {
    this.#route.hidden = route === null;
    if (!route) return;
    this.#route.dataset['kind'] = route.kind;
    say(element('route-kind', HTMLElement), routeWords(route));
    say(element('route-detail', HTMLElement), routeDetail(route));
  }
}

/**
 * @param {number} i
 * @param {number} current
 * @param {number} reached
 * @param {boolean} over
 */
function look(i, current, reached, over) {
  if (over) return i < 3 && i <= reached ? 'done past' : '';
  if (i < current || (i === 3 && current === 3)) return 'done';
  return i === current ? 'active' : '';
}
