import { SessionError } from '../errors.js';
import type { Candidate, Envelope, OfferBody, SignalBody, SignalMessage } from './message.js';

/** Bounds of what is taken from the wire: of texts in UTF-16 units, of lists and maps in entries. */
export const MAX_MESSAGE = 524_288;
export const MAX_SDP = 262_144;
export const MAX_CANDIDATE = 1024;
export const MAX_ID = 128;
export const MAX_CANDIDATES = 100;
export const MAX_SLOTS = 64;

/** Copies one value of the wire: `undefined` refuses the message, `null` leaves the field out. */
type Rule<T> = (value: unknown) => T | null | undefined;
type Rules<T> = { readonly [K in keyof T]-?: Rule<T[K]> };
type Kind = SignalBody['kind'];

function refuse(what: string): never {
  throw new SessionError('signaling-message', `dropped a message: ${what}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Copies the fields that have a rule, so that nothing of the sender's object stays. */
function read<T>(from: unknown, rules: Rules<T>): T {
  if (!isObject(from)) return refuse('not an object');
  const copy: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries<Rule<unknown>>(rules)) {
    const value = rule(Object.hasOwn(from, key) ? from[key] : undefined);
    if (value === undefined) refuse(`"${key}" is missing, malformed or too large`);
    if (value !== null) copy[key] = value;
  }
  return copy as T;
}

const textUpTo =
  (max: number): Rule<string> =>
  (value) =>
    typeof value === 'string' && value && value.length <= max ? value : undefined;
const text = textUpTo(MAX_ID);
const sdp = textUpTo(MAX_SDP);
const count: Rule<number> = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined);
const flag: Rule<boolean> = (value) => value === true;
const optional =
  <T>(rule: Rule<T>): Rule<T> =>
  (value) =>
    value === undefined || value === null ? null : rule(value);

/** A map of short texts, without a prototype. What is not in `known` is the word of a later version, and is left out. */
const texts =
  <V extends string>(known: RegExp): Rule<Readonly<Record<string, V>>> =>
  (value) => {
    const map = value ?? {};
    const entries = isObject(map) ? Object.entries(map) : [];
    const copy: Record<string, V> = Object.create(null);
    for (const [key, entry] of entries) {
      const word = text(entry);
      if (key.length > MAX_ID || !word) return undefined;
      if (known.test(word)) copy[key] = word as V;
    }
    return isObject(map) && entries.length <= MAX_SLOTS ? copy : undefined;
  };

const media = texts<'on' | 'muted'>(/^(on|muted)$/);
const OFFER: Rules<OfferBody> = { kind: () => 'offer', id: text, sdp, mids: texts(/^/), media };
/** Engines that choke on a `null` field get none. */
const CANDIDATE: Rules<Candidate> = {
  candidate: textUpTo(MAX_CANDIDATE),
  sdpMid: optional(text),
  sdpMLineIndex: optional(count),
  usernameFragment: optional(text),
};
const BODIES: { readonly [K in Kind]: Rules<Omit<Extract<SignalBody, { readonly kind: K }>, 'kind'>> } = {
  hello: { offer: optional((offer) => read(offer, OFFER)) },
  offer: OFFER,
  answer: { id: text, answers: text, sdp, media },
  candidates: {
    of: text,
    candidates: (list) =>
      Array.isArray(list) && list.length <= MAX_CANDIDATES ? Array.from(list, (one) => read(one, CANDIDATE)) : undefined,
    done: flag,
  },
  want: {},
  grant: {},
  media: { media },
  state: { sent: count, reply: flag },
  bye: { reason: text },
};

const ENVELOPE: Rules<Envelope & { readonly kind: string }> = {
  v: (version) => {
    if (version === 1) return version;
    if (typeof version !== 'number') return undefined;
    throw new SessionError('signaling-version', `the peer speaks version ${version} of the protocol, this side 1`);
  },
  from: text,
  to: optional(text),
  me: text,
  you: optional(text),
  epoch: count,
  seq: (seq) => count(seq ?? 0),
  ack: (ack) => count(ack ?? 0),
  kind: text,
};

/** A message whose kind is not known to this version: its envelope counts, its body is skipped. */
export type UnknownMessage = Envelope & { readonly kind: 'unknown' };

/**
 * The only door in: `unknown` from the wire, a message out.
 *
 * @throws SessionError `signaling-message` for anything malformed or oversized, `signaling-version` for another major version.
 */
export function parseMessage(data: unknown): SignalMessage | UnknownMessage {
  let from = data;
  if (typeof data === 'string') {
    if (data.length > MAX_MESSAGE) refuse(`longer than ${MAX_MESSAGE}`);
    try {
      from = JSON.parse(data);
    } catch {
      refuse('not JSON');
    }
  }
  const envelope = read(from, ENVELOPE);
  const { kind } = envelope;
  return {
    ...envelope,
    ...(Object.hasOwn(BODIES, kind) ? read(from, BODIES[kind as Kind]) : { kind: 'unknown' }),
  } as SignalMessage;
}
