// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** @typedef {{ file: string, line: number, language: string, code: string }} CodeBlock line: of the first line of code, from 1 */

/** Files below a folder, as paths from the project's root. */
export function filesBelow(/** @type {string} */ folder, /** @type {RegExp} */ pattern) {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return names.filter((name) => pattern.test(name) && !/(^|\/)(node_modules|site)\//.test(name)).sort();
}

/** Every page that people read: the top level's and the guides. */
export function pages() {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  return [...top.sort(), ...filesBelow('docs', /\.md$/), ...filesBelow('examples', /\.md$/)];
}

export const read = (/** @type {string} */ file) => readFileSync(join(root, file), 'utf8');

/**
 * The fenced blocks of a Markdown text. Lines count as in the text.
 *
 * @param {string} file
 * @param {string} text
 * @returns {CodeBlock[]}
 */
export function blocksOf(file, text) {
  /** @type {CodeBlock[]} */
  const blocks = [];
  /** @type {{ fence: string, indent: number, block: CodeBlock, lines: string[] } | undefined} */
  let open;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*([\w-]*)/.exec(line);
    if (open === undefined && fence) {
      const [, indent = '', mark = '', language = ''] = fence;
      open = { fence: mark, indent: indent.length, block: { file, line: index + 2, language, code: '' }, lines: [] };
    } else if (open !== undefined && fence && fence[3] === '' && (fence[2] ?? '').startsWith(open.fence)) {
      blocks.push({ ...open.block, code: open.lines.join('\n') });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
  }
  if (open !== undefined) throw new Error(`${file}:${open.block.line - 1}: a code block that never ends`);
  return blocks;
}

/** The doc comments of a source as Markdown, every other line empty, so that lines count as in the source. */
export function docCommentsOf(/** @type {string} */ source) {
  let inside = false;
  return source
    .split('\n')
    .map((line) => {
      if (!inside && /^\s*\/\*\*/.test(line)) inside = true;
      const text = inside ? line.replace(/^\s*\/?\*{1,2}\/? ?/, '').replace(/\*\/\s*$/, '') : '';
      if (line.includes('*/')) inside = false;
      return text;
    })
    .join('\n');
}
