import { answerSetup } from './dtls-role.js';
import { ExtensionIds } from './extension-ids.js';
import { type Credentials, credentialsOf, type PeerState } from './peer-state.js';
import { intersectDirections, reverseDirection, type Sdp, type SdpDirection, type SdpSection, sends } from './sdp.js';
import type { FakeTransceiver } from './transceiver.js';

type Base = Pick<SdpSection, 'ufrag' | 'pwd' | 'fingerprint' | 'setup'>;

const EMPTY = {
  bundleOnly: false,
  streams: [],
  trackId: null,
  extensions: [],
  ssrc: null,
  maxMessageSize: null,
  candidates: [],
  endOfCandidates: false,
} as const;

function rejectedSection(kind: SdpSection['kind'], mid: string, base: Base): SdpSection {
  return { ...EMPTY, ...base, kind, mid, rejected: true, direction: 'inactive' };
}

function dataSection(state: PeerState, mid: string, base: Base): SdpSection {
  return {
    ...EMPTY,
    ...base,
    kind: 'application',
    mid,
    rejected: false,
    direction: 'sendrecv',
    maxMessageSize: state.context.personality.maxMessageSize,
  };
}

function mediaSection(
  t: FakeTransceiver,
  mid: string,
  direction: SdpDirection,
  extensions: SdpSection['extensions'],
  base: Base,
): SdpSection {
  const sending = sends(direction);
  return {
    ...EMPTY,
    ...base,
    kind: t.kind,
    mid,
    rejected: false,
    direction,
    extensions,
    // JSEP 5.2.1: `a=msid` stands in sections that send.
    streams: sending ? t.sender.streamIds : [],
    trackId: sending ? t.sender.trackId : null,
    ssrc: sending ? t.sender.ssrc : null,
  };
}

function finish(state: PeerState, sections: readonly SdpSection[]): Sdp {
  return {
    origin: state.context.personality.origin,
    sessionId: state.sessionId,
    version: state.nextVersion(),
    bundle: sections.filter((section) => !section.rejected).map((section) => section.mid),
    trickle: true,
    sections,
  };
}

/** webrtc-pc 4.4.2 `createOffer`: "if [[LocalIceCredentialsToReplace]] is not empty, as if iceRestart were true". */
function offerCredentials(state: PeerState, iceRestart: boolean): Credentials {
  const base = credentialsOf(state.local) ?? state.first;
  if (base && !iceRestart && !state.toReplace.has(base.ufrag)) return base;
  const fresh = state.newCredentials();
  if (!state.local) state.first = fresh;
  return fresh;
}

/** JSEP 5.2.2: the sections that stand keep their place, whoever uses them now. */
function standingSections(state: PeerState, base: Base, ids: ExtensionIds): (SdpSection | null)[] {
  const previous = state.local?.sdp.sections ?? [];
  const others = state.currentRemote?.sdp.sections ?? [];
  const lines = previous.length >= others.length ? previous : others;
  return lines.map((line, index) => {
    const t = state.transceivers.find((other) => other.mline === index && !other.stopped);
    if (t) {
      const mid = t.associatedMid ?? line.mid;
      if (t.stopping) return rejectedSection(t.kind, mid, base);
      return mediaSection(t, mid, t.wanted, ids.of(t.kind), base);
    }
    if (state.dataMline === index && state.dataBroken !== 'gone') return dataSection(state, state.dataMid ?? line.mid, base);
    // JSEP 5.2.2: a section with port 0 in either current description may be used again.
    const free = state.currentLocal?.sdp.sections[index]?.rejected || others[index]?.rejected;
    return free ? null : rejectedSection(line.kind, line.mid, base);
  });
}

/** Which new sections of an offer are `a=bundle-only` (JSEP 4.1.1, 5.2.1). */
class BundleChoice {
  readonly #only: boolean;
  readonly #maxBundle: boolean;
  readonly #kinds: Set<string>;

