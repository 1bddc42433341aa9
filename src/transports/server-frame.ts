/** What the hub says itself, told from signal messages by its `type`. docs/guides/signaling-server.md describes all of it. */
export type ServerFrame =
  | { readonly type: 'welcome'; readonly peers: readonly string[] }
  | { readonly type: 'peers'; readonly peers: readonly string[] }
  | { readonly type: 'ping' }
  /** `pong`, `error`, and what a later version may add: nothing has to be done about it. */
  | { readonly type: 'other' };

/** What came off the wire: a frame of the hub, or anything else, parsed as far as possible, for the session to check. */
export type Incoming = { readonly frame: ServerFrame } | { readonly message: unknown };

/** Longer than any signal message may be: not parsed here, dropped with a warning by the session. */
const LONGEST = 512 * 1024;

/** Sorts what came off the wire. */
export function parseIncoming(data: unknown): Incoming {
  if (typeof data !== 'string' || data.length > LONGEST) return { message: data };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { message: data };
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'type')) return { message: value };
  const { type, peers } = value as { readonly type: unknown; readonly peers?: unknown };
  if ((type === 'welcome' || type === 'peers') && isListOfText(peers)) return { frame: { type, peers } };
  return { frame: { type: type === 'ping' ? 'ping' : 'other' } };
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
