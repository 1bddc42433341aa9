import type { EngineContext } from './engine-context.js';
import { type Chunk, isSctp, type SctpBody, type SendOptions, type StreamContent } from './sctp-chunk.js';

interface AssociationHooks {
  send(body: unknown, bytes: number): void;
  connected(): void;
  received(sid: number, content: StreamContent): void;
}

/** Bytes under way at most; a larger message goes alone. Throughput is window through round trip, as in CORRECTNESS 6.10. */
const WINDOW = 262_144;
/** Retransmission: Chromium's dcsctp waits 3 s at most, which is the floor of recovery in A3. */
const RTO_MS = { first: 300, longest: 3000 } as const;
/** RFC 9260 7.2.4: so many later ones acknowledged, and a chunk is sent again at once. */
const FAST_RETRANSMIT = 3;

interface Inbound {
  nextSsn: number;
  readonly held: Map<number, StreamContent>;
}

/** One SCTP association (RFC 8831, RFC 9260) without its bytes: whole messages, each in one packet. */
export class SctpAssociation {
  state: 'new' | 'connecting' | 'connected' | 'closed' = 'new';
  readonly #context: EngineContext;
  readonly #hooks: AssociationHooks;
  readonly #queue: Chunk[] = [];
  readonly #inFlight = new Map<number, Chunk>();
  readonly #outSsn = new Map<number, number>();
  readonly #inbound = new Map<number, Inbound>();
  readonly #seen = new Set<number>();
  #resets: { tsn: number; sid: number }[] = [];
  #inFlightBytes = 0;
  #tsn = 1;
  #highestSeen = 0;
  #rto: number = RTO_MS.first;
  #smoothedRtt = 0;
  #cancelTimer: (() => void) | null = null;

