import { changesRole } from './dtls-role.js';
import { parseSdp, SdpSyntaxError } from './parse-sdp.js';
import { credentialsOf, type PeerState } from './peer-state.js';
import type { Personality } from './personality.js';
import { domError, rtcError } from './rtc-error.js';
import type { Sdp } from './sdp.js';
import type { Side } from './signaling-table.js';

/** Parses, or throws the `RTCError` of webrtc-pc 4.4.1.5 ("not valid SDP syntax"). */
export function readSdp(text: string, personality: Personality): Sdp {
  try {
    return parseSdp(text);
  } catch (error) {
    if (!(error instanceof SdpSyntaxError)) throw error;
    if (!personality.tellsSyntaxErrors) throw domError('OperationError', `Failed to parse SessionDescription. ${error.message}`);
    throw rtcError('sdp-syntax-error', `Failed to parse SessionDescription. ${error.message}`, { sdpLineNumber: error.line });
  }
}

function refuse(message: string): never {
  // JSEP leaves the name open; both browsers say InvalidAccessError for descriptions that do not fit (CORRECTNESS 1.6).
  throw domError('InvalidAccessError', message);
}

/** JSEP 5.11: an answer has the sections of its offer, in order. What it answers it does not say: a stale one of this shape passes. */
function checkAnswer(sdp: Sdp, offer: Sdp | undefined): void {
  if (sdp.sections.length !== offer?.sections.length) refuse('The number of m= sections in the answer does not match the offer.');
  sdp.sections.forEach((section, index) => {
    const asked = offer.sections[index];
    if (section.kind !== asked?.kind || (!section.rejected && section.mid !== asked.mid)) {
      refuse("The order of m-lines in answer doesn't match order in offer. Rejecting answer.");
    }
  });
}

/** JSEP 5.10 and 5.2.2: sections never vanish, and change their kind only where they were rejected. */
function checkOffer(sdp: Sdp, state: PeerState): void {
  const standing = state.currentRemote?.sdp.sections ?? [];
  const own = state.currentLocal?.sdp.sections ?? [];
  if (sdp.sections.length < standing.length) refuse('The number of m= sections in the offer is smaller than before.');
  standing.forEach((before, index) => {
    const section = sdp.sections[index];
    const free = before.rejected || own[index]?.rejected;
    if (!free && (section?.kind !== before.kind || (!section.rejected && section.mid !== before.mid))) {
      refuse("The order of m-lines in subsequent offer doesn't match order from previous offer/answer.");
    }
  });
}

function checkSections(sdp: Sdp): void {
  const mids = new Set<string>();
  for (const section of sdp.sections) {
    if (section.rejected) continue;
    if (section.mid === '' || mids.has(section.mid)) refuse('Every m= section needs an a=mid of its own.');
    mids.add(section.mid);
    if (!section.ufrag || !section.pwd) refuse('Called with SDP without ice-ufrag and ice-pwd.');
    if (!section.fingerprint) refuse('Called with SDP without DTLS fingerprint.');
  }
}

/** Firefox 153 refuses a remote restart that meets a plain offer of ours, be it rolled back or not (CORRECTNESS 0.1c). */
function checkRestartGlare(sdp: Sdp, state: PeerState): void {
  const known = credentialsOf(state.currentRemote)?.ufrag;
  const offered = sdp.sections.find((section) => !section.rejected)?.ufrag;
  if (state.context.personality.refusesRestartGlare && state.plainOfferSinceStable && known && offered && known !== offered) {
    refuse('ICE restart is not allowed in this state.');
  }
}

/**
 * webrtc-pc 4.4.2 `setLocalDescription`, before anything else: only what was created may be applied. Browsers let small changes pass and look
 * at the fingerprint; Firefox 153 wants that something was created at all.
 */
export function checkCreated(state: PeerState, type: RTCSdpType, text: string): void {
  const { refusesMunging, forgetsCreated } = state.context.personality;
  const created = type === 'offer' ? state.lastOffer : state.lastAnswer;
  const foreign = refusesMunging ? text !== created : (forgetsCreated && created === '') || isForeign(state, text);
  if (foreign) throw domError('InvalidModificationError', 'The description is not the one that was created.');
}

function isForeign(state: PeerState, text: string): boolean {
  const prints = [...text.matchAll(/^a=fingerprint:sha-256 (\S+)/gm)].map(([, print]) => print);
  return prints.some((print) => print !== state.fingerprint);
}

/** Whether a description fits, its type being allowed already. Throws what browsers throw. */
export function validateDescription(state: PeerState, side: Side, type: RTCSdpType, sdp: Sdp): void {
  const { personality } = state.context;
  checkSections(sdp);
  if (type === 'offer') {
    if (side === 'remote') {
      checkOffer(sdp, state);
      checkRestartGlare(sdp, state);
    }
  } else {
    checkAnswer(sdp, (side === 'remote' ? state.pendingLocal : state.pendingRemote)?.sdp);
    if (personality.refusesRoleChange && changesRole(state, side, sdp)) refuse('Failed to set SSL role for the transport.');
  }
  if (personality.extensionIdsSurviveRollback) state.usedExtensions.check(sdp);
}
