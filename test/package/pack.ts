// Global setup of the package tests: packs the built package and installs it into an empty project, as a user would.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The project's own folder. */
    root: string;
    /** A folder with the packed package in its node_modules, and nothing of ours beside it. */
    consumer: string;
    /** The files of the tarball, as npm lists them. */
    packed: readonly string[];
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export function setup({ provide }: TestProject): () => void {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('not built: run `npm run build` first');
  const consumer = mkdtempSync(join(tmpdir(), 'peer-session-consumer-'));
  const npm = (args: readonly string[], cwd: string): string =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [tarball] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', consumer], root)) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (!tarball) throw new Error('npm pack made nothing');
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
  npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', `./${tarball.filename}`], consumer);
  provide('root', root);
  provide('consumer', consumer);
  provide(
    'packed',
    tarball.files.map(({ path }) => path),
  );
  return () => rmSync(consumer, { recursive: true, force: true });
}
