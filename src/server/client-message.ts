/** What a client may say to the hub. */
export type ClientMessage =
  | { readonly type: 'ping' | 'pong' }
  | { readonly type: 'signal'; readonly to: string | undefined; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly type: 'bad'; readonly why: string };

const bad = (why: string): ClientMessage => ({ type: 'bad', why });

/**
 * The hub's door. Of a signal message only `to` is looked at: the rest is between the peers, who check it themselves.
 */
export function parseClientMessage(data: unknown): ClientMessage {
  if (typeof data !== 'string') return bad('only text frames are understood');
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return bad('the message is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('the message is not a JSON object');
  const fields = value as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(fields, 'type')) {
    const type = fields['type'];
    return type === 'ping' || type === 'pong' ? { type } : bad('"type" must be "ping" or "pong"; signal messages have none');
  }
  const to = Object.hasOwn(fields, 'to') ? fields['to'] : undefined;
  if (to !== undefined && typeof to !== 'string') return bad('"to" must be text, or absent');
  return { type: 'signal', to, fields };
}

/** 1 to 128 printable characters, none of them white at either end: what a room and a peer id may be. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 128 && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(value) && value.trim() === value;
}
