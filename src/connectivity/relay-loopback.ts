import { type Gathering, NOTHING_GATHERED, watchGathering } from './gathering.js';
import type { Step } from './run-step.js';

/** What a call to ourselves through one TURN server showed. */
export interface RelayFacts {
  readonly gathering: Gathering;
  /** Messages to ourselves and back through the relay, in milliseconds. */
  readonly pingsMs: readonly number[];
}

const PINGS = 5;

/** Gathered all there is, and no relay is among it. */
const fruitless = ({ complete, candidates }: Gathering): boolean =>
  complete && !candidates.some(({ line }) => line.includes('typ relay'));

/**
 * Calls ourselves through one TURN server: two connections that may use relayed addresses only, and messages between them.
 * An allocation alone proves little: a server behind a wrong firewall gives addresses and carries nothing.
 */
export async function relayLoopback(step: Step, server: RTCIceServer): Promise<RelayFacts> {
  const { PeerConnection } = step.platform;
  let gathering = NOTHING_GATHERED;
  const pingsMs: number[] = [];
  if (!PeerConnection || step.signal.aborted) return { gathering, pingsMs };
  const configuration: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' };
  const connections: RTCPeerConnection[] = [];
  const open = (): RTCPeerConnection => {
    const connection = new PeerConnection(configuration);
    connections.push(connection);
    return connection;
  };
  try {
    await new Promise<void>((resolve, reject) => {
      step.signal.addEventListener('abort', () => resolve(), { once: true });
      const [near, far] = [open(), open()];
      watchGathering(near, step, (seen) => {
        gathering = seen;
        if (fruitless(seen)) resolve();
      });
      watchGathering(far, step, (seen) => {
        // A quota of one allocation refuses the second.
        if (fruitless(seen)) {
          gathering = { ...gathering, errors: [...gathering.errors, ...seen.errors] };
          resolve();
        }
      });
      for (const connection of connections) {
        connection.addEventListener('connectionstatechange', () => connection.connectionState === 'failed' && resolve());
      }
      exchangePings(near, far, step, (ms) => pingsMs.push(ms) === PINGS && resolve());
      introduce(near, far).catch(reject);
    });
  } finally {
    for (const connection of connections) connection.close();
  }
  return { gathering, pingsMs };
}

/** Offer, answer and candidates, without a wire in between. */
async function introduce(near: RTCPeerConnection, far: RTCPeerConnection): Promise<void> {
  let described: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    described = resolve;
  });
  const pass = (from: RTCPeerConnection, to: RTCPeerConnection): void =>
    from.addEventListener('icecandidate', ({ candidate }) => {
      // A candidate that is refused is one path less, no more.
      if (candidate) void ready.then(() => to.addIceCandidate(candidate)).catch(() => {});
    });
  pass(near, far);
  pass(far, near);
  await near.setLocalDescription();
  if (near.localDescription) await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  if (far.localDescription) await near.setRemoteDescription(far.localDescription);
  described();
}

function exchangePings(near: RTCPeerConnection, far: RTCPeerConnection, step: Step, heard: (ms: number) => void): void {
  const side = (connection: RTCPeerConnection): RTCDataChannel =>
    connection.createDataChannel('connectivity', { negotiated: true, id: 0 });
  const [ping, echo] = [side(near), side(far)];
  let sentAt = 0;
  const send = (): void => {
    if (ping.readyState !== 'open') return;
    sentAt = step.platform.now();
    ping.send('ping');
  };
  echo.addEventListener('message', () => echo.send('echo'));
  ping.addEventListener('open', send);
  ping.addEventListener('message', () => {
    heard(step.platform.now() - sentAt);
    send();
  });
}
