// @ts-check
// Everything the session says, in sentences a person reads.

/**
 * @import { Route, SessionError, SessionErrorCode, SessionState, TroubleReason } from 'peer-session'
 * @import { More } from './app.js'
 */

/** @type {Record<TroubleReason, string>} */
const TROUBLE = {
  silent: 'nothing arrives any more',
  'path-lost': 'the network path broke',
  'transport-closed': 'the connection of the other side ended',
  'network-changed': 'this device changed its network',
  'peer-left': 'the other side left its page',
  'peer-restarted': 'the other side reloaded the page',
  'peer-rebuilt': 'the other side asked for a fresh connection',
  'negotiation-failed': 'the two sides could not agree',
  requested: 'this page asked for it',
};

/**
 * The state as one sentence.
 *
 * @param {SessionState} state
 * @param {boolean} met whether somebody is there on the other side
 * @param {More} more
 * @returns {string}
 */
export function stateWords(state, met, { fetched, full, signaling }) {
  switch (state.status) {
    case 'idle':
      return 'Starting.';
    case 'fetching':
      return fetched ? 'Asking the server for STUN and TURN.' : 'Asking for your camera and microphone.';
    case 'signaling':
      if (signaling === 'opening') return 'Reaching the signaling server.';
      if (signaling === 'lost') return 'The signaling server does not answer. Trying again.';
      if (full) return 'The room is full. Waiting for a place.';
      return met ? 'The other side is here. Agreeing on the call.' : 'Waiting for the other side.';
    case 'connecting':
      return 'Looking for a path between the two of you.';
    case 'connected':
      return signaling === 'lost' ? 'You are in a call. It goes on while the signaling server is away.' : 'You are in a call.';
    case 'reconnecting':
      return signaling === 'lost' ? `${reconnectWords(state)} The signaling server is away, too.` : reconnectWords(state);
    case 'paused':
      return 'Paused.';
    case 'closed':
      return `${endWords(state).title}.`;
    case 'failed':
      return `${failureTitle(state.error)}.`;
  }
}

/** @param {Extract<SessionState, { status: 'reconnecting' }>} state */
export function reconnectWords({ attempt, reason }) {
  if (reason === 'peer-left') return 'The other side left, or is reloading its page. Waiting for it.';
  return `Reconnecting${attempt > 0 ? `, attempt ${attempt}` : ''}: ${TROUBLE[reason]}.`;
}

/**
 * @param {Extract<SessionState, { status: 'closed' }>} state
 * @returns {{ title: string, text: string }}
 */
export function endWords({ by, reason }) {
  const off = 'Camera and microphone are off.';
  if (by === 'local') return { title: 'You hung up', text: off };
  if (reason === 'left') return { title: 'The other side is gone', text: 'The page there was closed and did not come back.' };
  if (reason === 'replaced') return { title: 'Continued elsewhere', text: 'The other side went on in another tab.' };
  return { title: 'The other side hung up', text: off };
}

/** @type {Partial<Record<SessionErrorCode, string>>} */
const FAILED = {
  'peer-timeout': 'Nobody came',
  'ice-servers-failed': 'The server does not answer',
  'ice-server-invalid': 'A STUN or TURN server is written wrongly',
  'signaling-open': 'The signaling server cannot be reached',
  'signaling-refused': 'The signaling server said no',
  'ice-failed': 'No path between the two of you',
  'connection-lost': 'The connection is lost',
  'connection-timeout': 'No path between the two of you',
  unsupported: 'This browser cannot make calls',
};

/** @param {SessionError} error */
export const failureTitle = (error) => FAILED[error.code] ?? 'The call could not be made';

/** What happened, and the cure, for a person: most errors say it themselves. @param {SessionError} error */
export function failureWords({ code, message, hint }) {
  // A sentence begins with a capital; a name of the API stays as it is written.
  if (code !== 'ice-servers-failed')
    return { text: message.replace(/^[a-z](?=[a-z]*[ ,])/, (first) => first.toUpperCase()), hint };
  return { text: 'It was asked which STUN and TURN servers to use.', hint: 'Check that the server of this page runs.' };
}

/** @type {Record<Route['kind'], string>} */
const ROUTE = {
  host: 'Direct, same network',
  srflx: 'Direct, through STUN',
  relay: 'Relayed by TURN',
};

/** @param {Route} route */
export const routeWords = (route) => ROUTE[route.kind];

/** @param {Route} route */
export function routeDetail({ protocol, relayProtocol, rttMs }) {
  const parts = [relayProtocol ? `${relayProtocol.toUpperCase()} to the TURN server` : protocol.toUpperCase()];
  if (rttMs !== null) parts.push(`${rttMs < 1 ? 'under 1' : Math.round(rttMs)} ms round trip`);
  return parts.join(' · ');
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
