import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, inject, it } from 'vitest';
import { edgesOf } from '../tools/source-graph.js';
import { entries } from './entries.js';

const consumer = inject('consumer');

/** Of the browser, and of every runtime: whoever touches one at import time throws. */
const forbidden = [
  ...[
    'window',
    'document',
    'self',
    'location',
    'navigator',
    'localStorage',
    'sessionStorage',
    'RTCPeerConnection',
    'RTCSessionDescription',
  ],
  ...[
    'RTCIceCandidate',
    'RTCDataChannel',
    'MediaStream',
    'MediaStreamTrack',
    'AudioContext',
    'Worker',
    'WebSocket',
    'EventSource',
  ],
  ...[
    'BroadcastChannel',
    'MessageChannel',
    'MessagePort',
    'fetch',
    'XMLHttpRequest',
    'indexedDB',
    'caches',
    'crypto',
    'performance',
  ],
  ...['addEventListener', 'requestAnimationFrame', 'isSecureContext'],
];
const guard = `for (const name of ${JSON.stringify(forbidden)}) {
  Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error('touched ' + name); } });
}
const { setTimeout: t, setInterval: i } = globalThis;
globalThis.setTimeout = globalThis.setInterval = () => { throw new Error('started a timer'); };
`;

function run(kind: 'module' | 'commonjs', code: string): string {
  return execFileSync(process.execPath, [`--input-type=${kind}`, '-e', code], { cwd: consumer, encoding: 'utf8', stdio: 'pipe' });
}

describe('in plain Node', () => {
  it.each(entries)('import $name touches no global', ({ name }) => {
    const code = `${guard} const names = Object.keys(await import('${name}')); process.stdout.write(String(names.length));`;
    expect(Number(run('module', code))).toBeGreaterThan(0);
  });

  it.each(entries)('require $name touches no global', ({ name }) => {
    const code = `${guard} process.stdout.write(String(Object.keys(require('${name}')).length));`;
    expect(Number(run('commonjs', code))).toBeGreaterThan(0);
  });

  it('the guard bites', () => {
    const touch = spawnSync(process.execPath, ['-e', `${guard} void navigator;`], { encoding: 'utf8' });
    expect(touch.stderr).toContain('touched navigator');
  });

  it.each(entries)('import and require of $name give the same names', ({ name }) => {
    const list = 'Object.keys(all).filter((key) => key !== "default" && key !== "module.exports").sort().join()';
    const imported = run('module', `const all = await import('${name}'); process.stdout.write(${list});`);
    expect(run('commonjs', `const all = require('${name}'); process.stdout.write(${list});`)).toBe(imported);
  });

  it('an error of one copy is recognised by the other', () => {
    const code = `
      import { createRequire } from 'node:module';
      import * as esm from 'peer-session';
      const cjs = createRequire(process.cwd() + '/')('peer-session');
      const error = new cjs.SessionError('peer-busy', 'engaged');
      process.stdout.write([error instanceof esm.SessionError, esm.isSessionError(error, 'peer-busy'), esm.isSessionError(new Error('no'))].join());`;
    expect(run('module', code)).toBe('false,true,false');
  });
});

describe('without a bundler', () => {
  it('the script gives one global', () => {
    const page: { PeerSessionSDK?: { createSession?: unknown } } = createContext({});
    runInContext(readFileSync(join(consumer, 'node_modules/peer-session/dist/peer-session.global.min.js'), 'utf8'), page);
    expect(page.PeerSessionSDK?.createSession).toBeTypeOf('function');
    expect(Object.keys(page)).toEqual(['PeerSessionSDK']);
  });

  it('the module file imports nothing', () => {
    const text = readFileSync(join(consumer, 'node_modules/peer-session/dist/peer-session.esm.min.js'), 'utf8');
    expect(edgesOf(new Map([['peer-session.esm.min.js', text]]))).toEqual([]);
    expect(text).toMatch(/as createSession\b/);
  });
});
