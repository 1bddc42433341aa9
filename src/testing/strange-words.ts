import type { SignalMessage } from '../signaling/message.js';
import type { Random } from './random.js';

/** What a stranger on the same channel may say: none of it concerns the two sessions, all of it may look as if. */
export function strangeWords(random: Random, overheard: SignalMessage): unknown {
  const stranger = {
    v: 1,
    from: 'stranger',
    me: `stranger-${random.int(1, 3)}`,
    epoch: random.int(1, 3),
    seq: random.int(0, 9),
    ack: 0,
  };
  return random.pick<() => unknown>([
    () => 'not json at all {',
    () => '',
    () => JSON.stringify(null),
    () => JSON.stringify([1, 2, 3]),
    // A chat that shares the channel.
    () => ({ type: 'chat', text: 'hello' }),
    // Somebody else's WebRTC.
    () => JSON.stringify({ type: 'offer', sdp: 'v=0\r\n' }),
    () => JSON.stringify({ candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0' }),
    // Our protocol, another pair.
    () => JSON.stringify({ ...stranger, to: 'somebody-else', kind: 'hello' }),
    () => JSON.stringify({ ...stranger, to: 'somebody-else', you: 'elsewhere', kind: 'grant' }),
    () => JSON.stringify({ ...stranger, you: 'elsewhere', kind: 'state', sent: 3, reply: true }),
    () => JSON.stringify({ ...stranger, you: 'elsewhere', kind: 'bye', reason: 'closed' }),
    // Our protocol, our address, an instance that never was.
    () => JSON.stringify({ ...stranger, to: overheard.from, you: 'yesterday', kind: 'want' }),
    // A later version, a kind that nobody knows yet.
    () => JSON.stringify({ ...stranger, kind: 'dance', with: 'me' }),
  ])();
}
