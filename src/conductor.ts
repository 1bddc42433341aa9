import { Epochs } from './epochs.js';
import { SessionError } from './errors.js';
import type { PageEvent } from './platform.js';
import type { Parts } from './session-parts.js';
import { isOver } from './session-state.js';
import { Carrier } from './signaling/carrier.js';
import { Link } from './signaling/link.js';
import type { Peer } from './signaling/link-options.js';
import type { NumberedBody, SignalBody } from './signaling/message.js';

/**
 * A peer that we cannot reach so long, though the channel is open, has lost its place: a reloaded page may come under another id.
 * Short where its transports ended, long where only the path is silent.
 */
const VACANT_MS = 1_500;
const VACANT_SILENT_MS = 8_000;
/** A path and a channel that went silent together: the channel is taken for dead, too. */
const DEAF_MS = 500;
/** Whoever was refused calls again after this time at the earliest. */
const BUSY_MS = 1_500;
/** How long a newcomer that presence tells of may take to call us. */
const CALL_MS = 400;

/** Who the peer is: finds it, pairs with it, notices that it left or came back. */
export class Conductor {
  readonly #o: Parts;
  readonly link: Link;
  readonly carrier: Carrier;
  readonly epochs: Epochs;
  #presence: readonly string[] | null = null;
  /** The channel was renewed so often since the last word of the peer: once when it fell silent, once when the path came back. */
  #renewals = 0;
  #stopCall = (): void => {};

