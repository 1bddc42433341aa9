// @ts-check
// Explains the error code in the address: with its section of docs/errors.md, or, where the site of the documentation was built, there.
import { element, make } from './dom.js';

const code = location.hash.slice(1);
addEventListener('hashchange', () => location.reload());

/** One section, from its heading to the next. @param {string} page @returns {string | undefined} */
const sectionOf = (page) => page.split(/^## /m).find((section) => section.startsWith(`${code}\n`));

/**
 * Bold, code and links, which is all that the prose of that page has.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
function inline(text) {
  return text.split(/(\*\*.+?\*\*|`[^`]+`|\[[^\]]+\]\([^)]+\))/).map((part) => {
    if (part.startsWith('**')) return make('strong', { text: part.slice(2, -2) });
    if (part.startsWith('`')) return make('code', { text: part.slice(1, -1) });
    const [, words = '', href = ''] = /^\[(.+)\]\((.+)\)$/.exec(part) ?? [];
    if (href === '') return part;
    const link = make('a', { text: words });
    link.href = href.startsWith('#') ? href : new URL(href, `${location.origin}/docs/`).href;
    return link;
  });
}

/** @param {string} block @returns {HTMLElement} */
function blockOf(block) {
  const fenced = /^```\w*\n([\s\S]*?)\n```$/.exec(block);
  return fenced ? make('pre', {}, make('code', { text: fenced[1] ?? '' })) : make('p', {}, ...inline(block));
}

const answer = await fetch('/docs/errors.md');
if (answer.ok) {
  const [title = code, ...blocks] = (sectionOf(await answer.text()) ?? `${code}\n\nThis code is not known.`)
    .trim()
    .split(/\n\n(?=\S)/);
  element('explanation', HTMLElement).append(make('h1', { text: title }), ...joinFences(blocks).map(blockOf));
} else location.replace(`/docs/Errors.html#${code}`);

/** A block of code may hold empty lines. @param {string[]} blocks @returns {string[]} */
function joinFences(blocks) {
  /** @type {string[]} */
  const joined = [];
  let open = false;
  for (const block of blocks) {
    if (open) joined.push(`${joined.pop()}\n\n${block}`);
    else joined.push(block);
    if ((block.match(/^```/gm)?.length ?? 0) % 2 === 1) open = !open;
  }
  return joined;
}
