// The rules of the house (DESIGN section "The house"), as pure functions over the import graph, file names and texts.
// Each returns its findings as sentences; an empty list is a pass.
import type { Edge, Sources } from './source-graph.js';

const ROOMS = ['media', 'signaling', 'ice', 'channels'];
const ADAPTERS = ['transports', 'whip', 'room', 'connectivity', 'quality', 'verify', 'inspector', 'server', 'testing'];

/** What everybody may use. */
const OPEN_TO_ALL = ['errors.ts', 'platform.ts'];
/** The words on the door, for adapters. */
const DOOR = [...OPEN_TO_ALL, 'signaling/message.ts', 'signaling/transport.ts'];
/** Types of the hall that a room may name. */
const HALL_TYPES = ['session-state.ts', 'session-options.ts', 'session-events.ts', 'timeline.ts'];
/** What a user holds. */
const SESSION_TYPES = ['peer-session.ts', 'session-events.ts', 'session-options.ts', 'session-state.ts', 'session-snapshot.ts'];
/** The words of the wire, which ICE needs to name a candidate. The one place where a room names another, types only. */
const WIRE_WORDS = { from: 'ice', to: 'signaling/message.ts' };
const DOORBELL = 'shared/events.ts';

const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '');
const isInside = (edge: Edge): boolean => edge.to.endsWith('.ts');
const tell = ({ from, to, typeOnly }: Edge): string => `${from} ${typeOnly ? 'imports types from' : 'imports'} ${to}`;

/** Rooms never import each other, nor the hall, except for the types of its state, options and events. */
export function judgeRooms(edges: readonly Edge[]): string[] {
  const allowed = ({ from, to, typeOnly }: Edge): boolean =>
    folderOf(from) === folderOf(to) ||
    (folderOf(to) === 'shared' && (typeOnly || to !== DOORBELL)) ||
    OPEN_TO_ALL.includes(to) ||
    (typeOnly && HALL_TYPES.includes(to)) ||
    (typeOnly && folderOf(from) === WIRE_WORDS.from && to === WIRE_WORDS.to);
  return edges.filter((edge) => ROOMS.includes(folderOf(edge.from)) && isInside(edge) && !allowed(edge)).map(tell);
}

/** Adapters speak only the words on the door; each stays in its own folder. */
export function judgeAdapters(edges: readonly Edge[]): string[] {
  const allowed = ({ from, to, typeOnly }: Edge): boolean =>
    folderOf(from) === folderOf(to) ||
    (folderOf(to) === 'shared' && to !== DOORBELL) ||
    DOOR.includes(to) ||
    // One reading of STUN and TURN addresses for the session and for the check before it.
    (folderOf(from) === 'connectivity' && to === 'ice/server-urls.ts') ||
    // The kit makes whole sessions, as an app does.
    (folderOf(from) === 'testing' && (to === 'create-session.ts' || (typeOnly && SESSION_TYPES.includes(to)))) ||
    (folderOf(from) === 'server' && to === 'signaling/parse-message.ts');
  return edges.filter((edge) => ADAPTERS.includes(folderOf(edge.from)) && isInside(edge) && !allowed(edge)).map(tell);
}

/** The core never knows its adapters, `shared` knows nobody, and nobody imports `src/index.ts`. */
export function judgeDirection(edges: readonly Edge[]): string[] {
  const wrong = ({ from, to }: Edge): boolean =>
    to === 'index.ts' ||
    (!ADAPTERS.includes(folderOf(from)) && ADAPTERS.includes(folderOf(to))) ||
    (folderOf(from) === 'shared' && folderOf(to) !== 'shared' && !OPEN_TO_ALL.includes(to));
  return edges.filter((edge) => isInside(edge) && wrong(edge)).map(tell);
}

/** eventemitter3 at one place, Node and ws in the server only, nothing else from outside. */
export function judgePackages(edges: readonly Edge[]): string[] {
  const allowed = ({ from, to }: Edge): boolean =>
    (to === 'eventemitter3' && from === DOORBELL) || (folderOf(from) === 'server' && (to.startsWith('node:') || to === 'ws'));
  return edges.filter((edge) => !isInside(edge) && !allowed(edge)).map(tell);
}

/** Kebab-case, and named after what they do. */
export function judgeNames(files: Iterable<string>): string[] {
  return [...files].flatMap((file) => {
    const name = (file.split('/').at(-1) ?? '').replace(
      /\.(test|test-d|bench|browser\.test|e2e\.test|config|d)?\.?(ts|tsx|mts|mjs|js)$/,
      '',
    );
    if (/^(utils?|types?|helpers?|common|misc)$/.test(name)) return [`${file} is named after nothing`];
    return file.split('/').every((part) => /^[a-z0-9.]+(-[a-z0-9.]+)*$/.test(part)) ? [] : [`${file} is not kebab-case`];
  });
}

/** A file above the limit means that a room is missing. */
export function judgeLengths(sources: Sources, limit: number): string[] {
  return [...sources].flatMap(([file, text]) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    return lines > limit ? [`${file} has ${lines} lines, the limit is ${limit}`] : [];
  });
}

/** `export default` has no name of its own. */
export function judgeExports(sources: Sources): string[] {
  return [...sources].filter(([, text]) => /^export default/m.test(text)).map(([file]) => `${file} has a default export`);
}

/** The top level is fixed. Dot files, and what git ignores, do not count. */
export function judgeTopLevel(names: readonly string[]): string[] {
  const fixed = ['package.json', 'tsconfig.json', 'tsup.config.ts', 'typedoc.json', 'src', 'test', 'examples'];
  const beside = ['README.md', 'LICENSE', 'CHANGELOG.md', 'PROTOCOL.md', 'CONTRIBUTING.md', 'docs', 'bench', 'package-lock.json'];
  const ignored = ['node_modules', 'dist'];
  const surplus = names.filter((name) => !name.startsWith('.') && ![...fixed, ...beside, ...ignored].includes(name));
  return [...surplus.map((name) => `${name} does not belong to the top level`), ...fixed.filter((name) => !names.includes(name))];
}

/** Folders of `src` that may read globals: the cupboard is a file, adapters wrap one API each. */
export function mayUseGlobals(file: string): boolean {
  return file === 'platform.ts' || ADAPTERS.includes(folderOf(file));
}
