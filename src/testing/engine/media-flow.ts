import type { RtpFlow } from './dtls-transport.js';
import type { EngineContext } from './engine-context.js';
import type { PeerState } from './peer-state.js';
import { receives, sends } from './sdp.js';
import type { FakeTransceiver } from './transceiver.js';

/** One packet of the fake stands for so much media. */
const TICK_MS = 250;
/** Bytes in one tick. A disabled track still sends: silence, black frames (mediacapture-main 4.3.1, CORRECTNESS 5.5). */
const RATES = {
  audio: { on: 1000, off: 1000, packets: 12 },
  video: { on: 15_000, off: 1500, packets: 15 },
} as const;

/** Sends what live tracks produce, while something flows. */
export class MediaFlow {
  readonly #context: EngineContext;
  readonly #state: PeerState;
  readonly #send: (flows: readonly RtpFlow[], bytes: number) => void;
  #cancel: (() => void) | null = null;

  constructor(context: EngineContext, state: PeerState, send: (flows: readonly RtpFlow[], bytes: number) => void) {
    this.#context = context;
    this.#state = state;
    this.#send = send;
  }

  /** Something changed: looks again. `ready`: DTLS is connected. */
  kick(ready: boolean): void {
    if (ready && !this.#cancel) this.#tick();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  receive(flows: readonly RtpFlow[]): void {
    for (const flow of flows) {
      const t = this.#state.transceivers.find((other) => other.associatedMid === flow.mid);
      if (!t || !receives(t.current) || t.stopping) continue;
      t.receiver.bytesReceived += flow.bytes;
      t.receiver.packetsReceived += flow.packets;
      // webrtc-pc 5.3: a remote track is muted until packets arrive.
      if (t.receiver.track.muted) this.#context.task(() => this.#unmute(t));
    }
  }

  #unmute(t: FakeTransceiver): void {
    if (!this.#state.closed && receives(t.current)) t.receiver.track.setMuted(false);
  }

  #tick(): void {
    this.#cancel = null;
    const flows = this.#state.transceivers.filter((t) => sends(t.current) && !t.stopping && t.sender.flowing).map(flowOf);
    if (flows.length === 0) return;
    this.#send(
      flows,
      flows.reduce((sum, flow) => sum + flow.bytes, 0),
    );
    this.#cancel = this.#context.quiet(() => this.#tick(), TICK_MS);
  }
}

function flowOf(t: FakeTransceiver): RtpFlow {
  const rate = RATES[t.kind];
  const bytes = t.sender.track?.enabled === false ? rate.off : rate.on;
  t.sender.bytesSent += bytes;
  t.sender.packetsSent += rate.packets;
  return { mid: t.associatedMid ?? '', ssrc: t.sender.ssrc, bytes, packets: rate.packets };
}
