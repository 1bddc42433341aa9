// @ts-check
// Compiles every ts and tsx block of the pages and of the doc comments in src against the sources, as its own module.
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { blocksOf, docCommentsOf, filesBelow, pages, read, root } from './code-blocks.mjs';

/** @typedef {import('./code-blocks.mjs').CodeBlock} CodeBlock */

/** Guides tell one story over several snippets; see snippet-context.d.ts. */
const sharesContext = (/** @type {CodeBlock} */ block) => block.file.startsWith('docs/');

/** @type {ts.CompilerOptions} */
const options = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
  paths: { 'peer-session': [join(root, 'src/index.ts')], 'peer-session/*': [join(root, 'src/*/index.ts')] },
};

/**
 * Compiles blocks; the answer is one line per fault, with the page and the line.
 *
 * @param {CodeBlock[]} blocks
 * @returns {string[]}
 */
export function faultsOf(blocks) {
  const shared = blocks.filter(sharesContext);
  const alone = blocks.filter((block) => !sharesContext(block));
  const context = ['snippet-context.d.ts', 'framework-types.d.ts'].map((name) => join(root, 'docs/tools', name));
  return [...compile(shared, context), ...compile(alone, [])];
}

/**
 * In the project's folder, though only in memory: packages resolve from where they lie. A block that begins with its file's name
 * (`// call.ts`) can be imported by the others of its page.
 *
 * @param {CodeBlock} block
 */
function pathOf({ file, line, language, code }) {
  const name = /^\/\/ ([\w.-]+\.tsx?)\n/.exec(code)?.[1] ?? `L${line}.${language}`;
  return join(root, 'docs', file.replace(/\W/g, '-'), name);
}

/** @param {CodeBlock[]} blocks @param {string[]} context @returns {string[]} */
function compile(blocks, context) {
  const files = new Map(blocks.map((block) => [pathOf(block), block]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, directoryExists } = host;
  const folders = new Set([...files.keys()].map((name) => dirname(name)));
  host.directoryExists = (name) => folders.has(name) || (directoryExists?.(name) ?? true);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, version, ...rest) => {
    const block = files.get(name);
    return block ? ts.createSourceFile(name, block.code, version, true) : getSourceFile(name, version, ...rest);
  };
  const program = ts.createProgram([...files.keys(), ...context], options, host);
  return [...files].flatMap(([name, block]) => {
    const source = program.getSourceFile(name);
    const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return faults.map((fault) => {
      const line = source?.getLineAndCharacterOfPosition(fault.start ?? 0).line ?? 0;
      return `${block.file}:${block.line + line}: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')} (TS${fault.code})`;
    });
  });
}

const isTypeScript = (/** @type {CodeBlock} */ block) => ['ts', 'tsx', 'typescript'].includes(block.language);

/** Every TypeScript block of the project, `typescript` read as `ts`. */
export function allSnippets() {
  const inPages = pages().flatMap((file) => blocksOf(file, read(file)));
  const inSources = filesBelow('src', /\.ts$/).flatMap((file) => blocksOf(file, docCommentsOf(read(file))));
  const blocks = [...inPages, ...inSources].filter(isTypeScript);
  return blocks.map((block) => ({ ...block, language: block.language === 'tsx' ? 'tsx' : 'ts' }));
}

if (process.argv[1]?.endsWith('check-snippets.mjs')) {
  const blocks = allSnippets();
  // A page that says nothing is no proof that the check works: this one must fail.
  const canary = {
    file: 'canary.md',
    line: 1,
    language: 'ts',
    code: "import { noSuchName } from 'peer-session';\nexport const n: number = noSuchName;",
  };
  const faults = faultsOf([...blocks, canary]);
  const real = faults.filter((fault) => !fault.startsWith('canary.md'));
  if (real.length === faults.length) real.push('the check did not notice a wrong snippet');
  for (const fault of real) console.error(fault);
  console.log(`${blocks.length} snippets, ${real.length} faults`);
  process.exitCode = real.length > 0 ? 1 : 0;
}
