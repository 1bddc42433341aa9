import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, inject, it } from 'vitest';
import { entries } from './entries.js';

const snapshot = join(inject('root'), 'test/package/exports.json');
const installed = join(inject('consumer'), 'node_modules/peer-session/dist');

/** Entry -> every exported name, types marked as such. */
function exportedNames(): Record<string, string[]> {
  const files = entries.map(({ folder }) => join(installed, `${folder}index.d.ts`));
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
  });
  const checker = program.getTypeChecker();
  const nameOf = (symbol: ts.Symbol): string => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return target.flags & ts.SymbolFlags.Value ? symbol.name : `type ${symbol.name}`;
  };
  return Object.fromEntries(
    entries.map(({ name }, index) => {
      const source = program.getSourceFile(files[index] ?? '');
      const module = source && checker.getSymbolAtLocation(source);
      return [name, module ? checker.getExportsOfModule(module).map(nameOf).sort() : []];
    }),
  );
}

// A changed name is a changed API: look twice, tell the changelog, then run with UPDATE_EXPORTS=1.
it('every entry exports exactly the names of test/package/exports.json', () => {
  const names = exportedNames();
  if (process.env['UPDATE_EXPORTS'] === '1') writeFileSync(snapshot, `${JSON.stringify(names, null, 2)}\n`);
  expect(names).toEqual(JSON.parse(readFileSync(snapshot, 'utf8')));
  for (const { name } of entries) expect(names[name]?.length, name).toBeGreaterThan(0);
});
