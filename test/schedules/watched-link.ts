// Takes the place of the link where the walk over every order must know when two orders came to the same.
import type { Platform } from '../../src/platform.js';
import type { Carrier } from '../../src/signaling/carrier.js';
import { Link as TrueLink } from '../../src/signaling/link.js';
import type { LinkOptions } from '../../src/signaling/link-options.js';
import type { SignalMessage } from '../../src/signaling/message.js';
import type { Labels } from './message-labels.js';

/** The acknowledgement in a label: of all that came, the highest counts. */
const ACK = / a\d+(?= )/;

/** What one link has taken in and handed up. */
export class LinkRecord {
  /** What it handed up to the session, in order, and the acts of the app in between. */
  readonly history: string[] = [];
  /** What came since the last pairing or epoch, in no order. */
  readonly came = new Set<string>();
  /** Of our messages so many of this epoch are acknowledged. */
  acked = 0;
  /** Sender, epoch and number of all numbered messages that came. */
  readonly numbers = new Set<string>();
  link: TrueLink | null = null;
  /** Epochs of messages to our very instance since the last pairing. */
  readonly confirmed = new Set<number>();
  readonly labels: Labels;
  /** How many troubles there were: only then a sign of life changes anything. */
  readonly troubles: () => number;

  constructor(labels: Labels, troubles: () => number) {
    this.labels = labels;
    this.troubles = troubles;
  }

  note(what: string): void {
    this.history.push(what);
  }

  /** Another pairing or epoch. */
  anew(): void {
    this.came.clear();
    this.acked = 0;
  }

  /** Noted once: the second sign of life in one trouble changes nothing. */
  alive(vacant: boolean): void {
    const troubles = this.troubles();
    const what = `alive ${troubles}`;
    if (vacant) this.note('alive again');
    else if (troubles > 0 && !this.history.includes(what)) this.note(what);
  }

  /** A message of this sender and epoch that comes too early is put aside, and changes nothing but that. */
  keeps(me: string, epoch: number): boolean {
    const { link } = this;
    if (!link || link.vacant || link.peer?.instance !== me || link.epoch !== epoch || this.confirmed.size === 0) return false;
    const troubles = this.troubles();
    return troubles === 0 || this.history.includes(`alive ${troubles}`);
  }

  /** @param epoch of the link, after it took the message */
  took(data: string, me: string, epoch: number): void {
    const message = JSON.parse(data) as SignalMessage;
    if (message.seq > 0) this.numbers.add(`${message.me} ${message.epoch} ${message.seq}`);
    if (message.you === me) this.confirmed.add(message.epoch);
    // Numbered words of an older epoch are void.
    if (message.seq === 0 || message.epoch >= epoch) this.came.add(this.labels.message(data).replace(ACK, ''));
    if (message.epoch === epoch && message.you === me) this.acked = Math.max(this.acked, message.ack);
  }
}

const records = new WeakMap<object, LinkRecord>();

/** What the link of the session on this platform will take in and hand up is written into `record`. */
export function watchLink(platform: Platform, record: LinkRecord): void {
  // The session copies its platform; the constructor in it is the same.
  if (platform.PeerConnection) records.set(platform.PeerConnection, record);
}

/** The link itself, overheard. */
export class Link extends TrueLink {
  readonly #record: LinkRecord | undefined;

  constructor(carrier: () => Carrier, options: LinkOptions) {
    const { PeerConnection } = options.platform;
    const record = PeerConnection && records.get(PeerConnection);
    const watched: LinkOptions = {
      ...options,
      bound: (peer, previous, settled, raised) => {
        record?.note(`bound ${peer.instance.slice(0, 4)} ${settled} ${raised}`);
        record?.anew();
        record?.confirmed.clear();
        options.bound(peer, previous, settled, raised);
      },
      epoch: (epoch) => {
        record?.note(`epoch ${epoch}`);
        record?.anew();
        options.epoch(epoch);
      },
      hear: (body) => {
        // The session does nothing with a digest.
        if (body.kind !== 'state') record?.note(record.labels.body(this?.peer?.instance ?? '', body));
        options.hear(body);
      },
      heard: () => {
        record?.alive(Boolean(this?.vacant));
        options.heard();
      },
    };
    super(carrier, watched);
    this.#record = record;
    if (record) record.link = this;
  }

  override receive(data: unknown): void {
    super.receive(data);
    if (typeof data === 'string') this.#record?.took(data, this.me, this.epoch);
  }
}
