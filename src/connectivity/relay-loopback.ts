import { firstOf, type Gathering, NOTHING_GATHERED, watchGathering, withConnections } from './gathering.js';
import type { Step } from './run-step.js';

/** What a call to ourselves through one TURN server showed. */
export interface RelayFacts {
  readonly gathering: Gathering;
  /** Messages to ourselves and back through the relay, in milliseconds. */
  readonly pingsMs: readonly number[];
}

const PINGS = 5;

/**
 * Calls ourselves through one TURN server: two connections that may use relayed addresses only, and messages between them.
 * An allocation alone proves little: a server behind a wrong firewall gives addresses and carries nothing.
 */
export async function relayLoopback(step: Step, server: RTCIceServer): Promise<RelayFacts> {
  let gathering = NOTHING_GATHERED;
  const pingsMs: number[] = [];
  await withConnections(step, async (open, done) => {
    const configuration: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' };
    const ends: [near: RTCPeerConnection, far: RTCPeerConnection] = [open(configuration), open(configuration)];
    ends.forEach((end, far) => {
      watchGathering(end, step, (seen) => {
        const relayed = firstOf('relay', seen);
        // The near one tells; but where there is a quota of one address, it is the far one that is refused.
        if (!far) gathering = seen;
        else if (!relayed) gathering = { ...gathering, errors: [...gathering.errors, ...seen.errors] };
        if (seen.complete && !relayed) done();
      });
      end.addEventListener('connectionstatechange', () => end.connectionState === 'failed' && done());
    });
    exchangePings(...ends, step, (ms) => pingsMs.push(ms) === PINGS && done());
    await introduce(...ends);
  });
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

function exchangePings(near: RTCPeerConnection, far: RTCPeerConnection, { platform }: Step, heard: (ms: number) => void): void {
  const [ping, echo] = [near, far].map((end) => end.createDataChannel('connectivity', { negotiated: true, id: 0 }));
  let sentAt = 0;
  const send = (): void => {
    sentAt = platform.now();
    if (ping?.readyState === 'open') ping.send('ping');
  };
  echo?.addEventListener('message', () => echo.send('echo'));
  ping?.addEventListener('open', send);
  ping?.addEventListener('message', () => {
    heard(platform.now() - sentAt);
    send();
  });
}
