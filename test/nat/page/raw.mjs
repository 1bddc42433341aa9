// The same call by hand: perfect negotiation over a WebSocket, with a restart when the browser says that the path is gone. It is
// written as well as the specification's example and MDN's advice go, and is what ours is measured against.
import { routeOf } from './raw-route.mjs';

export function startCall({ url, room, iceServers, iceTransportPolicy, stream, probe }) {
  const me = Math.random().toString(36).slice(2);
  const log = [];
  const unsent = [];
  let socket;
  let pc;
  let them = null;
  let polite = true;
  let makingOffer = false;
  let ignoreOffer = false;
  let closed = false;
  let resolve;
  const connected = new Promise((r) => {
    resolve = r;
  });
  const note = (what) => log.push({ at: Date.now(), what });

  function openSocket() {
    socket = new WebSocket(`${url}/${room}`);
    socket.onopen = () => unsent.splice(0).forEach((text) => socket.send(text));
    socket.onclose = () => {
      note('signaling closed');
      // As such code does: it tries again twice a second while the server is away.
      if (!closed) setTimeout(openSocket, 500);
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if ('present' in message) {
        // The newcomer offers, at once; whoever waits answers.
        if (message.present > 0 && !pc) {
          polite = false;
          openConnection();
        }
      } else queue = queue.then(() => receive(message)).catch((error) => note(`failed: ${error.message}`));
    };
  }
  let queue = Promise.resolve();

  const say = (body) => {
    const text = JSON.stringify({ from: me, ...body });
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else unsent.push(text);
  };

  function openConnection() {
    pc?.close();
    const mine = new RTCPeerConnection({ iceServers, iceTransportPolicy });
    pc = mine;
    mine.onicecandidate = ({ candidate }) => say({ candidate });
    mine.onicecandidateerror = ({ url: server, errorCode, errorText }) =>
      note(`icecandidateerror ${server} ${errorCode} ${errorText}`);
    mine.ontrack = ({ streams }) => probe.show(streams[0]);
    mine.onnegotiationneeded = async () => {
      try {
        makingOffer = true;
        await mine.setLocalDescription();
        say({ description: mine.localDescription });
      } catch (error) {
        note(`offer failed: ${error.message}`);
      } finally {
        makingOffer = false;
      }
    };
    mine.oniceconnectionstatechange = () => note(`ice ${mine.iceConnectionState}`);
    mine.onconnectionstatechange = () => {
      note(mine.connectionState);
      if (mine.connectionState === 'connected') resolve();
      if (mine.connectionState === 'disconnected' || mine.connectionState === 'failed') mine.restartIce();
    };
    const channel = mine.createDataChannel('count', { negotiated: true, id: 0 });
    channel.onopen = () => probe.sendWith((text) => channel.send(text));
    channel.onclose = () => note('channel closed');
    channel.onmessage = ({ data }) => probe.receive(data);
    for (const track of stream?.getTracks() ?? []) mine.addTrack(track, stream);
  }

  async function receive({ from, description, candidate }) {
    if (from !== them) {
      // Another life of the other page: its old connection is of no use.
      them = from;
      if (pc && description?.type === 'offer' && pc.remoteDescription) openConnection();
    }
    if (description) {
      if (!pc) openConnection();
      const collision = description.type === 'offer' && (makingOffer || pc.signalingState !== 'stable');
      ignoreOffer = !polite && collision;
      if (ignoreOffer) return;
      await pc.setRemoteDescription(description);
      if (description.type === 'offer') {
        await pc.setLocalDescription();
        say({ description: pc.localDescription });
      }
    } else if (pc) {
      await pc.addIceCandidate(candidate ?? undefined).catch((error) => {
        if (!ignoreOffer) throw error;
      });
    }
  }

  openSocket();
  return {
    connected,
    connection: () => pc,
    report: async () => ({ route: await routeOf(pc), log }),
    close() {
      closed = true;
      socket.close();
      pc?.close();
    },
  };
}