  constructor(context: EngineContext, hooks: AssociationHooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  start(): void {
    if (this.state !== 'new') return;
    this.state = 'connecting';
    this.#init(RTO_MS.first);
  }

  close(): void {
    this.state = 'closed';
    this.#stopTimer();
    this.#queue.length = 0;
    this.#inFlight.clear();
  }

  send(sid: number, content: StreamContent, size: number, options: SendOptions): void {
    if (this.state === 'closed') return;
    let ssn: number | null = null;
    if (options.ordered && content.what !== 'reset') {
      ssn = this.#outSsn.get(sid) ?? 0;
      this.#outSsn.set(sid, ssn + 1);
    }
    this.#queue.push({
      tsn: this.#tsn++,
      sid,
      ssn,
      content,
      size,
      options,
      queuedAt: this.#context.now(),
      transmissions: 0,
      sentAt: 0,
      missed: 0,
    });
    this.#pump();
  }

  /** A stream that was reset on both sides counts from the beginning (RFC 6525 5.2.2). */
  forgetStream(sid: number): void {
    this.#outSsn.delete(sid);
    this.#inbound.delete(sid);
  }

  receive(body: unknown): void {
    if (!isSctp(body) || this.state === 'closed' || this.state === 'new') return;
    if (body.sctp === 'init') this.#hooks.send({ sctp: 'init-ack' } satisfies SctpBody, 60);
    // Any word of the peer proves that it took our side of the handshake for done.
    this.#connected();
    if (body.sctp === 'data') this.#receiveData(body);
    else if (body.sctp === 'ack') this.#acknowledged(body.tsn);
  }

  #init(ms: number): void {
    this.#hooks.send({ sctp: 'init' } satisfies SctpBody, 60);
    this.#cancelTimer = this.#context.quiet(() => this.#init(Math.min(ms * 2, RTO_MS.longest)), ms);
  }

  #connected(): void {
    if (this.state !== 'connecting') return;
    this.#stopTimer();
    this.state = 'connected';
    this.#hooks.connected();
    this.#pump();
  }

  #pump(): void {
    if (this.state !== 'connected') return;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (this.#inFlight.size > 0 && this.#inFlightBytes + next.size > WINDOW) return;
      this.#queue.shift();
      this.#inFlight.set(next.tsn, next);
      this.#inFlightBytes += next.size;
      this.#transmit(next);
      next.options.sent?.();
    }
  }

  #transmit(chunk: Chunk): void {
    this.#giveUp(chunk);
    chunk.transmissions += 1;
    chunk.sentAt = this.#context.now();
    const { tsn, sid, ssn, content } = chunk;
    this.#hooks.send({ sctp: 'data', tsn, sid, ssn, content } satisfies SctpBody, chunk.size + 28);
    if (!this.#cancelTimer) this.#armTimer();
  }

  /** RFC 3758 and RFC 7496: a message whose tries or time are used up is only announced as skipped. */
  #giveUp(chunk: Chunk): void {
    const { maxRetransmits, maxPacketLifeTime } = chunk.options;
    const tries = maxRetransmits !== null && chunk.transmissions > maxRetransmits;
    const late = maxPacketLifeTime !== null && this.#context.now() - chunk.queuedAt > maxPacketLifeTime;
    if (chunk.content.what === 'message' && (tries || late)) chunk.content = { what: 'skipped' };
  }

  #armTimer(): void {
    this.#cancelTimer = this.#context.quiet(() => {
      this.#cancelTimer = null;
      this.#rto = Math.min(this.#rto * 2, RTO_MS.longest);
      // RFC 9260 6.3.3: what is outstanding goes again, the earliest first.
      for (const chunk of [...this.#inFlight.values()]) this.#transmit(chunk);
    }, this.#rto);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #acknowledged(tsn: number): void {
    const chunk = this.#inFlight.get(tsn);
    if (!chunk) return;
    this.#inFlight.delete(tsn);
    this.#inFlightBytes -= chunk.size;
    // Karn: only what was sent once measures the round trip.
    if (chunk.transmissions === 1) this.#smoothedRtt = this.#smoothedRtt * 0.875 + (this.#context.now() - chunk.sentAt) * 0.125;
    this.#rto = Math.max(RTO_MS.first, this.#smoothedRtt * 2);
    this.#stopTimer();
    for (const other of [...this.#inFlight.values()]) {
      if (other.tsn > tsn) continue;
      other.missed += 1;
      if (other.missed === FAST_RETRANSMIT) this.#transmit(other);
    }
    if (this.#inFlight.size > 0 && !this.#cancelTimer) this.#armTimer();
    chunk.options.delivered?.();
    this.#pump();
  }

  #receiveData(body: Extract<SctpBody, { sctp: 'data' }>): void {
    this.#hooks.send({ sctp: 'ack', tsn: body.tsn } satisfies SctpBody, 48);
    if (body.tsn <= this.#highestSeen || this.#seen.has(body.tsn)) return;
    this.#seen.add(body.tsn);
    while (this.#seen.delete(this.#highestSeen + 1)) this.#highestSeen += 1;
    this.#deliver(body);
    // A reset waits for everything that was sent before it, ordered or not (RFC 6525 5.2.2, "sender's last assigned TSN").
    const due = this.#resets.filter(({ tsn }) => tsn <= this.#highestSeen);
    this.#resets = this.#resets.filter((reset) => !due.includes(reset));
    for (const { sid } of due) this.#hooks.received(sid, { what: 'reset' });
  }

  #deliver(body: Extract<SctpBody, { sctp: 'data' }>): void {
    if (body.content.what === 'reset') {
      this.#resets.push({ tsn: body.tsn, sid: body.sid });
      return;
    }
    if (body.ssn === null) {
      this.#hooks.received(body.sid, body.content);
      return;
    }
    let stream = this.#inbound.get(body.sid);
    if (!stream) {
      stream = { nextSsn: 0, held: new Map() };
      this.#inbound.set(body.sid, stream);
    }
    stream.held.set(body.ssn, body.content);
    for (;;) {
      const content = stream.held.get(stream.nextSsn);
      if (!content) return;
      stream.held.delete(stream.nextSsn);
      stream.nextSsn += 1;
      this.#hooks.received(body.sid, content);
    }
  }
}