  constructor(state: PeerState, standing: readonly (SdpSection | null)[]) {
    this.#only = state.context.personality.offersBundleOnly;
    this.#maxBundle = state.maxBundle;
    this.#kinds = new Set(standing.flatMap((section) => (section && !section.rejected ? [section.kind] : [])));
  }

  mark(section: SdpSection): SdpSection {
    const first = this.#maxBundle ? this.#kinds.size === 0 : !this.#kinds.has(section.kind);
    this.#kinds.add(section.kind);
    return this.#only && !first ? { ...section, bundleOnly: true } : section;
  }
}

/** An offer of everything that is wanted now (JSEP 5.2). */
export function buildOffer(state: PeerState, iceRestart: boolean): Sdp {
  const base: Base = { ...offerCredentials(state, iceRestart), fingerprint: state.fingerprint, setup: 'actpass' };
  const ids = new ExtensionIds();
  ids.learn(state.currentLocal?.sdp);
  ids.learn(state.currentRemote?.sdp);
  const { recyclesAnyKind } = state.context.personality;
  const previous = state.local?.sdp.sections ?? [];
  const sections = standingSections(state, base, ids);
  const bundled = new BundleChoice(state, sections);
  const place = (section: SdpSection): void => {
    // JSEP 5.2.2: a section with port 0 is used again, by any kind; Firefox 153 keeps to the kind it had.
    const free = sections.findIndex(
      (taken, index) => taken === null && (recyclesAnyKind || previous[index]?.kind === section.kind),
    );
    const chosen = bundled.mark(section);
    if (free < 0) sections.push(chosen);
    else sections[free] = chosen;
  };
  const placeData = (): void => {
    state.dataMid ??= state.newMid();
    place(dataSection(state, state.dataMid, base));
  };
  for (const t of state.transceivers) {
    if (t.mline !== null || t.stopping || t.stopped) continue;
    t.offeredMid = state.newMid();
    place(mediaSection(t, t.offeredMid, t.wanted, ids.of(t.kind), base));
  }
  if (state.dataWanted() && state.dataMline === null && state.dataBroken !== 'gone') placeData();
  return finish(
    state,
    sections.map(
      (section, index) => section ?? rejectedSection(previous[index]?.kind ?? 'audio', previous[index]?.mid ?? '', base),
    ),
  );
}

/** An answer to the pending remote offer (JSEP 5.3). */
export function buildAnswer(state: PeerState): Sdp {
  const offer = state.pendingRemote;
  const sections = offer?.sdp.sections ?? [];
  const base: Base = { ...answerCredentials(state), fingerprint: state.fingerprint, setup: answerSetup(state) };
  return finish(
    state,
    sections.map((section, index) => {
      if (section.kind === 'application') {
        const refuse = section.rejected || state.dataBroken === 'gone';
        return refuse ? rejectedSection(section.kind, section.mid, base) : dataSection(state, section.mid, base);
      }
      const t = state.transceivers.find((other) => other.mline === index);
      if (section.rejected || !t || t.stopped) return rejectedSection(section.kind, section.mid, base);
      // One that was stopped meanwhile is answered as inactive, and rejected by the next offer (both browsers).
      const wanted = t.stopping ? 'inactive' : t.wanted;
      const direction = intersectDirections(wanted, reverseDirection(section.direction));
      return mediaSection(t, section.mid, direction, section.extensions, base);
    }),
  );
}

/** JSEP 5.3.1: new credentials exactly where the offer restarted ICE; else those in force, whatever was rolled back since. */
function answerCredentials(state: PeerState): Credentials {
  state.answering ??= freshAnswerCredentials(state);
  return state.answering;
}

function freshAnswerCredentials(state: PeerState): Credentials {
  const mine = credentialsOf(state.currentLocal);
  if (mine && !state.restarted) return mine;
  if (!mine && state.first) return state.first;
  return state.newCredentials();
}
