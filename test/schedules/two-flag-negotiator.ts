// "Perfect negotiation" as in webrtc-pc section 10.7 and on MDN: polite and impolite, makingOffer, ignoreOffer, rollback. It takes the
// place of our negotiator where the soak is to show that it can fail (`npm run soak -- --two-flag`). Never part of the product.
import { SessionError } from '../../src/errors.js';
import type { NumberedBody, OfferBody } from '../../src/signaling/message.js';
import { candidateOf, type NegotiatorOptions } from '../../src/signaling/negotiator.js';

export { candidateOf };

type Description = Extract<NumberedBody, { kind: 'offer' | 'answer' }>;

/** Same door as ours, the sample's logic behind it. */
export class Negotiator {
  readonly #o: NegotiatorOptions;
  #makingOffer = false;
  #settingAnswer = false;
  #open = true;
  #count = 0;
  settled = false;

  constructor(options: NegotiatorOptions) {
    this.#o = options;
    options.peer.onnegotiationneeded = () => {
      if (this.settled) void this.#offer((offer) => options.say(offer));
    };
  }

  get #polite(): boolean {
    return this.#o.me > (this.#o.them() ?? '');
  }

  offerFirst(ready: (offer: OfferBody) => void): void {
    void this.#offer(ready);
  }

  /** The sample negotiates when the browser says so: a new section makes it say so. */
  need(): void {
    if (this.settled && this.#o.peer.signalingState !== 'closed') this.#o.beforeOffer();
  }

  hear(body: NumberedBody): void {
    void this.#hear(body).catch((cause: unknown) => this.#failed(cause));
  }

  async #offer(ready: (offer: OfferBody) => void): Promise<void> {
    const { peer, beforeOffer, mids, media, described } = this.#o;
    try {
      this.#makingOffer = true;
      beforeOffer();
      const id = this.#nextId();
      await peer.setLocalDescription();
      const sdp = peer.localDescription?.sdp ?? '';
      ready({ kind: 'offer', id, sdp, mids: mids(), media: media() });
      described(id);
    } catch (cause) {
      this.#failed(cause);
    } finally {
      this.#makingOffer = false;
    }
  }

  async #hear(body: NumberedBody): Promise<void> {
    if (!this.#open) return;
    if (body.kind === 'offer' || body.kind === 'answer') return this.#take(body);
    if (body.kind === 'media') this.#o.told(body.media);
  }

  async #take(description: Description): Promise<void> {
    const { peer, applied, beforeAnswer, media, say, described } = this.#o;
    const ready = !this.#makingOffer && (peer.signalingState === 'stable' || this.#settingAnswer);
    if (!this.#polite && description.kind === 'offer' && !ready) return;
    this.#settingAnswer = description.kind === 'answer';
    await peer.setRemoteDescription({ type: description.kind, sdp: description.sdp });
    this.#settingAnswer = false;
    applied(description.id, description.media);
    this.settled = true;
    if (description.kind === 'answer') return;
    beforeAnswer(description.mids);
    const id = this.#nextId();
    await peer.setLocalDescription();
    say({ kind: 'answer', id, answers: description.id, sdp: peer.localDescription?.sdp ?? '', media: media() });
    described(id);
  }

  #failed(cause: unknown): void {
    if (this.#open) this.#o.failed(new SessionError('negotiation-failed', 'the browser refused a description', { cause }));
  }

  #nextId(): string {
    return `${this.#o.me.slice(0, 8)}-${this.#o.platform.now().toString(36)}-${++this.#count}`;
  }

  close(): void {
    this.#open = false;
    this.#o.peer.onnegotiationneeded = null;
  }
}
