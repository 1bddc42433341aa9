// @ts-check

/**
 * The element with this id, checked: a missing one is a mistake in index.html and should say so.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} with the id "${id}".`);
  return found;
}

/**
 * Makes an element. Text always goes in as text: what the other side writes must never become markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{ className?: string, text?: string }} [options]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, { className, text } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

/**
 * Writes text only when it is new, so that a screen reader does not repeat itself.
 *
 * @param {Element} target
 * @param {string} text
 */
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * A button that says what it will do: its words change with its state, which is why there is no `aria-pressed` as well.
 *
 * @param {HTMLButtonElement} button
 * @param {boolean} pressed
 * @param {string} label
 */
export function press(button, pressed, label) {
  button.classList.toggle('on', pressed);
  const words = button.querySelector('span');
  if (words) say(words, label);
}
