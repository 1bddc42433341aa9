// The bench command: `npm run bench -- NAME [--json]`. With --json there is one row per measurement on standard output.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(here)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.slice(0, -'.mjs'.length));
const [name, ...flags] = process.argv.slice(2);

if (name === undefined || !existsSync(join(here, `${name}.mjs`)) || name === 'run') {
  console.error(`npm run bench -- NAME [--json]; there are: ${names.join(', ')}`);
  process.exit(2);
}
const json = flags.includes('--json');
const { bench } = await import(pathToFileURL(join(here, `${name}.mjs`)).href);
const rows = [];
const summary = await bench((row) => {
  rows.push(row);
  if (json) console.log(JSON.stringify({ bench: name, ...row }));
});
const print = json ? console.error : console.log;
for (const line of summary) print(line);
if (rows.length === 0) process.exitCode = 1;
