import { readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { linksOf } from '../../docs/tools/check-links.mjs';
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
    const known =
      /^(dist\/|examples\/.*\.(html|js|mjs|css|svg|md)$|docs\/.*\.(md|svg|webp)$|(README|LICENSE|CHANGELOG|PROTOCOL)(\.md)?$|package\.json$)/;
    expect(packed.filter((file) => !known.test(file))).toEqual([]);
  });

  it('has every page and picture that its pages link to', () => {
    // Only for those who work on it: these are in the repository.
    const elsewhere = /^(CONTRIBUTING\.md|test\/)/;
    const broken = packed
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        linksOf(textOf(file))
          .filter((link) => !/^([a-z]+:|#)/.test(link))
          .map((link) => posix.join(posix.dirname(file), link.split('#')[0] ?? ''))
          .filter((target) => !elsewhere.test(target))
          .filter((target) => !packed.some((path) => path === target || path.startsWith(target.replace(/\/?$/, '/'))))
          .map((target) => `${file}: ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('has the heading that an error names in `docs`, at that place', async () => {
    const { SessionError } = (await import(join(installed, 'dist/index.js'))) as typeof import('../../src/index.js');
    const [path = '', heading] = new SessionError('media-denied', 'no').docs.split('#');
    expect(readFileSync(join(inject('consumer'), path), 'utf8')).toMatch(new RegExp(`^## ${heading}$`, 'm'));
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
