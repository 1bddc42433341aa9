/** What the link knows when a message comes in. */
export interface SenderFacts {
  /** Ids of this side. */
  readonly peerId: string;
  readonly me: string;
  /** The instance this side is paired with, and its address. */
  readonly bound: { readonly peerId: string; readonly instance: string } | null;
  /** The peer we are paired with is gone, or seems to be. */
  readonly vacant: boolean | 'left';
  /** This side was paired with the sender's instance at some time. */
  readonly known: boolean;
  /** The peer we are paired with has called, but has not answered us yet: `new`, or `old` when it takes too long. */
  readonly tentative: 'new' | 'old' | null;
}

/** The addresses of one message. */
export interface Addresses {
  readonly from: string;
  readonly to?: string;
  readonly me: string;
  readonly you?: string;
  readonly kind: string;
}

/**
 * Who speaks: `peer` (take it), `bind` (a new instance we pair with), `echo` and `other` (not for us: drop silently), `taken`
 * (somebody else uses our id), `refuse` (we are paired already: say so), `busy` (we were refused so), `stranger` (drop). Never "first to speak wins": only a
 * hello, or a word addressed to our own unguessable instance, can pair.
 */
export type SenderVerdict = 'peer' | 'bind' | 'echo' | 'other' | 'taken' | 'refuse' | 'busy' | 'stranger';

/** Judges the sender of one message from its addresses alone. */
export function judgeSender(facts: SenderFacts, message: Addresses): SenderVerdict {
  const { bound } = facts;
  if (message.me === facts.me) return 'echo';
  if (message.to !== undefined && message.to !== facts.peerId) return 'other';
  if (message.from === facts.peerId) return 'taken';
  if (message.you !== undefined && message.you !== facts.me) {
    // Speaks to an earlier life of this page, or to somebody else.
    return 'other';
  }
  if (bound && message.from === bound.peerId && message.me === bound.instance) return 'peer';
  // Came back to the same address, and left for good before it was paired with us.
  if (message.kind === 'bye' && message.from === bound?.peerId && facts.vacant && !facts.known) return 'peer';
  if (message.kind === 'bye') return bound || message.you === undefined ? 'stranger' : 'busy';
  const introduces = message.kind === 'hello' || message.you === facts.me;
  if (!introduces) return 'stranger';
  // The same address with a new instance is the same peer after a reload: the newest wins.
  if (!bound || facts.vacant) return 'bind';
  if (message.from === bound.peerId) {
    if (!facts.known) return 'bind';
    // Hellos of two lives may have come in the wrong order: the one that speaks to us is back if the other stays silent.
    return facts.tentative === 'old' && message.you === facts.me ? 'bind' : 'stranger';
  }
  // Whoever only calls and never answers cannot keep the place from one who does.
  if (facts.tentative) return message.you === facts.me || facts.tentative === 'old' ? 'bind' : 'stranger';
  return 'refuse';
}
