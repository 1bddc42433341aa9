import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf } from '../../docs/tools/check-links.mjs';
import { blocksOf, docCommentsOf } from '../../docs/tools/code-blocks.mjs';

const fence = '```';

describe('the tools of the docs', () => {
  it('find the blocks of a page with their language and line', () => {
    const page = `# A\n\n${fence}ts\nconst a = 1;\n${fence}\n\n- item\n\n  ${fence}json\n  {}\n  ${fence}\n`;
    expect(blocksOf('a.md', page)).toEqual([
      { file: 'a.md', line: 4, language: 'ts', code: 'const a = 1;' },
      { file: 'a.md', line: 10, language: 'json', code: '{}' },
    ]);
  });

  it('refuse a block that never ends', () => {
    expect(() => blocksOf('a.md', `${fence}ts\nconst a = 1;\n`)).toThrow('a.md:1');
  });

  it('find the examples in doc comments, at the line where they stand', () => {
    const source = `const before = 1;\n/**\n * Text.\n * ${fence}ts\n * call();\n * ${fence}\n */\nconst after = '${fence}';\n`;
    expect(blocksOf('a.ts', docCommentsOf(source))).toEqual([{ file: 'a.ts', line: 5, language: 'ts', code: 'call();' }]);
  });

  it('make anchors the way GitHub does, and none from code', () => {
    const page = `# The three kinds of network!\n## \`peer-busy\`\n## Twice\n## Twice\n${fence}\n# no heading\n${fence}\n<a id="mine"></a>\n`;
    expect([...anchorsOf(page)]).toEqual(['the-three-kinds-of-network', 'peer-busy', 'twice', 'twice-1', 'mine']);
  });

  it('find links, images and references, and none in code', () => {
    const page = '[a](b.md#c) ![d](e.png "title") <img src="f.svg"> `[g](h.md)`\n[i]: j.md\n';
    expect(linksOf(page)).toEqual(['b.md#c', 'e.png', 'j.md', 'f.svg']);
  });
});
