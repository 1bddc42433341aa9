import { join } from 'node:path/posix';
import ts from 'typescript';
import type { Sources } from './source-graph.js';

/** Plain tools that every runtime has and that neither reach outside nor differ between two runs. */
const HARMLESS = new Set([
  'AbortController',
  'AbortSignal',
  'DOMException',
  'TextEncoder',
  'TextDecoder',
  'URL',
  'queueMicrotask',
]);
/** Of the language itself, but different at every call. */
const FICKLE = new Set(['Date', 'Math.random']);
const FOLDER = '/sources';

/**
 * Where files read globals of the browser (values declared by the DOM library), clocks or random numbers, as
 * `file: name`. The compiler decides what is global, so a local variable, a property or a type of the same name is fine.
 */
export function globalReadsOf(sources: Sources, mayUse: (file: string) => boolean): string[] {
  const program = programOf(sources);
  const checker = program.getTypeChecker();
  const found: string[] = [];
  for (const file of sources.keys()) {
    const source = mayUse(file) ? undefined : program.getSourceFile(join(FOLDER, file));
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && isRead(node)) {
        const name = globalName(node, checker);
        if (name !== undefined) found.push(`${file}: ${name}`);
      }
      ts.forEachChild(node, visit);
    };
    if (source) visit(source);
  }
  return found;
}

/** A value is used here, it is neither declared nor a mere type. `typeof X` in a type is erased and fine. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPartOfTypeNode(node) || ts.isTypeQueryNode(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  return !(ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isPropertySignature(parent));
}

function globalName(node: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  if (node.text === 'globalThis') return node.text;
  const shorthand = ts.isShorthandPropertyAssignment(node.parent);
  const symbol = shorthand ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
  const homes = symbol?.declarations?.map((declaration) => ({ declaration, file: declaration.getSourceFile().fileName })) ?? [];
  if (!homes.some(({ declaration, file }) => isLibrary(file) && isGlobalValue(declaration))) return undefined;
  const { parent } = node;
  const member = ts.isPropertyAccessExpression(parent) ? `${node.text}.${parent.name.text}` : node.text;
  if (FICKLE.has(node.text) || FICKLE.has(member)) return member;
  return homes.some(({ file }) => /lib\.dom/.test(file)) && !HARMLESS.has(node.text) ? node.text : undefined;
}

const isLibrary = (file: string): boolean => /\/lib\.[a-z0-9.]+\.d\.ts$/.test(file);

function isGlobalValue(declaration: ts.Declaration): boolean {
  if (ts.isFunctionDeclaration(declaration)) return true;
  return ts.isVariableDeclaration(declaration) && ts.isVariableStatement(declaration.parent.parent);
}

/** A program over texts in memory; the language's own libraries come from the compiler's folder. */
function programOf(sources: Sources): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noResolve: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) => {
    const text = name.startsWith(`${FOLDER}/`) ? sources.get(name.slice(FOLDER.length + 1)) : undefined;
    return text === undefined ? read(name, version, ...rest) : ts.createSourceFile(name, text, version, true);
  };
  return ts.createProgram(
    [...sources.keys()].map((file) => join(FOLDER, file)),
    options,
    host,
  );
}
