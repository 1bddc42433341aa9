import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';

const root = inject('root');
const consumer = inject('consumer');

/** The oldest supported and the newest; the project's own, between them, compiles the sources. */
const compilers = ['5.4.5', '7.0.2'];
const resolutions = [
  { module: 'node16', moduleResolution: 'node16', formats: ['mts', 'cts'] },
  { module: 'nodenext', moduleResolution: 'nodenext', formats: ['mts', 'cts'] },
  { module: 'esnext', moduleResolution: 'bundler', formats: ['ts'] },
];

/** Compilers are fetched once and kept out of the project's own dependencies, where a second one would replace `tsc`. */
function compilerOf(version: string): string {
  const folder = join(root, `node_modules/.cache/typescript-${version}`);
  if (!existsSync(folder)) {
    const fresh = `${folder}.${process.pid}`;
    mkdirSync(fresh, { recursive: true });
    writeFileSync(join(fresh, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `typescript@${version}`], {
      cwd: fresh,
      stdio: 'pipe',
    });
    renameSync(fresh, folder);
  }
  return join(folder, 'node_modules/typescript/bin/tsc');
}

function compile(version: string, name: string, source: string, format: string, options: Record<string, unknown>): string {
  const folder = join(consumer, `${name}-${version}-${String(options['module'])}-${format}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  cpSync(source, join(folder, `app.${format}`));
  const compilerOptions = {
    target: 'es2022',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    ...options,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [`app.${format}`] }));
  const end = spawnSync(process.execPath, [compilerOf(version), '-p', folder], { encoding: 'utf8' });
  return end.status === 0 ? 'compiles' : `${end.stdout}${end.stderr}`;
}

const cases = compilers.flatMap((version) =>
  resolutions.flatMap(({ formats, ...options }) => formats.map((format) => ({ version, format, ...options }))),
);

describe('TypeScript', () => {
  it.each(cases)('$version, $moduleResolution, .$format: an app compiles', ({ version, format, ...options }) => {
    const web = { ...options, types: [], lib: ['es2022', 'dom', 'dom.iterable'] };
    expect(compile(version, 'web', join(root, 'test/package/consumers/web.ts'), format, web)).toBe('compiles');
  });

  it.each(cases)('$version, $moduleResolution, .$format: a server compiles', ({ version, format, ...options }) => {
    linkTypes();
    const node = { ...options, types: ['node'], lib: ['es2022', 'dom'] };
    expect(compile(version, 'node', join(root, 'test/package/consumers/node.ts'), format, node)).toBe('compiles');
  });

  it('a wrong program does not compile', () => {
    const wrong = join(consumer, 'wrong.ts');
    writeFileSync(
      wrong,
      "import { createSession } from 'peer-session';\nexport const session: number = createSession({ transport: 5 });\n",
    );
    const options = { module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2022', 'dom'] };
    expect(compile('5.4.5', 'wrong', wrong, 'ts', options)).toMatch(/TS2322/);
  });
});

/** `@types/node` of this project, with what it needs, for the server's program. */
function linkTypes(): void {
  for (const name of ['@types/node', 'undici-types']) {
    const target = join(consumer, 'node_modules', name);
    if (existsSync(target)) continue;
    mkdirSync(join(target, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), target, 'dir');
  }
}
