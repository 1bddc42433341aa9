// What trystero's standard strategy needs of a Nostr relay (NIP-01): subscriptions by kind and topic, events handed on to them and
// acknowledged. All its events are of the kinds that a relay does not store. Signatures are not looked at; clients of the laboratory
// do not lie. Ends with the process that started it.
import { WebSocketServer } from 'ws';

const [host, port] = process.argv.slice(2);
const clients = new Map(); // socket -> id of a subscription -> its filters

new WebSocketServer({ host, port: Number(port) }, () => console.log('listening')).on('connection', (socket) => {
  const subscriptions = new Map();
  clients.set(socket, subscriptions);
  const say = (to, ...message) => to.send(JSON.stringify(message));
  socket.on('message', (data) => {
    const [type, first, ...filters] = JSON.parse(String(data));
    if (type === 'REQ') {
      subscriptions.set(first, filters);
      say(socket, 'EOSE', first);
    } else if (type === 'CLOSE') subscriptions.delete(first);
    else if (type === 'EVENT') {
      say(socket, 'OK', first.id, true, '');
      for (const [other, theirs] of clients)
        for (const [id, wanted] of theirs) if (wanted.some((filter) => matches(filter, first))) say(other, 'EVENT', id, first);
    }
  });
  socket.on('close', () => clients.delete(socket));
  socket.on('error', () => socket.terminate());
});

function matches({ kinds, since, '#x': topics }, event) {
  const hasTopic = ([name, value]) => name === 'x' && topics.includes(value);
  return (
    (!kinds || kinds.includes(event.kind)) && (!since || event.created_at >= since) && (!topics || event.tags.some(hasTopic))
  );
}

process.stdin.resume().once('close', () => process.exit());
