// The signaling server that PeerJS brings, as its README starts it. Ends with the process that started it.
import { PeerServer } from 'peer';

const [host, port] = process.argv.slice(2);
PeerServer({ host, port: Number(port), path: '/' }, () => console.log('listening'));

process.stdin.resume().once('close', () => process.exit());
