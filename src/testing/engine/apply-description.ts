import { roleOf } from './dtls-role.js';
import type { PeerState } from './peer-state.js';
import type { RemoteTrackChanges } from './remote-tracks.js';
import { receives, reverseDirection, type Sdp, type SdpSection, sends } from './sdp.js';
import { Description } from './session-description.js';
import type { Side } from './signaling-table.js';
import type { FakeTransceiver } from './transceiver.js';

/** Makes a transceiver for a remote section (JSEP 5.10). */
export type MakeTransceiver = (kind: 'audio' | 'video') => FakeTransceiver;

/** JSEP 5.10: a section goes to the transceiver of its mid, else to a free one of `addTrack`, else to a new one. */
function associateRemote(state: PeerState, section: SdpSection, index: number, make: MakeTransceiver): FakeTransceiver | null {
  const known = state.transceivers.find((t) => !t.stopped && t.mline === index);
  if (known && (section.rejected || known.associatedMid === section.mid)) return known;
  if (section.rejected || section.kind === 'application') return null;
  const { kind } = section;
  const free = receives(section.direction)
    ? state.transceivers.find((t) => t.kind === kind && t.addedByTrack && t.mline === null && !t.stopping)
    : undefined;
  const t = free ?? make(kind);
  if (!free) state.transceivers.push(t);
  t.mline = index;
  t.associatedMid = section.mid;
  return t;
}

function associateLocal(state: PeerState, section: SdpSection, index: number): FakeTransceiver | null {
  const t = state.transceivers.find((other) => !other.stopped && (other.mline === index || other.offeredMid === section.mid));
  if (t && !section.rejected && t.mline === null) {
    t.mline = index;
    t.associatedMid = section.mid;
    t.offeredMid = null;
  }
  return t ?? null;
}

function applySection(section: SdpSection, t: FakeTransceiver, side: Side, answer: boolean, changes: RemoteTrackChanges): void {
  // Ours, whoever wrote it.
  const direction = side === 'local' ? section.direction : reverseDirection(section.direction);
  if (side === 'remote' && !section.rejected) changes.process(t, direction, section.streams);
  if (!answer) {
    // A remote offer that rejects a section ends it at once (webrtc-pc 4.4.1.5, "if the media description is rejected").
    if (side === 'remote' && section.rejected) {
      changes.process(t, 'inactive', null);
      t.stopSendingAndReceiving();
    }
    return;
  }
  if (section.rejected) {
    changes.process(t, 'inactive', null);
    t.finishStop();
    return;
  }
  // An answer of our own can only take away: the offer told already what comes.
  if (side === 'local' && !receives(direction)) changes.process(t, direction, null);
  t.setCurrent(direction);
}

/** Puts a description in force. The caller checked that it fits. */
export function applyDescription(
  state: PeerState,
  side: Side,
  type: 'offer' | 'answer' | 'pranswer',
  sdp: Sdp,
  changes: RemoteTrackChanges,
  make: MakeTransceiver,
): void {
  const answer = type !== 'offer';
  state.seeMids(sdp);
  state.usedExtensions.record(sdp);
  sdp.sections.forEach((section, index) => {
    if (section.kind === 'application') {
      applyData(state, section, index);
      return;
    }
    const t = side === 'local' ? associateLocal(state, section, index) : associateRemote(state, section, index, make);
    if (t) applySection(section, t, side, answer, changes);
  });
  const description = new Description(type, sdp, state.context.personality);
  if (type === 'answer') settle(state, side, description);
  else if (side === 'local') state.pendingLocal = description;
  else state.pendingRemote = description;
  if (type === 'offer') state.answering = null;
}

function applyData(state: PeerState, section: SdpSection, index: number): void {
  if (section.rejected) {
    if (state.dataMline === index) state.dataMline = null;
    state.dataMid = null;
    return;
  }
  state.dataMline = index;
  state.dataMid = section.mid;
}

/** JSEP 4.1.9: with the answer both descriptions are current, and nothing is pending. */
function settle(state: PeerState, side: Side, answer: Description): void {
  if (side === 'local') {
    state.currentRemote = state.pendingRemote;
    state.currentLocal = answer;
  } else {
    state.currentLocal = state.pendingLocal;
    state.currentRemote = answer;
  }
  for (const { sender } of state.transceivers) sender.streamsAsk = Math.max(0, sender.streamsAsk - 1);
  state.pendingLocal = null;
  state.pendingRemote = null;
  state.first = null;
  state.answering = null;
  if (state.context.personality.forgetsCreated) {
    state.lastOffer = '';
    state.lastAnswer = '';
  }
  state.plainOfferSinceStable = false;
  const ufrags = new Set(state.currentLocal?.sdp.sections.map((section) => section.ufrag));
  // "If none of the ICE credentials in [[LocalIceCredentialsToReplace]] exist in description, empty it." (4.4.1.5)
  if (![...state.toReplace].some((ufrag) => ufrags.has(ufrag))) state.toReplace.clear();
  // Stopped transceivers leave the set (webrtc-pc 4.4.1.5).
  state.transceivers = state.transceivers.filter((t) => !t.stopped);
  state.dtlsRole ??= roleOf(side, answer.sdp);
}

/** Whether this section of ours sends, for the mute of the other side. Kept beside the rules that use it. */
export function isSending(t: FakeTransceiver): boolean {
  return sends(t.current) && !t.stopping;
}
