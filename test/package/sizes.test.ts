// The sizes that README.md and docs/limits.md name are those of the package, give or take three in a hundred.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, inject, it } from 'vitest';

const consumer = inject('consumer');
const text = (file: string): string => readFileSync(join(inject('root'), file), 'utf8');

/** Bundled for a page, minified and compressed, in units of 1000 bytes. */
async function sizeOf(program: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: consumer },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000;
}

it.each<[where: string, file: string, figure: RegExp, program: string]>([
  ['the facts: core', 'README.md', /`peer-session` ([\d.]+) kB/, "export { createSession } from 'peer-session'"],
  ['the comparison: core', 'README.md', /\| min\+gzip \| ([\d.]+) kB/, "export { createSession } from 'peer-session'"],
  ['the catch: core', 'docs/limits.md', /The core is ([\d.]+) kB/, "export { createSession } from 'peer-session'"],
  ['the facts: transports', 'README.md', /`transports` ([\d.]+) kB/, "export * from 'peer-session/transports'"],
  ['the facts: connectivity', 'README.md', /`connectivity` ([\d.]+) kB/, "export * from 'peer-session/connectivity'"],
])('%s', async (_, file, figure, program) => {
  const named = Number(figure.exec(text(file))?.[1]);
  const measured = await sizeOf(program);
  expect(Math.abs(named / measured - 1), `${named} kB is named, ${measured.toFixed(1)} kB measured`).toBeLessThan(0.03);
});
