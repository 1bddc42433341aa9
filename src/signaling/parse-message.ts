import { SessionError } from '../errors.js';
import type { AnswerBody, Candidate, Envelope, MediaStates, OfferBody, SignalBody, SignalMessage } from './message.js';

/** Bounds of what is taken from the wire. Lengths are in UTF-16 units. */
export const LIMITS = {
  message: 524_288,
  sdp: 262_144,
  candidate: 1024,
  id: 128,
  candidates: 100,
  slots: 64,
} as const;

type Fields = Record<string, unknown>;

function refuse(what: string): never {
  throw new SessionError('signaling-message', `dropped a message: ${what}`);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(from: Fields, key: string, max: number = LIMITS.id): string {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  return typeof value === 'string' && value.length > 0 && value.length <= max
    ? value
    : refuse(`"${key}" must be text of 1 to ${max}`);
}

function optionalText(from: Fields, key: string): string | undefined {
  return from[key] === undefined || from[key] === null ? undefined : text(from, key);
}

function count(from: Fields, key: string, fallback?: number): number {
  const value = from[key] ?? fallback;
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse(`"${key}" must be a count`);
}

/** A map of short texts, copied own key by own key, without a prototype. */
function texts<V extends string>(from: Fields, key: string, allowed?: readonly string[]): Readonly<Record<string, V>> {
  const value = from[key] ?? {};
  const copy: Record<string, V> = Object.create(null);
  const keys = isObject(value) ? Object.keys(value) : refuse(`"${key}" must be an object`);
  if (keys.length > LIMITS.slots || keys.some((k) => k.length > LIMITS.id)) refuse(`"${key}" is too large`);
  for (const k of keys) {
    const v = text(value as Fields, k);
    if (!allowed || allowed.includes(v)) copy[k] = v as V;
  }
  return copy;
}

const media = (from: Fields): MediaStates => texts<'on' | 'muted'>(from, 'media', ['on', 'muted']);

function offer(from: Fields): OfferBody {
  return {
    kind: 'offer',
    id: text(from, 'id'),
    sdp: text(from, 'sdp', LIMITS.sdp),
    mids: texts(from, 'mids'),
    media: media(from),
  };
}

function answer(from: Fields): AnswerBody {
  return {
    kind: 'answer',
    id: text(from, 'id'),
    answers: text(from, 'answers'),
    sdp: text(from, 'sdp', LIMITS.sdp),
    media: media(from),
  };
}

function candidate(from: unknown): Candidate {
  if (!isObject(from)) return refuse('a candidate must be an object');
  return {
    candidate: text(from, 'candidate', LIMITS.candidate),
    sdpMid: optionalText(from, 'sdpMid') ?? null,
    sdpMLineIndex: typeof from['sdpMLineIndex'] === 'number' ? count(from, 'sdpMLineIndex') : null,
    usernameFragment: optionalText(from, 'usernameFragment') ?? null,
  };
}

function candidates(from: Fields): readonly Candidate[] {
  const list = from['candidates'];
  if (!Array.isArray(list) || list.length > LIMITS.candidates) return refuse('"candidates" must be a short list');
  return list.map(candidate);
}

/** The body of a message, or `null` for a kind that this version does not know (a later version's; skipped). */
function body(from: Fields): SignalBody | null {
  const kind = text(from, 'kind');
  switch (kind) {
    case 'hello':
      return { kind, ...(isObject(from['offer']) && { offer: offer(from['offer']) }) };
    case 'offer':
      return offer(from);
    case 'answer':
      return answer(from);
    case 'candidates':
      return { kind, of: text(from, 'of'), candidates: candidates(from), done: from['done'] === true };
    case 'want':
    case 'grant':
      return { kind };
    case 'media':
      return { kind, media: media(from) };
    case 'state':
      return { kind, sent: count(from, 'sent'), reply: from['reply'] === true };
    case 'bye':
      return { kind, reason: text(from, 'reason') };
    default:
      return null;
  }
}

/** A message whose kind is not known to this version: its envelope counts, its body is skipped. */
export type UnknownMessage = Envelope & { readonly kind: 'unknown' };

/**
 * The only door in: `unknown` from the wire, a message out. Copies what it accepts, so nothing of the sender's object stays.
 *
 * @throws SessionError `signaling-message` for anything malformed or oversized, `signaling-version` for another major version.
 */
export function parseMessage(data: unknown): SignalMessage | UnknownMessage {
  let from: unknown = data;
  if (typeof data === 'string') {
    if (data.length > LIMITS.message) refuse(`longer than ${LIMITS.message}`);
    try {
      from = JSON.parse(data);
    } catch {
      refuse('not JSON');
    }
  }
  if (!isObject(from)) return refuse('not an object');
  if (from['v'] !== 1) {
    if (typeof from['v'] !== 'number') refuse('no version');
    throw new SessionError('signaling-version', `the peer speaks version ${from['v']} of the protocol, this side 1`);
  }
  const to = optionalText(from, 'to');
  const you = optionalText(from, 'you');
  const envelope: Envelope = {
    v: 1,
    from: text(from, 'from'),
    ...(to !== undefined && { to }),
    me: text(from, 'me'),
    ...(you !== undefined && { you }),
    epoch: count(from, 'epoch'),
    seq: count(from, 'seq', 0),
    ack: count(from, 'ack', 0),
  };
  return { ...envelope, ...(body(from) ?? { kind: 'unknown' }) };
}
