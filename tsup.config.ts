import { defineConfig, type Options } from 'tsup';

const shared: Options = { target: 'es2022', treeshake: true, outDir: 'dist', clean: false, sourcemap: true };

/** One file per page, eventemitter3 inside: for `<script>` and for `<script type="module">` without an import map. */
const standalone: Options = {
  ...shared,
  entry: { 'peer-session': 'src/index.ts' },
  platform: 'browser',
  noExternal: [/.*/],
  minify: true,
  splitting: false,
  dts: false,
};

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      'transports/index': 'src/transports/index.ts',
      'connectivity/index': 'src/connectivity/index.ts',
      'server/index': 'src/server/index.ts',
      'testing/index': 'src/testing/index.ts',
    },
    format: ['esm', 'cjs'],
    platform: 'neutral',
    splitting: true,
    tsconfig: 'src/server/tsconfig.json', // the one that knows Node's types, for src/server; tsc checks the rest without them
    // `Symbol.asyncDispose` is in no lib that an app has to name; without this line older compilers stop at our types.
    dts: { banner: '/// <reference lib="esnext.disposable" />' },
    removeNodeProtocol: false,
    external: [/^node:/, 'ws'],
  },
  {
    ...shared,
    entry: { 'server/cli': 'src/server/cli.ts' },
    format: ['esm'],
    platform: 'node',
    splitting: false,
    dts: false,
    removeNodeProtocol: false,
    external: ['ws'],
  },
  { ...standalone, format: ['iife'], globalName: 'PeerSessionSDK', outExtension: () => ({ js: '.global.min.js' }) },
  { ...standalone, format: ['esm'], outExtension: () => ({ js: '.esm.min.js' }) },
]);
