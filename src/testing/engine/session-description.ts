import type { Personality } from './personality.js';
import type { Sdp } from './sdp.js';
import { writeSdp } from './write-sdp.js';

/** webrtc-pc 4.6.2. The attributes of the connection give the same object until the description changes. */
export class FakeSessionDescription implements RTCSessionDescription {
  readonly type: RTCSdpType;
  readonly sdp: string;

  constructor(init: RTCSessionDescriptionInit) {
    this.type = init.type;
    this.sdp = init.sdp ?? '';
  }

  toJSON(): RTCSessionDescriptionInit {
    return { type: this.type, sdp: this.sdp };
  }
}

/** A description as the engine keeps it: parsed, and growing by candidates. */
export class Description {
  readonly type: 'offer' | 'answer' | 'pranswer';
  readonly #personality: Personality;
  #sdp: Sdp;
  #shown: FakeSessionDescription | null = null;

  constructor(type: Description['type'], sdp: Sdp, personality: Personality) {
    this.type = type;
    this.#sdp = sdp;
    this.#personality = personality;
  }

  get sdp(): Sdp {
    return this.#sdp;
  }

  /** What the attribute returns: a new object after each change (webrtc-pc 4.4.1.6, "surface the candidate"). */
  get shown(): FakeSessionDescription {
    if (this.#personality.freshDescriptions) this.#shown = null;
    this.#shown ??= new FakeSessionDescription({ type: this.type, sdp: writeSdp(this.#sdp) });
    return this.#shown;
  }

  addCandidate(mid: string, candidate: string): void {
    this.#edit(mid, (section) => {
      const known = section.candidates.includes(candidate) && !this.#personality.appendsDuplicates;
      return known ? section : { ...section, candidates: [...section.candidates, candidate] };
    });
  }

  endCandidates(mid: string | null): void {
    this.#edit(mid, (section) => ({ ...section, endOfCandidates: true }));
  }

  #edit(mid: string | null, change: (section: Sdp['sections'][number]) => Sdp['sections'][number]): void {
    const sections = this.#sdp.sections.map((section) =>
      !section.rejected && (mid === null || section.mid === mid) ? change(section) : section,
    );
    this.#sdp = { ...this.#sdp, sections };
    this.#shown = null;
  }
}
