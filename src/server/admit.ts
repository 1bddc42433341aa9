import type { IncomingMessage } from 'node:http';
import { CLOSE } from './close-code.js';
import { type Authorization, type Authorize, joinRequestOf } from './join-request.js';
import { judgeOrigin, type Origins } from './origins.js';

/** Where a client goes, or the close code and reason with which it is sent away. */
export type Admission =
  | { readonly room: string; readonly peerId: string; readonly attempt: string }
  | { readonly code: number; readonly reason: string };

/** What the door of the server knows. */
export interface DoorOptions {
  readonly authorize: Authorize | undefined;
  readonly origins: Origins | undefined;
}

/**
 * Decides about one client. The refusals become close codes of an opened socket, not statuses of the upgrade: a page learns
 * nothing of those, so it could not tell a wrong token from a dead network, and would try for ever.
 */
export async function admit(request: IncomingMessage, url: URL, { authorize, origins }: DoorOptions): Promise<Admission> {
  const { origin, host } = request.headers;
  if (!judgeOrigin(origin, host, origins)) return { code: CLOSE.badOrigin, reason: 'pages of this origin are not allowed' };
  const asked = joinRequestOf('join', request, url);
  let answer: Authorization = true;
  if (authorize) {
    try {
      answer = await authorize(asked);
    } catch {
      return { code: CLOSE.failed, reason: 'the server could not decide; try again later' };
    }
  }
  return judgeAuthorization(answer, asked);
}

/** Combines what was asked for with what is allowed. Anything that is not a clear yes is a no. */
export function judgeAuthorization(
  answer: Authorization,
  asked: { readonly room: string; readonly peerId: string; readonly attempt: string },
): Admission {
  const no = (reason: string): Admission => ({ code: CLOSE.unauthorized, reason });
  if (answer === true) return { room: asked.room, peerId: asked.peerId, attempt: asked.attempt };
  if (typeof answer !== 'object' || answer === null) return no('not authorized');
  const { room = asked.room, peerId = asked.peerId } = answer;
  // Not renamed silently: a session answers only to the name it was made with.
  if (asked.peerId !== '' && asked.peerId !== peerId) return no('not authorized for this peer id');
  return { room, peerId, attempt: asked.attempt };
}
