/** Who applies a description: `setLocalDescription` or `setRemoteDescription`. */
export type Side = 'local' | 'remote';

type Row = Partial<Record<`${Side} ${'offer' | 'answer' | 'pranswer'}`, RTCSignalingState>>;

/** JSEP (RFC 9429) 3.2 and webrtc-pc 4.3.1, figure 1, without rollback, which leads to `stable` from everywhere. */
const TABLE: Readonly<Record<RTCSignalingState, Row>> = {
  stable: { 'local offer': 'have-local-offer', 'remote offer': 'have-remote-offer' },
  'have-local-offer': {
    'local offer': 'have-local-offer',
    'remote answer': 'stable',
    'remote pranswer': 'have-remote-pranswer',
  },
  'have-remote-offer': {
    'remote offer': 'have-remote-offer',
    'local answer': 'stable',
    'local pranswer': 'have-local-pranswer',
  },
  'have-local-pranswer': { 'local answer': 'stable', 'local pranswer': 'have-local-pranswer' },
  'have-remote-pranswer': { 'remote answer': 'stable', 'remote pranswer': 'have-remote-pranswer' },
  closed: {},
};

/** The state that a description leads to, or `null` where it is not allowed. */
export function nextSignalingState(from: RTCSignalingState, side: Side, type: RTCSdpType): RTCSignalingState | null {
  if (type !== 'rollback') return TABLE[from][`${side} ${type}`] ?? null;
  // JSEP 4.1.10.2: rollback undoes an offer that is pending, on either side; it cannot undo an answer.
  return from === 'have-local-offer' || from === 'have-remote-offer' ? 'stable' : null;
}

/** Whether a remote offer has to undo ours first (webrtc-pc 4.4.1.5, step 4.5: "implicit rollback"). */
export function needsImplicitRollback(from: RTCSignalingState, side: Side, type: RTCSdpType): boolean {
  return type === 'offer' && side === 'remote' && from === 'have-local-offer';
}

/** What an argument-less `setLocalDescription()` makes in this state, decided when it runs (webrtc-pc 4.4.2). */
export function implicitType(state: RTCSignalingState): 'offer' | 'answer' {
  return state === 'stable' || state === 'have-local-offer' || state === 'have-remote-pranswer' ? 'offer' : 'answer';
}
