import type { PeerState } from './peer-state.js';
import { intersectDirections, reverseDirection, type SdpSection, sends } from './sdp.js';
import type { FakeTransceiver } from './transceiver.js';

function sectionOf(sections: readonly SdpSection[] | undefined, t: FakeTransceiver): SdpSection | undefined {
  return sections?.find((section) => section.mid === t.associatedMid);
}

function sameStreams(section: SdpSection, t: FakeTransceiver): boolean {
  if (section.trackId === null) return false;
  const { streamIds } = t.sender;
  return section.streams.length === streamIds.length && streamIds.every((id) => section.streams.includes(id));
}

function transceiverNeeds(state: PeerState, t: FakeTransceiver): boolean {
  // Stopped before any section knew it: nothing to negotiate (both browsers).
  if (t.mline === null) return !t.stopping;
  if (t.stopping && !t.stopped) return true;
  const local = state.currentLocal;
  const mine = sectionOf(local?.sdp.sections, t);
  const theirs = sectionOf(state.currentRemote?.sdp.sections, t);
  if (!local || !mine || !theirs) return true;
  if (t.stopped) return !mine.rejected && !theirs.rejected;
  // "[[Direction]] is sendrecv or sendonly, and the m= section does not contain the a=msid that it should"
  if (sends(t.wanted) && (!sameStreams(mine, t) || t.sender.streamsAsk > 0)) return true;
  if (local.type === 'offer') return mine.direction !== t.wanted && reverseDirection(theirs.direction) !== t.wanted;
  return mine.direction !== intersectDirections(t.wanted, reverseDirection(theirs.direction));
}

/** webrtc-pc 4.7.3 "check if negotiation is needed". */
export function isNegotiationNeeded(state: PeerState): boolean {
  if (state.toReplace.size > 0) return true;
  // With Chromium's broken data section this stays true for ever: the storm of CORRECTNESS 0.1a.
  if (state.dataWanted() && state.dataMline === null) return true;
  return state.transceivers.some((t) => transceiverNeeds(state, t));
}
