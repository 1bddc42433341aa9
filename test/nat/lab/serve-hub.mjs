// The signaling server of the project, on the laboratory's public side, together with GET /ice. Ends with its parent.
import { createServer } from '../../../src/server/index.ts';

const [host, port, turn] = process.argv.slice(2);
await createServer({
  host,
  port: Number(port),
  origins: '*',
  ...(turn && { turn: JSON.parse(turn) }),
  // Every page of a run comes from the same router, and the cases follow each other fast.
  limits: {},
});
console.log('listening');
process.stdin.resume().once('close', () => process.exit());
