// @ts-check
import { copy } from './copy.js';
import { element, make, say } from './dom.js';

/** @import { PeerSession, TimelineEntry } from 'peer-session' */

/** What happened when, as the session itself wrote it down. */
export class Timeline {
  #details = element('timeline', HTMLDetailsElement);
  #rows = element('timeline-rows', HTMLElement);
  #count = element('timeline-count', HTMLElement);
  /** @type {readonly TimelineEntry[]} */
  #shown = [];
  /** @type {PeerSession | null} */
  #session = null;

  constructor() {
    this.#details.ontoggle = () => this.render();
    const button = element('timeline-copy', HTMLButtonElement);
    button.onclick = () => void copy(JSON.stringify(this.#session?.timeline ?? [], null, 2), button);
  }

  /** @param {PeerSession} session */
  attach(session) {
    this.#session = session;
    this.#shown = [];
    this.#rows.replaceChildren();
    this.render();
  }

  render() {
    const entries = this.#session?.timeline ?? [];
    say(this.#count, entries.length === 0 ? '' : String(entries.length));
    if (!this.#details.open) return;
    // It grows at its end and forgets at its start: whatever was shown and is still there stays as it is.
    if (entries[0] !== this.#shown[0]) {
      this.#rows.replaceChildren();
      this.#shown = [];
    }
    const scroll = this.#rows.parentElement;
    const atEnd = scroll && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 24;
    this.#rows.append(...entries.slice(this.#shown.length).map(rowOf));
    this.#shown = [...entries];
    if (scroll && atEnd) scroll.scrollTop = scroll.scrollHeight;
  }
}

/** @param {TimelineEntry} entry */
function rowOf({ atMs, stage, what, detail }) {
  return make(
    'li',
    {},
    make('time', { text: `${(atMs / 1000).toFixed(3)} s` }),
    make('span', { className: 'stage-name', text: stage === 'usage' ? 'session' : stage }),
    make('span', { className: 'what', text: `${what} ` }, make('span', { text: detail ?? '' })),
  );
}
