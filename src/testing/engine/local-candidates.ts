import type { EngineContext } from './engine-context.js';
import { FakeEvent, FakeIceErrorEvent, FakeIceEvent } from './fake-event.js';
import { type CandidateFields, FakeIceCandidate, writeCandidate } from './ice-candidate.js';
import type { GatherEvents, LocalCandidate } from './ice-gatherer.js';
import type { FakeIceTransport } from './ice-transport.js';
import type { PeerState } from './peer-state.js';
import type { Description } from './session-description.js';

/** Shows candidates to the script: as events, and in the descriptions they belong to (webrtc-pc 4.4.1.6). */
export class LocalCandidates {
  gatheringState: RTCIceGatheringState = 'new';
  readonly #context: EngineContext;
  readonly #state: PeerState;
  readonly #ice: FakeIceTransport;
  readonly #dispatch: (event: FakeEvent) => void;

  constructor(context: EngineContext, state: PeerState, ice: FakeIceTransport, dispatch: (event: FakeEvent) => void) {
    this.#context = context;
    this.#state = state;
    this.#ice = ice;
    this.#dispatch = dispatch;
  }

  /** The listeners of one generation. */
  gathering(ufrag: string): GatherEvents {
    this.#context.task(() => this.#setState('gathering'));
    return {
      found: (candidate) => this.#tell(ufrag, candidate),
      failed: (error) => this.#fire(new FakeIceErrorEvent(error)),
      done: () => this.#done(ufrag),
    };
  }

  /** Firefox 153: the same ufrag came back after a rollback, and so do its candidates (CORRECTNESS 2.3). */
  tellAgain(candidates: readonly LocalCandidate[], done: boolean): void {
    for (const candidate of candidates) this.#context.task(() => this.#tell(candidate.fields.ufrag ?? '', candidate, true));
    const ufrag = candidates[0]?.fields.ufrag;
    if (done && ufrag) this.#context.task(() => this.#done(ufrag));
  }

  #tell(ufrag: string, candidate: LocalCandidate, again = false): void {
    const { ufragInCandidates } = this.#context.personality;
    const write = (fields: CandidateFields): string => writeCandidate(ufragInCandidates ? fields : { ...fields, ufrag: null });
    const line = write(candidate.fields);
    for (const { mid, index, shift } of this.#sections(ufrag)) {
      // A section that is not bundled yet has a transport of its own, and so another port.
      const text = shift === 0 ? line : write({ ...candidate.fields, port: candidate.fields.port + 1000 * shift });
      const added = this.#descriptions(ufrag).map((description) => addOnce(description, mid, text));
      if (again && !added.includes(true)) continue;
      const shown = new FakeIceCandidate({ candidate: text, sdpMid: mid, sdpMLineIndex: index, usernameFragment: ufrag });
      this.#fire(new FakeIceEvent(shown, candidate.url));
    }
  }

  /** Firefox 153: a section that was bundled right away had a transport of its own for a moment. */
  inPassing(): void {
    this.#context.task(() => this.#setState('gathering'));
    this.#context.task(() => this.#setState('complete'), 5);
  }

  #done(ufrag: string): void {
    const descriptions = this.#descriptions(ufrag);
    if (descriptions.length === 0) return;
    if (this.#context.personality.tellsEndOfCandidates) {
      // webrtc-pc 4.8.1.3: an empty candidate for each generation of each transport.
      for (const { mid, index } of this.#sections(ufrag)) {
        this.#fire(
          new FakeIceEvent(new FakeIceCandidate({ candidate: '', sdpMid: mid, sdpMLineIndex: index, usernameFragment: ufrag })),
        );
      }
      for (const description of descriptions) description.endCandidates(null);
    }
    this.#setState('complete');
    this.#fire(new FakeIceEvent(null));
  }

  #descriptions(ufrag: string): Description[] {
    return [this.#state.currentLocal, this.#state.pendingLocal].filter(
      (description): description is Description => description?.sdp.sections.some((section) => section.ufrag === ufrag) === true,
    );
  }

  /** The sections that gather: one, once bundled; before, all that are not `a=bundle-only` (JSEP 4.1.1). */
  #sections(ufrag: string): { mid: string; index: number; shift: number }[] {
    const description = this.#descriptions(ufrag).at(-1);
    const living = (description?.sdp.sections ?? [])
      .map((section, index) => ({ section, index }))
      .filter(({ section }) => !section.rejected);
    const alone = this.#state.maxBundle || description?.type !== 'offer' || this.#state.currentLocal !== null;
    const gathering = living.filter(({ section }, at) => at === 0 || (!alone && !section.bundleOnly));
    return gathering.map(({ section, index }, shift) => ({ mid: section.mid, index, shift }));
  }

  #setState(state: RTCIceGatheringState): void {
    if (this.#state.closed || this.gatheringState === state) return;
    this.gatheringState = state;
    this.#ice.setGathering(state);
    this.#dispatch(new FakeEvent('icegatheringstatechange'));
  }

  #fire(event: FakeEvent): void {
    if (!this.#state.closed) this.#dispatch(event);
  }
}

function addOnce(description: Description, mid: string, line: string): boolean {
  const section = description.sdp.sections.find((other) => other.mid === mid);
  if (!section || section.candidates.includes(line)) return false;
  description.addCandidate(mid, line);
  return true;
}
