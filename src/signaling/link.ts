import { isSessionError, SessionError } from '../errors.js';
import { backoffMs } from '../shared/backoff.js';
import { sparingly } from '../shared/sparingly.js';
import type { Carrier } from './carrier.js';
import { judgeSender } from './judge-sender.js';
import type { LinkOptions, Peer } from './link-options.js';
import type { NumberedBody, SignalBody, SignalMessage } from './message.js';
import { parseMessage, type UnknownMessage } from './parse-message.js';

/** How long an acknowledgement may ride on the next message before it is sent by itself. */
const ACK_MS = 150;
const FIRST_RESEND_MS = 1_000;
const MAX_RESEND_MS = 8_000;
const MAX_AHEAD = 256; // of a gap
/** A caller that does not answer so long gives way to another. */
const TENTATIVE_MS = 1_500;
/** Instances whose epoch is remembered, in case they come back. */
const MAX_KNOWN = 32;

/** One session's use of the channel: who it is paired with, order, repeats, loss. Knows nothing of what is said. */
export class Link {
  readonly #o: LinkOptions;
  readonly #carrier: () => Carrier;
  readonly #known = new Map<string, number>();
  readonly me: string;
  peer: Peer | null = null;
  /** The peer seems to be gone, or said so: another may take its place. */
  vacant: boolean | 'left' = false;
  /** Words of an earlier epoch do not show that the peer lives. */
  aliveFrom = 0;
  #called = false; // nothing is proved since our offer went to everybody: the next one may hear it, so it meets us in another epoch
  quiet = false; // our page is going away: not a word after the goodbye
  epoch = 1;
  #confirmed = false; // the peer has spoken to our very instance
  #boundAt = 0;
  #sent = 0;
  #received = 0;
  #unacked = new Map<number, NumberedBody>();
  #early: NumberedBody[] = [];
  #ahead = new Map<number, NumberedBody | null>();
  #resends = 0;
  #hellos = 0;
  #stopAck: (() => void) | null = null;
  #stopResend: (() => void) | null = null;
  #stopHello: () => void = () => {};
  readonly #warn: (error: SessionError) => void;

  constructor(carrier: () => Carrier, options: LinkOptions) {
    this.#carrier = carrier;
    this.#o = options;
    this.me = options.platform.id();
    this.#warn = sparingly(options.platform, options.warn);
  }

  /** Says a body to the peer; it is sent again until acknowledged. */
  say(body: NumberedBody): void {
    if (!this.peer) {
      // Nobody counts with us yet: now for whoever hears our hello, and numbered as soon as we are paired.
      this.#early.push(body);
      return this.tell(body);
    }
    this.#unacked.set(++this.#sent, body);
    this.#send(body, this.#sent);
    this.#armResend();
  }

  /** Says a body once, unnumbered. */
  tell(body: SignalBody, to: Peer | null = this.peer): void {
    this.#send(body, 0, to);
  }

