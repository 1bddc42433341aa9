// The signaling server of the hand-written call: everything a client says goes to the others in its room. On joining it hears how
// many are there already. A few lines, as in any tutorial. Ends with the process that started it.
import { WebSocketServer } from 'ws';

const [host, port] = process.argv.slice(2);
const rooms = new Map();

new WebSocketServer({ host, port: Number(port) }, () => console.log('listening')).on('connection', (socket, request) => {
  const others = rooms.get(request.url) ?? new Set();
  rooms.set(request.url, others);
  socket.send(JSON.stringify({ present: others.size }));
  others.add(socket);
  socket.on('message', (data) => {
    for (const other of others) if (other !== socket) other.send(String(data));
  });
  socket.on('close', () => others.delete(socket));
  socket.on('error', () => socket.terminate());
});

process.stdin.resume().once('close', () => process.exit());
