import type { CandidatePair } from './candidate-pair.js';
import { FakeEvent } from './fake-event.js';
import { FakeEventTarget } from './fake-event-target.js';
import { FakeIceCandidate, writeCandidate } from './ice-candidate.js';

type Handler = ((this: RTCIceTransport, event: Event) => unknown) | null;

/** webrtc-pc 5.6. */
export class FakeIceTransport extends FakeEventTarget implements RTCIceTransport {
  ongatheringstatechange: Handler = null;
  onselectedcandidatepairchange: Handler = null;
  onstatechange: Handler = null;
  #state: RTCIceTransportState = 'new';
  #gathering: RTCIceGathererState = 'new';
  readonly #selected: () => CandidatePair | null;

  constructor(selected: () => CandidatePair | null, hasSelectedPairMethod: boolean) {
    super();
    this.#selected = selected;
    if (!hasSelectedPairMethod) Object.defineProperty(this, 'getSelectedCandidatePair', { value: undefined });
  }

  get state(): RTCIceTransportState {
    return this.#state;
  }
  get gatheringState(): RTCIceGathererState {
    return this.#gathering;
  }

  getSelectedCandidatePair(): RTCIceCandidatePair | null {
    const pair = this.#selected();
    if (!pair || this.#state === 'closed') return null;
    const shown = (fields: CandidatePair['remote']['fields']): RTCIceCandidate =>
      new FakeIceCandidate({ candidate: writeCandidate(fields), sdpMid: '', sdpMLineIndex: 0 });
    return { local: shown(pair.local.fields), remote: shown(pair.remote.fields) };
  }

  setState(state: RTCIceTransportState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.dispatchEvent(new FakeEvent('statechange'));
  }

  setGathering(state: RTCIceGathererState): void {
    if (this.#gathering === state) return;
    this.#gathering = state;
    this.dispatchEvent(new FakeEvent('gatheringstatechange'));
  }

  pairChanged(): void {
    this.dispatchEvent(new FakeEvent('selectedcandidatepairchange'));
  }

  /** With the connection: silent. */
  closeLocally(): void {
    this.#state = 'closed';
  }
}
