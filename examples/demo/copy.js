// @ts-check
import { say } from './dom.js';

/**
 * Copies text and says so on the button.
 *
 * @param {string} text
 * @param {HTMLButtonElement} button
 */
export async function copy(text, button) {
  const words = button.querySelector('span') ?? button;
  const before = button.dataset['words'] ?? words.textContent ?? '';
  button.dataset['words'] = before;
  say(words, (await toClipboard(text)) ? 'Copied' : 'Could not copy');
  setTimeout(() => say(words, before), 2000);
}

/** @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // There is no clipboard on a page without https; the old way works everywhere.
    const field = document.createElement('textarea');
    field.value = text;
    field.style.position = 'fixed';
    field.style.opacity = '0';
    document.body.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    return copied;
  }
}
