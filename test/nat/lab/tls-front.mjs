// What stands before a signaling server in the world: something on port 443 that speaks TLS and hands on the plain bytes.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:tls';

const [host, port, targetHost, targetPort, cert, key] = process.argv.slice(2);
const front = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (outer) => {
  const inner = connect(Number(targetPort), targetHost);
  outer.pipe(inner).pipe(outer);
  for (const [one, other] of [
    [outer, inner],
    [inner, outer],
  ])
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
});
front.listen(Number(port), host, () => console.log('listening'));
process.stdin.resume().once('close', () => process.exit());
