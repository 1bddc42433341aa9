// The same call by simple-peer 9.11.1, as its README tells: `signal` to the other side, `connect`, `data`, `stream`. It has no
// signaling and no reconnection of its own; what its users write around it is this: a WebSocket to a relay (the one of the
// hand-written call); after `close` both join the room again by a new socket, since the old one may be dead without knowing it, and
// the side that called makes a new Peer. Each Peer has an id, so that signals of an earlier one are not given to the next. A Peer
// that has not connected after ten seconds is given up: simple-peer itself would wait for ever.
import SimplePeer from 'simple-peer/simplepeer.min.js';
import { routeOf } from './raw-route.mjs';

const CONNECT_MS = 10_000;
const AGAIN_MS = 500;

export function startCall({ url, room, iceServers, iceTransportPolicy, stream, probe }) {
  const log = [];
  const unsent = [];
  let socket;
  let peer;
  let caller = false;
  let closed = false;
  let resolve;
  const connected = new Promise((r) => {
    resolve = r;
  });
  const note = (what) => log.push({ at: Date.now(), what });

  function openSocket() {
    socket = new WebSocket(`${url}/${room}`);
    socket.onopen = () => {
      unsent.splice(0).forEach((text) => socket.send(text));
      if (peer?.destroyed && !caller) say({ here: true });
    };
    socket.onclose = () => {
      note('signaling closed');
      if (!closed) setTimeout(openSocket, AGAIN_MS);
    };
    socket.onmessage = ({ data }) => {
      const { present, here, id, signal } = JSON.parse(data);
      // The newcomer calls at first, later the side that has called.
      if ((present > 0 && !peer) || (here && caller && !peer.connected)) call();
      else if (signal) receive(id, signal);
    };
  }

  function joinAgain() {
    socket.onclose = null;
    socket.close();
    openSocket();
  }

  const say = (message) => {
    const text = JSON.stringify(message);
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else unsent.push(text);
  };

  function call() {
    caller = true;
    createPeer(Math.random().toString(36).slice(2));
  }

  function receive(id, signal) {
    if (id !== peer?.id) {
      if (signal.type !== 'offer') return; // Of a Peer that is gone.
      caller = false;
      createPeer(id);
    }
    peer.signal(signal);
  }

  function createPeer(id) {
    const before = peer;
    const mine = new SimplePeer({ initiator: caller, stream: stream ?? false, config: { iceServers, iceTransportPolicy } });
    mine.id = id;
    peer = mine;
    before?.destroy();
    const late = setTimeout(() => mine.destroy(), CONNECT_MS);
    mine.on('signal', (signal) => say({ id, signal }));
    mine.on('iceStateChange', (state) => note(`ice ${state}`));
    mine.on('connect', () => {
      clearTimeout(late);
      note('connected');
      resolve();
      probe.sendWith((text) => mine.send(text));
    });
    mine.on('data', (data) => probe.receive(String(data)));
    mine.on('stream', (theirs) => probe.show(theirs));
    mine.on('error', (error) => note(`${error.code}: ${error.message}`));
    mine.on('close', () => {
      clearTimeout(late);
      note('closed');
      setTimeout(() => {
        if (mine !== peer || closed) return;
        joinAgain();
        if (caller) call();
      }, AGAIN_MS);
    });
  }

  openSocket();
  return {
    connected,
    connection: () => peer?._pc,
    report: async () => ({ route: peer?._pc && (await routeOf(peer._pc)), log }),
    close() {
      closed = true;
      socket.close();
      peer?.destroy();
    },
  };
}
