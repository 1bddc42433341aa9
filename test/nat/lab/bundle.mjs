import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { workFolder } from './namespaces.mjs';

const at = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** Bundles the pages and the server, both with the library from its sources, into the folder of this run. */
export async function bundle() {
  const pages = join(workFolder(), 'pages');
  const server = join(workFolder(), 'serve-hub.mjs');
  const shared = { bundle: true, format: 'esm', logLevel: 'error' };
  await Promise.all([
    build({
      ...shared,
      entryPoints: { main: at('page/main.mjs') },
      outdir: pages,
      splitting: true,
      target: 'es2022',
      define: { global: 'globalThis' },
    }),
    build({
      ...shared,
      entryPoints: [at('lab/serve-hub.mjs')],
      outfile: server,
      platform: 'node',
      target: 'node20',
      // ws is CommonJS and asks for the modules of Node by require().
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    }),
  ]);
  copyFileSync(at('page/index.html'), join(pages, 'index.html'));
  return { pages, server };
}
