// @ts-check
// What the address of the page asks for, and the link that brings the other side here.

const KEY = 'peer-session-demo-room';
const ADJECTIVES = 'amber calm clear early gentle golden green kind late light mild quiet silver slow soft still warm wide'.split(
  ' ',
);
const NOUNS = 'birch brook cedar cloud dune fern field harbor heron lake maple meadow moon otter pine river shore willow'.split(
  ' ',
);

/** @returns {URLSearchParams} */
const asked = () => new URLSearchParams(location.search);

/** @param {readonly string[]} words */
const oneOf = (words) => words[Math.floor(Math.random() * words.length)] ?? '';

/** @returns {string} a room that nobody is likely to be in */
function freshName() {
  const digits = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
  return `${oneOf(ADJECTIVES)}-${oneOf(NOUNS)}-${String(digits % 10_000).padStart(4, '0')}`;
}

/** @returns {string | null} */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is switched off: then only the link leads to the same room.
  }
}

/** @param {string} room */
function remember(room) {
  try {
    localStorage.setItem(KEY, room);
  } catch {
    // As above.
  }
}

/**
 * The room of this page, written into the address so that a reload and a copied address lead back to it. The bare address
 * opened in a second tab leads to the room of the first: no link has to be copied to try it.
 *
 * @returns {{ room: string, chosen: boolean }} `chosen`: the address named the room, so it must not be changed
 */
export function enterRoom() {
  const named = asked().get('room')?.trim().slice(0, 64);
  const room = named || remembered() || freshName();
  if (!named) remember(room);
  writeRoom(room);
  return { room, chosen: Boolean(named) };
}

/** Leaves for a room of its own. @returns {string} */
export function newRoom() {
  const room = freshName();
  remember(room);
  writeRoom(room);
  return room;
}

/** @param {string} room */
function writeRoom(room) {
  const url = new URL(location.href);
  url.searchParams.set('room', room);
  history.replaceState(null, '', url);
}

/** The link for the other side: only the room, not how this side wants its camera. @param {string} room */
export function linkTo(room) {
  const url = new URL(location.pathname, location.href);
  url.searchParams.set('room', room);
  return url.href;
}

/** `?camera=drawn`: the test picture and the tone are wanted even where there is a camera. */
export const wantsDrawn = () => asked().get('camera') === 'drawn';

/** `?policy=relay`: everything through TURN. @returns {RTCIceTransportPolicy} */
export const icePolicy = () => (asked().get('policy') === 'relay' ? 'relay' : 'all');

/**
 * `?stun=stun:host:port`, `?turn=turn:host:port&username=u&credential=c` name the servers; else the server that served this
 * page tells them, with credentials made for this visit.
 *
 * @param {{ signal: AbortSignal }} context
 * @returns {Promise<RTCIceServer[] | { iceServers: RTCIceServer[], expiresAt?: number }>}
 */
export async function iceServers({ signal }) {
  const query = asked();
  const stun = query.getAll('stun').map((urls) => ({ urls }));
  const turn = query.getAll('turn').map((urls) => ({
    urls,
    username: query.get('username') ?? '',
    credential: query.get('credential') ?? '',
  }));
  if (stun.length + turn.length > 0) return [...stun, ...turn];
  const answer = await askServer(signal);
  if (answer.status === 404) return [];
  if (!answer.ok) throw new Error(`GET /ice answered ${answer.status}`);
  return answer.json();
}

/**
 * The server may be starting anew at this moment: it is asked again until the session has had enough.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<Response>}
 */
async function askServer(signal) {
  const until = performance.now() + 9000; // A session waits 10 s for its ICE servers.
  for (;;) {
    try {
      return await fetch('/ice', { signal });
    } catch (error) {
      if (signal.aborted || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
