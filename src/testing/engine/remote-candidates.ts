import type { EngineContext } from './engine-context.js';
import { type CandidateFields, parseCandidate } from './ice-candidate.js';
import { livingSection, type PeerState } from './peer-state.js';
import type { PeerTransports } from './peer-transports.js';
import { domError } from './rtc-error.js';
import type { SdpSection } from './sdp.js';
import type { Description } from './session-description.js';

/** What is to be done with a candidate of the peer. */
type Verdict =
  | { readonly does: 'nothing' }
  | { readonly does: 'note'; readonly section: SdpSection; readonly to: readonly Description[] }
  | { readonly does: 'add'; readonly fields: CandidateFields; readonly section: SdpSection; readonly to: readonly Description[] }
  | { readonly does: 'end'; readonly section: SdpSection | null; readonly to: readonly Description[] };

/** Checks an argument of `addIceCandidate` before anything is chained (webrtc-pc 4.4.2). */
export function checkCandidateInit(init: RTCIceCandidateInit | null | undefined): void {
  if (init?.candidate && (init.sdpMid ?? null) === null && (init.sdpMLineIndex ?? null) === null) {
    throw new TypeError('Candidate missing values for both sdpMid and sdpMLineIndex');
  }
}

function judge(context: EngineContext, state: PeerState, init: RTCIceCandidateInit): Verdict {
  const { personality } = context;
  const { remote } = state;
  const end = !init.candidate;
  if (!remote) {
    throw domError('InvalidStateError', 'The remote description was null');
  }
  const known = personality.forgetsUsedUfrag ? [remote] : [state.pendingRemote, state.currentRemote];
  const given = known.filter((description) => description !== null);
  const section = sectionOf(remote, init);
  if (section === null) throw domError('OperationError', 'Error processing ICE candidate');
  const fields = end ? null : parseCandidate(init.candidate ?? '');
  if (!end && !fields && personality.acceptsBadCandidates && /^(a=)?candidate:/.test(init.candidate ?? ''))
    return { does: 'nothing' };
  if (!end && !fields) throw domError('OperationError', 'Error processing ICE candidate');
  // Firefox looks at the field alone, Chromium also into the line (CORRECTNESS 2.2).
  const ufrag = init.usernameFragment ?? (personality.swallowsUnknownUfrag ? (fields?.ufrag ?? null) : null);
  const to = given.filter((description) => ufrag === null || description.sdp.sections.some((other) => other.ufrag === ufrag));
  const chosen = to.slice(0, 1);
  if (chosen.length === 0) {
    // Chromium 156 writes it into the description, where it is of no use.
    if (personality.swallowsUnknownUfrag && section) return { does: 'note', section, to: given.slice(0, 1) };
    throw domError('OperationError', `Unknown ufrag (${ufrag ?? ''})`);
  }
  if (!fields) return { does: 'end', section: section ?? null, to: chosen };
  if (!section) throw domError('OperationError', 'Error processing ICE candidate');
  return { does: 'add', fields, section, to: chosen };
}

/** `undefined`: no section was named. `null`: there is none of that name. */
function sectionOf(description: Description, init: RTCIceCandidateInit): SdpSection | null | undefined {
  const { sections } = description.sdp;
  if (init.sdpMid !== undefined && init.sdpMid !== null) return sections.find((section) => section.mid === init.sdpMid) ?? null;
  if (init.sdpMLineIndex !== undefined && init.sdpMLineIndex !== null) return sections[init.sdpMLineIndex] ?? null;
  return undefined;
}

/** webrtc-pc 4.4.2 `addIceCandidate`, the part that is chained. Throws what the engine throws. */
export function addRemoteCandidate(
  context: EngineContext,
  state: PeerState,
  transports: PeerTransports,
  init: RTCIceCandidateInit,
): void {
  const verdict = judge(context, state, init);
  if (verdict.does === 'nothing') return;
  for (const description of verdict.to) {
    const carrier = livingSection(description);
    const mid = verdict.section?.mid ?? null;
    if (verdict.does === 'note') {
      description.addCandidate(verdict.section.mid, (init.candidate ?? '').replace(/^a=/, ''));
    } else if (verdict.does === 'end') {
      description.endCandidates(mid);
      if (carrier) transports.agent.remotes.end(carrier.ufrag);
    } else {
      description.addCandidate(verdict.section.mid, verdict.fields ? (init.candidate ?? '').replace(/^a=/, '') : '');
      // Of bundled sections only the first has a transport (RFC 9143 7.1.1): candidates of the others are of no use.
      if (carrier?.mid === mid) transports.agent.addRemote(carrier.ufrag, verdict.fields);
    }
  }
}
