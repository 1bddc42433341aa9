import { livingSection, type PeerState } from './peer-state.js';
import type { Sdp, SdpSection } from './sdp.js';
import type { Side } from './signaling-table.js';

/** RFC 8842 5: who said `active` is the client. */
export function roleOf(side: Side, answer: Sdp): 'client' | 'server' {
  const active = answer.sections.find((section) => !section.rejected)?.setup !== 'passive';
  return active === (side === 'local') ? 'client' : 'server';
}

/** What an answer says. RFC 8842 5.3: a role once agreed stays; first the answerer is the client. */
export function answerSetup(state: PeerState): SdpSection['setup'] {
  const { dtlsRole, restarted } = state;
  const offered = livingSection(state.pendingRemote)?.setup;
  if (offered !== 'active' && restarted && state.context.personality.restartForgetsRole) return 'active';
  if (dtlsRole) return dtlsRole === 'client' ? 'active' : 'passive';
  return offered === 'active' ? 'passive' : 'active';
}

/** Whether an answer gives us another role than the one agreed. */
export function changesRole(state: PeerState, side: Side, answer: Sdp): boolean {
  return state.dtlsRole !== null && roleOf(side, answer) !== state.dtlsRole;
}
