import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';

const root = inject('root');

function tool(name: string, args: readonly string[], cwd = root): string {
  const end = spawnSync(join(root, 'node_modules/.bin', name), args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return `${end.stdout}${end.stderr}\nended with ${end.status}`;
}

it('publint has nothing to say, not even a suggestion', () => {
  const said = tool('publint', ['--strict']);
  expect(said).toContain('All good!');
  expect(said).toContain('ended with 0');
});

// It ends with 0 for a package without types as well, so the words count.
it('attw finds the right types in every column, for every entry', () => {
  const said = tool('attw', ['--pack', '.', '--no-emoji']);
  expect(said).toContain('No problems found');
  expect(said).toContain('ended with 0');
});

it('attw notices types of the wrong format', () => {
  const copy = mkdtempSync(join(tmpdir(), 'peer-session-wrong-'));
  try {
    cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
    for (const file of ['package.json', 'LICENSE']) copyFileSync(join(root, file), join(copy, file));
    const manifest = readFileSync(join(copy, 'package.json'), 'utf8').replaceAll('.d.cts', '.d.ts');
    writeFileSync(join(copy, 'package.json'), manifest);
    expect(tool('attw', ['--pack', '.', '--no-emoji'], copy)).toMatch(/Masquerading as ESM[\s\S]*ended with 1/);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