  constructor(parts: Parts) {
    this.#o = parts;
    const { platform, peerId, transport, warn } = parts;
    this.link = new Link(() => this.carrier, {
      peerId,
      platform,
      bound: (peer, previous, settled, raised) => this.#bound(peer, previous, settled, raised),
      hear: (body) => this.#hear(body),
      epoch: () => this.epochs.superseded('peer-rebuilt'),
      heard: () => this.#heard(),
      offer: () => this.epochs.connection?.firstOffer,
      warn,
    });
    this.carrier = new Carrier({
      transport,
      peerId,
      platform,
      receive: (data) => this.link.receive(data),
      peers: (present) => this.#peers(present),
      opened: (first) => {
        // An offer was made ahead. Nobody hears it; or it is from before an attempt that failed, and knows nothing of the network we are in now.
        if (first && (this.#presence?.length === 0 || this.carrier.lastError)) this.epochs.withdraw();
        parts.timeline.add('signaling', 'channel open', transport.name);
        this.epochs.path.recovery.again();
        this.#look();
      },
      turned: () => parts.emit('signalingchange', { signaling: this.carrier.status }),
      warn,
      refused: (error) => {
        // A call goes on without a server. Whether it is worth waiting for one, should the path break, is up to the policy.
        const goesOn = parts.facts().everProved && error.code === 'signaling-refused';
        if (goesOn) warn(error);
        else parts.fail(error);
        return goesOn;
      },
    });
    this.epochs = new Epochs(parts, this.link, { missing: (ms) => this.#missing(ms), needed: () => this.#renew(2) });
  }

  /** Local media and ICE servers are there: offers may be made. */
  ready(): void {
    if (this.carrier.open && !this.link.peer) this.#look();
    // While the channel opens the offer can be made, in case that somebody is there.
    else this.epochs.connect(true);
  }

  restart(): void {
    if (!this.epochs.connection) return;
    this.epochs.path.recovery.trouble('requested');
    this.epochs.path.recovery.reachable();
  }

  /** Says what we send. */
  tellMedia(): void {
    if (this.link.peer && this.epochs.connection) this.link.say({ kind: 'media', media: this.#o.media.states });
  }

  /** The peer said goodbye, by whichever way. */
  bye(reason: string): void {
    const { peer, vacant } = this.link;
    const { warn, facts, timeline, closed, fail } = this.#o;
    if (!peer) return;
    timeline.add('signaling', 'bye', reason);
    // The second way.
    if (vacant === 'left' && reason === 'unload') return;
    if (reason === 'busy') {
      if (vacant) return;
      warn(new SessionError('peer-busy', `"${peer.peerId}" is paired with somebody else`));
    } else if (reason !== 'unload') {
      // What keeps the peer from us keeps us from the peer, and we have our own evidence.
      const failure = reason === 'failed' && !facts().everProved ? this.epochs.failure : undefined;
      return failure ? fail(failure) : closed(reason);
    }
    this.#left(peer, reason === 'busy' ? BUSY_MS : 0);
    // Should it still hold a connection for us, the new epoch tells it that ours is gone.
    if (reason === 'busy') this.link.nextEpoch();
  }

  #left({ peerId }: Peer, callMs = 0): void {
    const { emit, remote, facts } = this.#o;
    const { link, epochs } = this;
    link.vacant = 'left';
    link.aliveFrom = link.epoch + 1;
    epochs.drop();
    if (facts().everProved) epochs.path.recovery.trouble('peer-left', true);
    remote.clear();
    emit('peerchange', { peerId, change: 'left' });
    link.hello(callMs);
  }

  page(event: PageEvent): void {
    if (event === 'pagehide') {
      this.sayBye('unload');
      this.link.quiet = true;
    } else if (!/^(hidden|freeze|offline)$/.test(event)) {
      this.link.quiet = false;
      if (this.carrier.open) this.link.sync();
      else this.carrier.kick();
      this.epochs.path.probe();
    }
  }

  sayBye(reason: string): void {
    this.#o.channels.bye(reason);
    const { peer, vacant } = this.link;
    // The last word is for everybody where there is nobody for certain: the first word of one who has paired with us may be on its way.
    const last = reason !== 'unload';
    if (peer || last) this.link.tell({ kind: 'bye', reason }, last && vacant ? null : peer);
  }

  hold(held: boolean): void {
    if (!held) this.carrier.kick();
    if (!isOver(this.#o.facts())) this.epochs.path.hold(held);
  }

  close(): void {
    this.#stopCall();
    this.link.close();
    this.carrier.close();
    this.epochs.close();
  }

  /** The channel is open, and maybe we are ready: picks up with the peer, or looks for one. */
  #look(): void {
    const { link, epochs } = this;
    if (link.peer) {
      link.resend();
      link.sync();
    }
    if (link.vacant) link.hello();
    // Where somebody waits, or may wait, the first offer goes with the first word; where nobody does, we wait for the newcomer's.
    else if (!link.peer && this.#presence?.length !== 0) {
      if (epochs.connection?.firstOffer) link.hello();
      epochs.connect(true);
    }
  }

  #peers(present: readonly string[]): void {
    const { link, epochs, carrier } = this;
    const first = this.#presence === null;
    this.#presence = present;
    if (link.peer && !present.includes(link.peer.peerId) && epochs.path.recovery.reason) link.vacant ||= true;
    if (first || present.length === 0) return;
    if (link.vacant) link.hello(CALL_MS);
    else if (!link.peer) {
      this.#stopCall();
      this.#stopCall = this.#o.platform.timer(() => {
        if (!link.peer && carrier.open) this.#look();
      }, CALL_MS);
    }
  }

  #bound(peer: Peer, previous: Peer | null, settled: boolean, raised: boolean): void {
    const { timeline, emit } = this.#o;
    const change = previous && settled ? 'restarted' : 'joined';
    timeline.add('signaling', `peer ${change}`, peer.peerId);
    if (previous) this.epochs.superseded('peer-restarted');
    emit('peerchange', { peerId: peer.peerId, change });
    // An instance that we knew meets us in an epoch that it does not know: the first offer of it is ours.
    if (raised) this.#offer();
  }

  #heard(): void {
    const { link, epochs } = this;
    this.#renewals = 0;
    epochs.path.recovery.reachable();
    const wasVacant = link.vacant;
    link.vacant = false;
    if (!wasVacant || epochs.connection || this.#o.facts().everProved) return;
    // Whom we took for gone before there was a call: neither has a connection that the other knows.
    link.nextEpoch();
    epochs.connect(true);
  }

  #hear(body: SignalBody): void {
    const { epochs } = this;
    if (isOver(this.#o.facts())) return;
    if (body.kind === 'bye') return this.bye(body.reason);
    // Digests stay with the link.
    if (body.kind !== 'hello') return epochs.hear(body as NumberedBody);
    if (body.offer) return epochs.hear(body.offer, true);
    // A call without an offer: it is ours to offer.
    this.#offer();
  }

  /** Says our first offer: the one that nobody has answered yet, or that of a new connection. */
  #offer(): void {
    const { epochs, link } = this;
    if (epochs.connection?.firstOffer) link.say(epochs.connection.firstOffer);
    else epochs.connect(true);
  }

  #renew(max: number): void {
    if (this.#renewals >= max) return;
    this.#renewals = max;
    this.carrier.renew();
  }

  #missing(ms: number): void {
    const { link, epochs, carrier } = this;
    if (ms >= DEAF_MS && !link.vacant) this.#renew(1);
    const limitMs = epochs.path.recovery.reason === 'transport-closed' ? VACANT_MS : VACANT_SILENT_MS;
    if (!carrier.open || ms < limitMs || link.vacant) return;
    // A page that is gone whose goodbye was lost: Firefox drops some of those of a closed tab.
    if (link.peer && epochs.ended && !this.#presence?.includes(link.peer.peerId)) return this.#left(link.peer);
    link.vacant = true;
    link.hello();
  }
}
