// What an app writes, compiled against the packed package by old and new compilers.
import { createSession, isSessionError, type PeerSession, type SessionErrorCode, type SessionState } from 'peer-session';
import * as connectivity from 'peer-session/connectivity';
import * as testing from 'peer-session/testing';
import { memory, webSocket } from 'peer-session/transports';

export const session: PeerSession = createSession({
  transport: webSocket('wss://example.com/signal', { room: 'room-42' }),
  media: { audio: true, video: true },
});
export const other: PeerSession = createSession({ transport: memory() });
export const undo: () => void = session.on('track', ({ name, track }) => console.log(name, track.kind));

export function describeState(state: SessionState): string {
  return state.status === 'failed' ? state.error.code : state.status;
}

export async function call(): Promise<SessionErrorCode | undefined> {
  try {
    await session.start();
  } catch (error) {
    if (isSessionError(error, 'media-denied')) return error.code;
    throw error;
  }
  return undefined;
}

// @ts-expect-error a transport is required
createSession({});
// @ts-expect-error no such event
session.on('nonsense', () => undefined);

export const everything: readonly object[] = [connectivity, testing];
