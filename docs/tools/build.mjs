// @ts-check
// `npm run docs`: checks the pages, builds the site into docs/site, checks the site. Ends with `N passed, N failed`.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../test/tools/run-command.mjs';
import { root } from './code-blocks.mjs';

const tool = (/** @type {string} */ name) => join(root, 'docs/tools', name);

/** @type {[name: string, ...args: string[]][]} */
const steps = [
  ['snippets compile', tool('check-snippets.mjs')],
  ['every error has its heading', tool('check-errors.mjs')],
  ['links of the pages', tool('check-links.mjs'), 'pages'],
  ['typedoc', join(root, 'node_modules/typedoc/bin/typedoc')],
  ['links of the site', tool('check-links.mjs'), 'site'],
];

rmSync(join(root, 'docs/site'), { recursive: true, force: true });
let failed = 0;
for (const [name, ...args] of steps) {
  console.log(`\n=== ${name}`);
  const end = await runCommand(process.execPath, args, { cwd: root, timeoutMs: 180_000 });
  if (end !== 'ok') {
    console.log(`--- ${name}: ${end}`);
    failed++;
  }
}
console.log(`\n${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
