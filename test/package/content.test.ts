import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { entries } from './entries.js';

const packed = inject('packed');
const installed = join(inject('consumer'), 'node_modules/peer-session');
const textOf = (file: string): string => readFileSync(join(installed, file), 'utf8');
const scripts = packed.filter((file) => /^dist\/.*\.c?js$/.test(file));

describe('the tarball', () => {
  it.each(entries)('has $name in both formats with types and source maps', ({ folder }) => {
    const names = ['index.js', 'index.cjs', 'index.d.ts', 'index.d.cts', 'index.js.map', 'index.cjs.map'];
    for (const name of names) expect(packed).toContain(`dist/${folder}${name}`);
  });

  it.each(['README.md', 'LICENSE', 'CHANGELOG.md', 'PROTOCOL.md', 'package.json', 'docs/errors.md'])('has %s', (file) => {
    expect(packed).toContain(file);
  });

  it('has the demo for `npx peer-session`, and nothing that users do not need', () => {
    expect(packed.some((file) => file.startsWith('examples/demo/'))).toBe(true);
    const known = /^(dist\/|examples\/demo\/|docs\/errors\.md$|(README|LICENSE|CHANGELOG|PROTOCOL)(\.md)?$|package\.json$)/;
    expect(packed.filter((file) => !known.test(file))).toEqual([]);
  });

  it('has a command that a shell can start', () => {
    expect(textOf('dist/server/cli.js').split('\n')[0]).toBe('#!/usr/bin/env node');
    expect(statSync(join(inject('consumer'), 'node_modules/.bin/peer-session')).mode & 0o111).not.toBe(0);
  });

  it('has a source map with its sources for every script that names one', () => {
    for (const file of scripts) {
      const name = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(textOf(file))?.[1];
      if (name === undefined) continue;
      const map = JSON.parse(textOf(join(dirname(file), name))) as { sources: string[]; sourcesContent?: (string | null)[] };
      expect((map.sourcesContent ?? []).filter((source) => source !== null)).toHaveLength(map.sources.length);
    }
  });

  it('names no folder of the machine that built it', () => {
    const root = inject('root').replace(/\/$/, '');
    for (const file of packed.filter((name) => name.startsWith('dist/'))) expect(textOf(file).includes(root), file).toBe(false);
  });

  it('brings eventemitter3 and nothing else', () => {
    const lock = JSON.parse(readFileSync(join(inject('consumer'), 'package-lock.json'), 'utf8')) as { packages: object };
    const installs = Object.keys(lock.packages).filter((path) => path !== '');
    expect(installs.sort()).toEqual(['node_modules/eventemitter3', 'node_modules/peer-session']);
  });
});
