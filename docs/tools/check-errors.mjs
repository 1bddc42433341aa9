// @ts-check
// `error.docs` of every SessionError links to a heading of docs/errors.md: each code has one, and no heading is left over.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { anchorsOf } from './check-links.mjs';
import { read, root } from './code-blocks.mjs';

/** The keys of the object `CODES` in src/errors.ts. */
function codes() {
  /** @type {string[]} */
  const found = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'CODES') {
      const object = node.initializer?.getChildren().flatMap(deepObjects)[0] ?? deepObjects(node)[0];
      for (const property of object?.properties ?? []) {
        if (property.name && !ts.isComputedPropertyName(property.name)) found.push(property.name.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('errors.ts', read('src/errors.ts'), ts.ScriptTarget.Latest, true));
  return found;
}

/** @param {ts.Node} node @returns {ts.ObjectLiteralExpression[]} */
function deepObjects(node) {
  return ts.isObjectLiteralExpression(node) ? [node] : node.getChildren().flatMap(deepObjects);
}

const page = existsSync(join(root, 'docs/errors.md')) ? read('docs/errors.md') : '';
const anchors = anchorsOf(page);
const known = codes();
const missing = known.filter((code) => !anchors.has(code));
for (const code of missing) console.error(`docs/errors.md has no heading for ${code}`);
const codeHeadings = [...page.matchAll(/^#{2,}\s+`?([a-z]+(?:-[a-z]+)+)`?\s*$/gm)].map((match) => match[1] ?? '');
const surplus = codeHeadings.filter((code) => !known.includes(code));
for (const code of surplus) console.error(`docs/errors.md has a heading for ${code}, which is no code`);
console.log(`${known.length} codes, ${missing.length} without a heading, ${surplus.length} headings without a code`);
process.exitCode = missing.length + surplus.length > 0 || known.length === 0 ? 1 : 0;
