import { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { Mailbox } from '../shared/mailbox.js';
import type { AnswerBody, Candidate, CandidatesBody, MediaStates, NumberedBody, OfferBody } from './message.js';
import { insists, judgeNeed, judgeWant } from './turn.js';

/** More own offers than this in `STORM_MS` is a storm: something in the engine asks for ever (Chromium after a rollback). */
const STORM_OFFERS = 12;
const STORM_MS = 5_000;

/** What a negotiator needs. Everything it reports is about its one `RTCPeerConnection`. */
export interface NegotiatorOptions {
  readonly peer: RTCPeerConnection;
  readonly platform: Platform;
  /** Instance ids: of this side, and of the peer once known. */
  readonly me: string;
  them(): string | undefined;
  say(body: NumberedBody): void;
  /** Called before an offer is made: the place to add sections. */
  beforeOffer(): void;
  /** Called between the remote offer and our answer: the place to put tracks on its sections. */
  beforeAnswer(mids: OfferBody['mids']): void;
  mids(): OfferBody['mids'];
  media(): MediaStates;
  /** A remote description was applied; what the peer sends is told with it. */
  applied(id: string, media: MediaStates): void;
  /** The peer told what it sends, without a description. */
  told(media: MediaStates): void;
  /** Our description is set: its candidates may follow. */
  described(id: string): void;
  /** The peer's first offer crossed ours and wins: this connection is of no use any more. */
  yielded(offer: OfferBody): void;
  failed(error: SessionError): void;
}

/** Offers and answers of one `RTCPeerConnection`, one task at a time. Candidates need no turn. */
export class Negotiator {
  readonly #o: NegotiatorOptions;
  readonly #mailbox: Mailbox;
  #mine = false;
  #asked = false;
  #need = false;
  /** Our offer that is not answered. */
  #pending: OfferBody | null = null;
  /** The offers that were answered or turned down: a late repeat of any of them changes nothing. */
  readonly #judged = new Set<string>();
  #count = 0;
  /** Our role in DTLS, once we have answered. Later offers name it: Firefox forgets it with a restart of ICE (RFC 8842 section 5). */
  #role = 'a=setup:actpass';
  #offers: number[] = [];
  /** One exchange is complete. */
  settled = false;

  constructor(options: NegotiatorOptions) {
    this.#o = options;
    this.#mailbox = new Mailbox((cause) =>
      options.failed(new SessionError('negotiation-failed', 'the browser refused a description', { cause })),
    );
    // The flag comes again when the connection is stable and still wants something (webrtc-pc section 4.7.3).
    options.peer.onnegotiationneeded = () => this.settled && this.need();
  }

  /** The first offer of this connection; given to `ready` instead of being said. */
  offerFirst(ready: (offer: OfferBody) => void): void {
    this.#mailbox.put(() => this.#offer(ready));
  }

  /** This side has something to negotiate. */
  need(): void {
    this.#need = true;
    this.#mailbox.put(() => this.#step());
  }

  /** One body of the peer; `called`: its offer came with a hello. What it sends is told in order with the descriptions: an older offer must not override a newer word. */
  hear(body: Exclude<NumberedBody, CandidatesBody>, called = false): void {
    this.#mailbox.put(() => this.#hear(body, called));
  }

  async #hear(body: Exclude<NumberedBody, CandidatesBody>, called: boolean): Promise<void> {
    switch (body.kind) {
      case 'offer':
        // With a hello that came late, when one exchange was complete: an old word.
        return called && this.settled ? undefined : this.#takeOffer(body);
      case 'answer':
        return this.#takeAnswer(body);
      case 'media':
        return this.#o.told(body.media);
      case 'grant':
        this.#mine = true;
        return this.#step();
      case 'want': {
        const verdict = judgeWant(this.#facts());
        if (verdict === 'offer') return this.#offer();
        if (verdict === 'grant') {
          this.#mine = false;
          this.#o.say({ kind: 'grant' });
        }
      }
    }
  }

  #facts(): Parameters<typeof judgeNeed>[0] {
    return { mine: this.#mine, need: this.#need, asked: this.#asked, busy: this.#pending !== null };
  }

  async #step(): Promise<void> {
    if (!this.settled) return;
    const verdict = judgeNeed(this.#facts());
    if (verdict === 'offer') return this.#offer();
    if (verdict === 'ask') {
      this.#asked = true;
      this.#o.say({ kind: 'want' });
    }
  }

  async #offer(ready: (offer: OfferBody) => void = (offer) => this.#o.say(offer)): Promise<void> {
    const { peer, platform } = this.#o;
    this.#need = false;
    const now = platform.now();
    this.#offers = [...this.#offers.filter((at) => now - at < STORM_MS), now];
    if (this.#offers.length > STORM_OFFERS) throw new Error(`${STORM_OFFERS} offers in ${STORM_MS} ms`);
    this.#o.beforeOffer();
    const id = this.#nextId();
    const sdp = (await this.#setLocal('createOffer')).replaceAll('a=setup:actpass', this.#role);
    this.#pending = { kind: 'offer', id, sdp, mids: this.#o.mids(), media: this.#o.media() };
    if (peer.signalingState !== 'have-local-offer') return;
    ready(this.#pending);
    this.#o.described(id);
  }

  async #takeOffer(offer: OfferBody): Promise<void> {
    const { me, peer } = this.#o;
    if (this.#judged.has(offer.id)) return;
    this.#judged.add(offer.id);
    if (this.#pending) {
      if (this.settled) throw new Error('offers crossed on a live connection');
      if (!insists(me, this.#o.them())) return this.#o.yielded(offer);
      return this.#o.say(this.#pending);
    }
    await this.#mailbox.still(peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp }));
    // A restart of theirs is ours, too; for what is left to negotiate the browser and our sections ask again.
    this.#need = false;
    this.#o.applied(offer.id, offer.media);
    this.#o.beforeAnswer(offer.mids);
    const id = this.#nextId();
    const sdp = await this.#setLocal('createAnswer');
    this.#role = /a=setup:\w+/.exec(sdp)?.[0] ?? this.#role;
    this.#o.say({ kind: 'answer', id, answers: offer.id, sdp, media: this.#o.media() });
    this.#o.described(id);
    // Whoever answered last holds the turn.
    this.#mine = true;
    this.#asked = false;
    this.settled = true;
    return this.#step();
  }

  async #takeAnswer(answer: AnswerBody): Promise<void> {
    // Browsers accept a stale answer of the same shape without a word; only the id tells.
    if (answer.answers !== this.#pending?.id) return;
    this.#pending = null;
    await this.#mailbox.still(this.#o.peer.setRemoteDescription({ type: 'answer', sdp: answer.sdp }));
    this.#mine = this.#asked = false;
    this.settled = true;
    this.#o.applied(answer.id, answer.media);
    return this.#step();
  }

  async #setLocal(create: 'createOffer' | 'createAnswer'): Promise<string> {
    const { peer } = this.#o;
    try {
      await this.#mailbox.still(peer.setLocalDescription());
    } catch (error) {
      // Engines from before the parameterless form (node-webrtc, old React Native) refuse the missing argument.
      if (!(error instanceof TypeError)) throw error;
      await this.#mailbox.still(peer.setLocalDescription(await peer[create]()));
    }
    // Candidates travel by themselves, each behind the app's filter; a later description would hold all of them.
    return (peer.localDescription?.sdp ?? '').replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '');
  }

  #nextId(): string {
    return `${this.#o.me.slice(0, 8)}-${this.#o.platform.now().toString(36)}-${++this.#count}`;
  }

  close(): void {
    this.#mailbox.close();
    this.#o.peer.onnegotiationneeded = null;
  }
}

/** The candidate as it travels; plain, since not every engine has `toJSON`. */
export function candidateOf(from: RTCIceCandidate): Candidate {
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = from;
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment: usernameFragment ?? null };
}
