import type { FakeMediaStream } from '../media/fake-stream.js';
import type { PeerState } from './peer-state.js';
import type { RemoteTrackChanges } from './remote-tracks.js';
import type { SdpDirection } from './sdp.js';
import type { FakeTransceiver } from './transceiver.js';

interface Saved {
  readonly mid: string | null;
  readonly mline: number | null;
  readonly fired: SdpDirection | null;
  readonly streams: readonly FakeMediaStream[];
}

/** How things stood when the connection was stable the last time (JSEP 4.1.10.2). */
export interface StableSnapshot {
  readonly transceivers: ReadonlyMap<FakeTransceiver, Saved>;
  readonly dataMid: string | null;
  readonly dataMline: number | null;
}

export function takeSnapshot(state: PeerState): StableSnapshot {
  return {
    transceivers: new Map(
      state.transceivers.map((t) => [t, { mid: t.associatedMid, mline: t.mline, fired: t.fired, streams: t.receiver.streams }]),
    ),
    dataMid: state.dataMid,
    dataMline: state.dataMline,
  };
}

/** webrtc-pc 4.4.1.5, "if description is of type rollback": undoes the pending offer, of either side. */
export function rollBack(state: PeerState, snapshot: StableSnapshot, changes: RemoteTrackChanges): void {
  for (const t of state.transceivers) {
    const saved = snapshot.transceivers.get(t);
    t.offeredMid = null;
    t.associatedMid = saved?.mid ?? null;
    t.mline = saved?.mline ?? null;
    // "Revert the [[FiredDirection]] ... and process the addition or removal of remote tracks".
    changes.process(t, saved?.fired ?? 'inactive', null);
    changes.associate(t.receiver, saved?.streams ?? []);
    t.fired = saved?.fired ?? null;
  }
  // "If the transceiver was created by applying the description that is being rolled back, and a track has not been attached to it
  // via addTrack(), remove it."
  const gone = state.transceivers.filter((t) => !snapshot.transceivers.has(t) && t.remotelyMade && !t.addedByTrack);
  for (const t of gone) t.finishStop();
  state.transceivers = state.transceivers.filter((t) => !gone.includes(t));
  if (state.dataMline !== snapshot.dataMline) {
    state.dataMid = snapshot.dataMid;
    state.dataMline = snapshot.dataMline;
  }
  state.pendingLocal = null;
  state.pendingRemote = null;
  state.answering = null;
  if (!state.currentLocal) {
    if (!state.context.personality.keepsUfragAfterRollback) state.first = null;
    state.usedExtensions.clear();
  }
}
