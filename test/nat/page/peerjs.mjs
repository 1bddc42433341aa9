// The same call by PeerJS 1.5.5 with its own PeerServer, as its README tells: a known id for each side, `peer.call` for the media and
// `peer.connect` for the messages (two connections), answered by the other. What its users write for reconnection is this:
// `peer.reconnect()` on `disconnected`, and when a connection closes, the side that called hangs up and calls again. A call that is
// not there after ten seconds is given up and made again.
import { Peer } from 'peerjs';
import { routeOf } from './raw-route.mjs';

const CONNECT_MS = 10_000;
const AGAIN_MS = 500;

export function startCall({ url, room, first, iceServers, iceTransportPolicy, stream, probe }) {
  const { hostname, port, protocol } = new URL(url);
  const [me, them] = first ? [`${room}-a`, `${room}-b`] : [`${room}-b`, `${room}-a`];
  const log = [];
  let media;
  let data;
  let timer;
  let closed = false;
  let resolve;
  const connected = new Promise((r) => {
    resolve = r;
  });
  const note = (what) => log.push({ at: Date.now(), what });

  const peer = new Peer(me, {
    host: hostname,
    port: Number(port) || 443,
    path: '/',
    secure: protocol === 'wss:',
    config: { iceServers, iceTransportPolicy },
  });
  peer.on('open', () => {
    note('signaling open');
    if (!first && !data?.open) dial();
  });
  peer.on('disconnected', () => {
    note('signaling closed');
    setTimeout(() => !closed && peer.disconnected && peer.reconnect(), AGAIN_MS);
  });
  peer.on('call', (incoming) => {
    const before = media;
    adoptMedia(incoming);
    before?.close();
    incoming.answer(stream);
  });
  peer.on('connection', (incoming) => {
    const before = data;
    adoptData(incoming);
    before?.close();
  });
  peer.on('error', (error) => {
    note(`${error.type}: ${error.message}`);
    // They are not there (yet), or we have lost the server.
    if (!first && error.type === 'peer-unavailable') dialLater(AGAIN_MS);
  });

  function dial() {
    hangUp();
    if (peer.open) {
      adoptMedia(peer.call(them, stream));
      adoptData(peer.connect(them, { reliable: true }));
    }
    dialLater(CONNECT_MS);
  }

  /** Unless it is there by then. */
  function dialLater(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => !closed && !data?.open && dial(), ms);
  }

  function hangUp() {
    const [one, other] = [media, data];
    media = undefined;
    data = undefined;
    one?.close();
    other?.close();
  }

  function adoptMedia(connection) {
    media = connection;
    connection.on('stream', (theirs) => probe.show(theirs));
    connection.on('iceStateChanged', (state) => note(`media ice ${state}`));
    connection.on('close', () => lost('media', connection === media));
    connection.on('error', (error) => note(`media ${error.type}: ${error.message}`));
  }

  function adoptData(connection) {
    data = connection;
    connection.on('open', () => {
      note('connected');
      resolve();
      probe.sendWith((text) => connection.send(text));
    });
    connection.on('data', (text) => probe.receive(text));
    connection.on('iceStateChanged', (state) => note(`data ice ${state}`));
    connection.on('close', () => lost('data', connection === data));
    // A message that is sent while there is no connection is told here, not by send(); one note for each would drown the others.
    connection.on('error', ({ type, message }) => type !== 'not-open-yet' && note(`data ${type}: ${message}`));
  }

  function lost(what, current) {
    if (!current || closed) return;
    note(`${what} closed`);
    // Whoever was called waits for the next call.
    if (first) return;
    hangUp();
    dialLater(AGAIN_MS);
  }

  return {
    connected,
    connection: () => media?.peerConnection,
    report: async () => ({ route: media?.peerConnection && (await routeOf(media.peerConnection)), log }),
    close() {
      closed = true;
      clearTimeout(timer);
      peer.destroy();
    },
  };
}
