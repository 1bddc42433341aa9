// @ts-check
// Relative links and anchors: `check-links.mjs pages` for the Markdown pages, `check-links.mjs site` for the built site.
// Links to other hosts are not followed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pages, root } from './code-blocks.mjs';

const isOutside = (/** @type {string} */ link) => /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(link);

/** The anchors that readers of a Markdown page can jump to, the way GitHub makes them. */
export function anchorsOf(/** @type {string} */ markdown) {
  const seen = new Map();
  const text = withoutCode(markdown);
  const headings = [...text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((match) => slugOf(match[1] ?? ''));
  const numbered = headings.map((slug) => {
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set([...numbered, ...[...text.matchAll(/\s(?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? '')]);
}

function slugOf(/** @type {string} */ heading) {
  const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/<[^>]+>/g, '');
  return plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function withoutCode(/** @type {string} */ markdown) {
  const blank = (/** @type {string} */ text) => text.replace(/[^\n]/g, ' ');
  return markdown.replace(/^(\s*)(```+|~~~+)[\s\S]*?^\s*\2\s*$/gm, blank);
}

/** The links of a Markdown page, images and HTML included. */
export function linksOf(/** @type {string} */ markdown) {
  const text = withoutCode(markdown).replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const reference = [...text.matchAll(/^\s*\[[^\]]+\]:\s+(\S+)/gm)];
  const html = [...text.matchAll(/\s(?:href|src)="([^"]+)"/g)];
  return [...inline, ...reference, ...html].map((match) => match[1] ?? '');
}

/** The links of an HTML page with the anchors it offers. */
function readHtml(/** @type {string} */ file) {
  const text = readFileSync(file, 'utf8').replace(/<script[^>]*>[\s\S]*?<\/script>/g, (script) => `${script.split('>')[0]}>`);
  const values = (/** @type {RegExp} */ pattern) =>
    [...text.matchAll(pattern)].map((match) => (match[1] ?? '').replaceAll('&amp;', '&'));
  return { links: values(/\s(?:href|src)="([^"]*)"/g), anchors: new Set(values(/\s(?:id|name)="([^"]+)"/g)) };
}

function readMarkdown(/** @type {string} */ file) {
  const text = readFileSync(file, 'utf8');
  return { links: linksOf(text), anchors: anchorsOf(text) };
}

/**
 * @param {string[]} files absolute paths
 * @param {(file: string) => { links: string[], anchors: Set<string> }} readPage
 * @param {string} limit the folder that links must not leave
 */
function brokenLinks(files, readPage, limit) {
  const known = new Map(files.map((file) => [file, readPage(file)]));
  const broken = [];
  let count = 0;
  for (const [file, { links }] of known) {
    for (const link of links.filter((each) => each !== '' && !isOutside(each))) {
      count++;
      const [path = '', anchor = ''] = decodeURI(link).split('#');
      const plain = path.split('?')[0] ?? '';
      let target = plain === '' ? file : resolve(dirname(file), plain);
      if (
        target.startsWith(limit) &&
        existsSync(target) &&
        statSync(target).isDirectory() &&
        known.has(join(target, 'index.html'))
      )
        target = join(target, 'index.html');
      const page = known.get(target);
      if (!target.startsWith(limit) || !existsSync(target)) broken.push(`${relative(root, file)}: ${link} leads nowhere`);
      else if (anchor !== '' && page && !page.anchors.has(anchor))
        broken.push(`${relative(root, file)}: ${link} has no such heading`);
    }
  }
  return { broken, count };
}

function check(/** @type {string | undefined} */ what) {
  if (what === 'pages')
    return brokenLinks(
      pages().map((file) => join(root, file)),
      readMarkdown,
      root,
    );
  const site = join(root, 'docs/site');
  if (!existsSync(join(site, 'index.html'))) return { broken: ['docs/site is not built'], count: 0 };
  const names = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  return brokenLinks(
    names.map((name) => join(site, name)),
    readHtml,
    site,
  );
}

if (process.argv[1]?.endsWith('check-links.mjs')) {
  const { broken, count } = check(process.argv[2]);
  for (const line of broken) console.error(line);
  console.log(`${count} links, ${broken.length} broken`);
  process.exitCode = broken.length > 0 || count === 0 ? 1 : 0;
}
