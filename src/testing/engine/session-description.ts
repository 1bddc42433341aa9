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
  #sdp: Sdp;
  #shown: FakeSessionDescription | null = null;

  constructor(type: Description['type'], sdp: Sdp) {
    this.type = type;
    this.#sdp = sdp;
  }

  get sdp(): Sdp {
    return this.#sdp;
  }

  /** What the attribute returns: a new object after each change (webrtc-pc 4.4.1.6, "surface the candidate"). */
  get shown(): FakeSessionDescription {
    this.#shown ??= new FakeSessionDescription({ type: this.type, sdp: writeSdp(this.#sdp) });
    return this.#shown;
  }

  /** Browsers append the same candidate again when it is added again (Chromium 156, Firefox 153). */
  addCandidate(mid: string, candidate: string): void {
    this.#edit(mid, (section) => ({ ...section, candidates: [...section.candidates, candidate] }));
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
