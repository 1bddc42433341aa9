import type { CandidatesBody, NumberedBody, OfferBody } from './signaling/message.js';

/** Messages with candidates that are kept. */
const MAX_CANDIDATES = 32;

/** What the peer said for a connection that is not there yet. */
export class EarlyWords {
  /** Offers that came before our own media was there. */
  #offers: OfferBody[] = [];
  /** Candidates of an offer that is not applied yet. If it needs another connection than the present one, that one needs them. */
  #candidates: CandidatesBody[] = [];

  get offered(): boolean {
    return this.#offers.length > 0;
  }

  keep(body: OfferBody | CandidatesBody): void {
    if (body.kind === 'offer') this.#offers.push(body);
    else this.#candidates = [...this.#candidates.slice(1 - MAX_CANDIDATES), body];
  }

  /** For a new connection. Candidates stay until a description is applied: this one may have to give way as well. */
  take(): NumberedBody[] {
    return [...this.#offers.splice(0), ...this.#candidates];
  }

  /** All of it was said for an earlier connection, or by an earlier instance. */
  forget(): void {
    this.#offers = [];
    this.#candidates = [];
  }
}
