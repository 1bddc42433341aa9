// The same call by trystero 0.25.4, as its README tells: a room, `onPeerJoin` adds the stream, `onPeerStream` shows theirs, an action
// for the messages. It finds the peer again by itself, so there is nothing around it. Its standard strategy (Nostr) is used, with one
// relay of the laboratory in the place of the five public ones; its own key for the room and its own timers.
import { joinRoom } from 'trystero';
import { routeOf } from './raw-route.mjs';

export function startCall({ url, room: name, iceServers, iceTransportPolicy, stream, probe }) {
  const log = [];
  const note = (what) => log.push({ at: Date.now(), what });
  let resolve;
  const connected = new Promise((r) => {
    resolve = r;
  });
  const room = joinRoom(
    { appId: 'laboratory', relayConfig: { urls: [url] }, rtcConfig: { iceServers, iceTransportPolicy } },
    name,
    { onJoinError: ({ error }) => note(`join failed: ${error}`) },
  );
  const count = room.makeAction('count');
  count.onMessage = (text) => probe.receive(text);
  room.onPeerJoin = (id) => {
    note('connected');
    resolve();
    if (stream) Promise.all(room.addStream(stream, { target: id })).catch((error) => note(`stream not sent: ${error.message}`));
    probe.sendWith((text) => count.send(text));
  };
  room.onPeerLeave = () => note('left');
  room.onPeerStream = (theirs) => probe.show(theirs);
  const connection = () => Object.values(room.getPeers())[0];
  return {
    connected,
    connection,
    report: async () => ({ route: connection() && (await routeOf(connection())), log }),
    close: () => room.leave(),
  };
}
