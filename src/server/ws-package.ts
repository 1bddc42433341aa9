import { SessionError } from '../errors.js';

/** The package ws, which is an optional peer: only the Node server needs it. */
export async function loadWs(load: () => Promise<typeof import('ws')> = () => import('ws')): Promise<typeof import('ws')> {
  try {
    return await load();
  } catch (cause) {
    throw new SessionError('unsupported', 'createServer() needs the package "ws".', { cause, hint: 'Run: npm install ws' });
  }
}
