// @ts-check
import { isSessionError } from 'peer-session';
import { docsOf } from './cover.js';
import { element, say } from './dom.js';

const notice = element('notice', HTMLElement);
const link = element('notice-link', HTMLAnchorElement);

element('notice-close', HTMLButtonElement).onclick = hideNotice;

/**
 * Tells a failure that the call survives: what happened, the cure, and where to read more.
 *
 * @param {unknown} error
 */
export function showNotice(error) {
  const known = isSessionError(error) ? error : null;
  say(element('notice-title', HTMLElement), error instanceof Error ? error.message : String(error));
  say(element('notice-hint', HTMLElement), known?.hint ?? '');
  link.hidden = known === null;
  if (known) link.href = docsOf(known);
  notice.hidden = false;
}

/** Takes it away. */
export function hideNotice() {
  notice.hidden = true;
}