  /** Calls into the room, now and at growing intervals, until somebody is there. */
  hello(afterMs = 0): void {
    const { platform } = this.#o;
    this.#stopHello();
    if (afterMs > 0) this.#stopHello = platform.timer(() => this.hello(), afterMs);
    else if (!this.peer || !this.#confirmed || this.vacant) {
      const offer = !this.vacant && this.#o.offer();
      this.#called ||= !!offer;
      this.#send({ kind: 'hello', ...(offer && { offer }) }, 0, null);
      // Said when the channel was not open yet, or when those who hear us now were not there.
      if (!this.peer) for (const body of this.#early) this.tell(body);
      this.hello(backoffMs(this.#hellos++, platform.random(), 1_500, 10_000));
    }
  }

  /** There is a call with the peer. */
  proved(): void {
    this.vacant = this.#called = false;
  }

  /** Stops calling. */
  hush(): void {
    this.#stopHello();
    this.#hellos = 0;
  }

  /** Exchanges digests: what each side has counted. What is missing is sent again. Also proves a round trip. */
  sync(reply = true): void {
    if (this.peer) this.tell({ kind: 'state', sent: this.#sent, reply });
  }

  /** Starts a new epoch: earlier messages are void on both sides. */
  nextEpoch(epoch: number = this.epoch + 1): void {
    this.epoch = epoch;
    this.#sent = this.#received = this.#resends = 0;
    this.#unacked.clear();
    this.#ahead.clear();
    this.#early = [];
    if (this.peer) {
      this.#known.delete(this.peer.instance);
      this.#known.set(this.peer.instance, epoch);
      if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value as string);
    }
  }

  /** Sends again what was not acknowledged, at once. @param resends how often that was tried. */
  resend(resends = 0): void {
    this.#calm();
    this.#resends = resends;
    for (const [seq, body] of this.#unacked) this.#send(body, seq);
    this.#armResend();
  }

  receive(data: unknown): void {
    let message: SignalMessage | UnknownMessage;
    try {
      message = parseMessage(data);
    } catch (error) {
      return this.#warn(isSessionError(error) ? error : new SessionError('signaling-message', 'unreadable', { cause: error }));
    }
    const { peerId, platform } = this.#o;
    const known = this.#known.has(message.me);
    const tentative = this.#confirmed ? null : platform.now() - this.#boundAt < TENTATIVE_MS ? 'new' : 'old';
    const verdict = judgeSender({ peerId, me: this.me, bound: this.peer, vacant: this.vacant, known, tentative }, message);
    const speaker = { peerId: message.from, instance: message.me };
    if (verdict === 'taken') this.#warn(new SessionError('peer-id-taken', `somebody else is "${message.from}" on this channel`));
    if (verdict === 'refuse') this.#send({ kind: 'bye', reason: 'busy' }, 0, speaker);
    const busy = verdict === 'busy' && message.kind === 'bye' && message.reason === 'busy';
    if (busy) this.#warn(new SessionError('peer-busy', `"${message.from}" is paired with somebody else`));
    if (verdict === 'bind') this.#bind(speaker, message);
    if (verdict !== 'bind' && verdict !== 'peer') return;
    const { v, from, to, me, you, epoch, seq, ack, ...body } = message;
    if (you === this.me && !this.#confirmed && epoch >= this.aliveFrom) {
      this.#confirmed = true;
      this.hush();
    }
    if (body.kind !== 'bye') {
      if (epoch >= this.aliveFrom) this.#o.heard();
      // A repeat from before it left, or it is back: what it says to a new epoch tells.
      else if (this.epoch < this.aliveFrom) this.nextEpoch(this.aliveFrom);
      // A digest or a hello of an older epoch is still a word of the peer; numbered ones and offers are void.
      if (epoch > this.epoch) {
        this.nextEpoch(epoch);
        this.#o.epoch(epoch);
      }
    }
    if (epoch === this.epoch && you === this.me) this.#acknowledge(ack);
    if (seq > 0) {
      if (epoch === this.epoch) this.#take(seq, body.kind === 'unknown' ? null : (body as NumberedBody));
    } else if (body.kind === 'state') {
      if (body.reply || epoch < this.epoch) this.resend();
      if (body.reply) this.sync(false);
      else if (body.sent > this.#received) this.#armAck();
    } else if (body.kind === 'hello') this.#o.hear(epoch === this.epoch ? body : { kind: 'hello' });
    else if (body.kind !== 'unknown') this.#o.hear(body);
  }

  #bind(speaker: Peer, message: { readonly epoch: number }): void {
    const previous = this.peer;
    this.vacant = false;
    if (previous?.instance === speaker.instance) return; // we took it for gone
    const settled = this.#confirmed;
    const early = this.#early;
    this.#confirmed = false;
    this.#boundAt = this.#o.platform.now();
    this.peer = speaker;
    const known = this.#known.get(speaker.instance);
    // What either side has said in the old epoch may have been meant for another: nobody could tell its answers from new ones.
    const raised = known !== undefined || (previous ? this.#called || !settled : message.epoch < this.epoch);
    // Our hellos told the present epoch, and an offer in it, to everybody.
    this.nextEpoch(Math.max(known ?? 1, message.epoch, raised || !previous ? this.epoch : 1) + +raised);
    // Another life of a page, and it may be the earlier one: only a word of the new epoch shows that it lives.
    this.aliveFrom = raised && previous?.peerId === speaker.peerId ? this.epoch : 0;
    this.#o.bound(speaker, previous, settled, raised);
    // Until it answers we go on calling: the caller may have been a stranger.
    this.hello(TENTATIVE_MS);
    if (!previous) for (const body of early) this.say(body);
  }

  #take(seq: number, body: NumberedBody | null): void {
    this.#armAck();
    if (seq <= this.#received || seq > this.#received + MAX_AHEAD) return;
    this.#ahead.set(seq, body);
    const { epoch } = this;
    for (let next = this.#received + 1; this.#ahead.has(next) && epoch === this.epoch; next++) {
      const due = this.#ahead.get(next);
      this.#ahead.delete(next);
      this.#received = next;
      if (due) this.#o.hear(due);
    }
  }

  #acknowledge(ack: number): void {
    for (const seq of this.#unacked.keys()) if (seq <= ack) this.#unacked.delete(seq);
    if (this.#unacked.size === 0) this.#calm();
  }

  #calm(): void {
    this.#stopResend?.();
    this.#stopResend = null;
    this.#resends = 0;
  }

  #armAck(): void {
    this.#stopAck ??= this.#o.platform.timer(() => this.sync(false), ACK_MS);
  }

  #armResend(): void {
    if (this.#stopResend || this.#unacked.size === 0) return;
    const ms = backoffMs(this.#resends++, 1, FIRST_RESEND_MS, MAX_RESEND_MS);
    this.#stopResend = this.#o.platform.timer(() => this.resend(this.#resends), ms);
  }

  #send(body: SignalBody, seq: number, to: Peer | null = this.peer): void {
    if (this.quiet) return;
    const peer = to?.instance === this.peer?.instance;
    if (peer || seq > 0) {
      this.#stopAck?.();
      this.#stopAck = null;
    }
    this.#carrier().send({
      v: 1,
      from: this.#o.peerId,
      ...(to && { to: to.peerId, you: to.instance }),
      me: this.me,
      epoch: this.epoch,
      seq,
      ack: peer ? this.#received : 0,
      ...body,
    });
  }

  close(): void {
    this.hush();
    this.#stopAck?.();
    this.#calm();
    this.#unacked.clear();
  }
}
