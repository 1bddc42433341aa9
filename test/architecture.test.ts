import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { globalReadsOf } from './tools/global-reads.js';
import * as rules from './tools/house-rules.js';
import { cyclesOf, type Edge, edgesOf, readSources, type Sources } from './tools/source-graph.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readSources(join(root, 'src'));
const edges = edgesOf(sources);
const otherCode = readOtherCode();

/** The rest of the project's code, by path from the root. */
function readOtherCode(): Sources {
  const folders = ['test', 'examples', 'bench', 'docs/tools'].filter((folder) => existsSync(join(root, folder)));
  const names = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const code = names.filter((name) => /\.(ts|tsx|js|mjs)$/.test(name) && !name.includes('node_modules'));
  return new Map(code.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}

describe('the house', () => {
  it('has sources, and they import each other', () => {
    expect(sources.size).toBeGreaterThan(10);
    expect(edges.filter(({ to }) => sources.has(to)).length).toBeGreaterThan(10);
  });

  it('has no import of a file that is not there', () => {
    expect(edges.filter(({ to }) => to.endsWith('.ts') && !sources.has(to))).toEqual([]);
  });

  it('rule 1: rooms do not know each other', () => expect(rules.judgeRooms(edges)).toEqual([]));
  it('rule 1: adapters speak only the words on the door', () => expect(rules.judgeAdapters(edges)).toEqual([]));
  it('rule 1: the core does not know its adapters, nobody imports src/index.ts', () =>
    expect(rules.judgeDirection(edges)).toEqual([]));
  it('rule 2: no import cycle, type imports included', () => expect(cyclesOf(edges)).toEqual([]));
  it('rule 2: names say something, in kebab-case', () =>
    expect(rules.judgeNames([...sources.keys(), ...otherCode.keys()])).toEqual([]));
  it('rule 2: named exports only', () => expect(rules.judgeExports(sources)).toEqual([]));
  // Runs the compiler over all sources: no wait in it, but seconds of work where others use the machine too.
  it('rule 3: only platform.ts reads globals', { timeout: 60_000 }, () =>
    expect(globalReadsOf(sources, rules.mayUseGlobals)).toEqual([]),
  );
  it('rule 4: eventemitter3 rings at one door, Node and ws stay in the server', () =>
    expect(rules.judgePackages(edges)).toEqual([]));
  it('rule 5: no source file above 250 lines', () => expect(rules.judgeLengths(sources, 250)).toEqual([]));
  it('rule 5: no test, example, bench or tool above 250 lines', () => expect(rules.judgeLengths(otherCode, 250)).toEqual([]));
  it('the top level holds nothing else', () => expect(rules.judgeTopLevel(readdirSync(root))).toEqual([]));
});

describe('the judges can say no', () => {
  const edge = (from: string, to: string, typeOnly = false): Edge => ({ from, to, typeOnly });
  const files = (entries: Record<string, string>): Sources => new Map(Object.entries(entries));

  it('finds every kind of import', () => {
    const text = `
      import './effect.js'; import a from './value.js'; import type { B } from './type.js'; import { type C } from '../inline.js';
      import { type D, e } from './mixed.js'; export * from './star.js'; export type { F } from './type-out.js';
      type G = import('./in-type.js').G; const h = import('ws');`;
    expect(edgesOf(files({ 'ice/here.ts': text }))).toEqual([
      edge('ice/here.ts', 'ice/effect.ts'),
      edge('ice/here.ts', 'ice/value.ts'),
      edge('ice/here.ts', 'ice/type.ts', true),
      edge('ice/here.ts', 'inline.ts', true),
      edge('ice/here.ts', 'ice/mixed.ts'),
      edge('ice/here.ts', 'ice/star.ts'),
      edge('ice/here.ts', 'ice/type-out.ts', true),
      edge('ice/here.ts', 'ice/in-type.ts', true),
      edge('ice/here.ts', 'ws'),
    ]);
  });

  it.each([
    ['media/capture.ts', 'ice/route.ts', false, 1],
    ['media/capture.ts', 'ice/route.ts', true, 1],
    ['media/capture.ts', 'peer-session.ts', true, 1],
    ['media/capture.ts', 'session-state.ts', false, 1],
    ['media/capture.ts', 'shared/events.ts', false, 1],
    ['media/capture.ts', 'session-state.ts', true, 0],
    ['media/capture.ts', 'signaling/message.ts', true, 1],
    ['ice/candidates.ts', 'signaling/message.ts', false, 1],
    ['ice/candidates.ts', 'signaling/message.ts', true, 0],
    ['media/capture.ts', 'media/devices.ts', false, 0],
    ['media/capture.ts', 'shared/mailbox.ts', false, 0],
    ['media/capture.ts', 'errors.ts', false, 0],
    ['peer-session.ts', 'ice/route.ts', false, 0],
  ])('room: %s -> %s (types only: %s): %i', (from, to, typeOnly, count) => {
    expect(rules.judgeRooms([edge(from, to, typeOnly)])).toHaveLength(count);
  });

  it.each([
    ['transports/memory.ts', 'signaling/link.ts', 1],
    ['transports/memory.ts', 'signaling/parse-message.ts', 1],
    ['transports/memory.ts', 'testing/clock.ts', 1],
    ['transports/memory.ts', 'create-session.ts', 1],
    ['server/hub.ts', 'signaling/parse-message.ts', 0],
    ['transports/memory.ts', 'signaling/transport.ts', 0],
    ['transports/memory.ts', 'transports/index.ts', 0],
  ])('adapter: %s -> %s: %i', (from, to, count) => {
    expect(rules.judgeAdapters([edge(from, to)])).toHaveLength(count);
  });

  it.each([
    ['peer-session.ts', 'transports/memory.ts', 1],
    ['testing/clock.ts', 'index.ts', 1],
    ['shared/mailbox.ts', 'ice/route.ts', 1],
    ['testing/clock.ts', 'platform.ts', 0],
  ])('direction: %s -> %s: %i', (from, to, count) => {
    expect(rules.judgeDirection([edge(from, to)])).toHaveLength(count);
  });

  it.each([
    ['peer-session.ts', 'eventemitter3', 1],
    ['shared/events.ts', 'eventemitter3', 0],
    ['shared/events.ts', 'nanoid', 1],
    ['transports/web-socket.ts', 'ws', 1],
    ['server/node-server.ts', 'ws', 0],
    ['testing/clock.ts', 'node:timers', 1],
  ])('package: %s -> %s: %i', (from, to, count) => {
    expect(rules.judgePackages([edge(from, to)])).toHaveLength(count);
  });

  it('finds cycles, through type imports too, and finds none in a diamond', () => {
    expect(cyclesOf([edge('a.ts', 'b.ts'), edge('b.ts', 'c.ts', true), edge('c.ts', 'a.ts')])).toEqual([
      ['a.ts', 'b.ts', 'c.ts', 'a.ts'],
    ]);
    expect(cyclesOf([edge('a.ts', 'a.ts')])).toHaveLength(1);
    expect(cyclesOf([edge('a.ts', 'b.ts'), edge('a.ts', 'c.ts'), edge('b.ts', 'd.ts'), edge('c.ts', 'd.ts')])).toEqual([]);
  });

  it('finds globals, but not locals, properties and types of the same name', { timeout: 60_000 }, () => {
    const bad = `
      const a = navigator.onLine; setTimeout(() => {}, 1); new RTCPeerConnection(); const b = { crypto };
      const c = Math.random() + Date.now(); const d = globalThis; const e = typeof window; performance.now();`;
    const good = `
      function f(window: Window, pc: RTCPeerConnection): string { return window.name + pc.localDescription?.type; }
      type T = typeof navigator; interface I { setTimeout(): void } class C { performance = 1; get() { return this.performance; } }
      const m = Math.max(1, 2) + new Map<string, number>().size; const x = new AbortController().signal.aborted; export { f, m, x };`;
    const reads = globalReadsOf(files({ 'bad.ts': bad, 'good.ts': good, 'platform.ts': bad }), rules.mayUseGlobals);
    expect(reads.map((read) => read.replace('bad.ts: ', ''))).toEqual([
      'navigator',
      'setTimeout',
      'RTCPeerConnection',
      'crypto',
      'Math.random',
      'Date.now',
      'globalThis',
      'window',
      'performance',
    ]);
  });

  it('refuses names, lengths, default exports and strangers on the top level', () => {
    expect(
      rules.judgeNames([
        'ice/route.ts',
        'browser/first-call.e2e.test.ts',
        'shared/utils.ts',
        'ice/Route.ts',
        'iceParts/route.ts',
      ]),
    ).toEqual([
      'shared/utils.ts is named after nothing',
      'ice/Route.ts is not kebab-case',
      'iceParts/route.ts is not kebab-case',
    ]);
    const lines = (count: number): string => 'line\n'.repeat(count);
    expect(rules.judgeLengths(files({ 'a.ts': lines(250), 'b.ts': lines(251) }), 250)).toEqual([
      'b.ts has 251 lines, the limit is 250',
    ]);
    expect(rules.judgeExports(files({ 'a.ts': 'export default 1;\n', 'b.ts': 'export const b = 1;\n' }))).toEqual([
      'a.ts has a default export',
    ]);
    const house = ['package.json', 'tsconfig.json', 'tsup.config.ts', 'typedoc.json', 'src', 'test', 'examples', '.ci'];
    expect(rules.judgeTopLevel(house)).toEqual([]);
    expect(rules.judgeTopLevel([...house, 'scripts'])).toEqual(['scripts does not belong to the top level']);
  });
});
