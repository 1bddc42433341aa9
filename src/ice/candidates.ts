import type { Platform } from '../platform.js';
import type { Candidate, CandidatesBody } from '../signaling/message.js';

/** Candidates of the own network that follow each other within this time leave together; the others, for which the path may wait, at once. */
const BATCH_MS = 20;
/** Remote candidates that are kept, applied or held, per connection. */
const MAX_REMOTE = 300;

const ufragsOf = (sdp: string): string[] => Array.from(sdp.matchAll(/^a=ice-ufrag:(.*?)\r?$/gm), (match) => match[1] ?? '');

/** The generation that a candidate belongs to: its field, or the extension in its text (RFC 8839 section 5.1). */
function ufragOf({ usernameFragment, candidate }: Candidate): string | undefined {
  return usernameFragment ?? / ufrag (\S+)/.exec(candidate)?.[1];
}

/** Our candidates: each leaves behind its description, in batches, with our own end marker, since Chromium makes none. */
export class LocalCandidates {
  readonly #platform: Platform;
  readonly #say: (body: CandidatesBody) => void;
  readonly #filter: (candidate: Candidate) => boolean;
  #of: string | null = null;
  #batch: Candidate[] = [];
  #done = false;
  #stop: (() => void) | null = null;
  /** Texts of all that was found, for the diagnosis. */
  readonly found: string[] = [];

  constructor(platform: Platform, filter: (candidate: Candidate) => boolean, say: (body: CandidatesBody) => void) {
    this.#platform = platform;
    this.#filter = filter;
    this.#say = say;
  }

  /** Our description is on its way: what follows belongs to it. */
  described(id: string): void {
    this.#of = id;
    this.#flush();
  }

  /** One candidate, or `null` when gathering is complete. */
  add(candidate: Candidate | null): void {
    if (candidate?.candidate) {
      this.found.push(candidate.candidate);
      if (!this.#filter(candidate)) return;
      this.#batch.push(candidate);
    } else if (candidate) {
      return; // Firefox's end of one section; ours covers all.
    } else {
      this.#done = true;
    }
    if (!this.#stop || (candidate && !/ typ host/.test(candidate.candidate))) this.#flush();
  }

  #flush(): void {
    if (this.#of === null || (this.#batch.length === 0 && !this.#done)) return;
    const candidates = this.#batch.splice(0, 50);
    const done = this.#done && this.#batch.length === 0;
    if (done) this.#done = false;
    this.#say({ kind: 'candidates', of: this.#of, candidates, ...(done && { done }) });
    this.#stop?.();
    this.#stop = this.#platform.timer(() => {
      this.#stop = null;
      this.#flush();
    }, BATCH_MS);
  }

  close(): void {
    this.#stop?.();
    this.#of = null;
  }
}

/** The peer's candidates: held until their description is applied, matched by ufrag, each added once. */
export class RemoteCandidates {
  readonly #peer: RTCPeerConnection;
  readonly #applied = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #held: { readonly of: string; readonly candidate: Candidate }[] = [];

  constructor(peer: RTCPeerConnection) {
    this.#peer = peer;
  }

  /** Texts of all that came, for the diagnosis. */
  get found(): string[] {
    return Array.from(this.#seen, (key) => key.split('|').pop() ?? '').filter(Boolean);
  }

  applied(id: string): void {
    this.#applied.add(id);
    for (const { of, candidate } of this.#held.splice(0)) void this.#add(of, candidate);
  }

  /** The browser's own chain of operations (webrtc-pc section 4.4.1.2) keeps them in order, and the end behind them. */
  add({ of, candidates, done }: CandidatesBody): void {
    const end = { candidate: '', sdpMLineIndex: 0 };
    for (const candidate of done ? [...candidates, end] : candidates) void this.#add(of, candidate);
  }

  async #add(of: string, candidate: Candidate): Promise<void> {
    const ufrag = ufragOf(candidate);
    const key = `${ufrag}|${candidate.sdpMid}|${candidate.candidate}`;
    const sdp = this.#peer.remoteDescription?.sdp ?? '';
    if (!this.#applied.has(of) || (ufrag && !ufragsOf(sdp).includes(ufrag))) {
      if (this.#held.length < MAX_REMOTE) this.#held.push({ of, candidate });
      return;
    }
    if (candidate.candidate && (this.#seen.has(key) || this.#seen.size > MAX_REMOTE)) return;
    this.#seen.add(key);
    try {
      // Chromium drops a candidate whose ufrag stands only in its text.
      await this.#peer.addIceCandidate({ ...candidate, ...(ufrag && { usernameFragment: ufrag }) });
    } catch {
      // One bad candidate never ends a session: an unresolvable .local name, an address family that is not here.
    }
  }
}
