import { SessionError } from '../errors.js';

/**
 * The package ws, which is an optional peer: only the Node server needs it. The import has its `catch` right behind it, which
 * tells bundlers that it may be missing.
 */
export const loadWs = (): Promise<typeof import('ws')> => import('ws').catch(wsMissing);

/** Says what to install. */
export function wsMissing(cause: unknown): never {
  throw new SessionError('unsupported', 'createServer() needs the package "ws".', { cause, hint: 'Run: npm install ws' });
}
