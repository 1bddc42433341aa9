import type { SessionError } from '../../../src/errors.js';
import type { Carrier } from '../../../src/signaling/carrier.js';
import { Link } from '../../../src/signaling/link.js';
import type { LinkOptions, Peer } from '../../../src/signaling/link-options.js';
import type { NumberedBody, OfferBody, SignalBody, SignalMessage } from '../../../src/signaling/message.js';
import type { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

/** A body that is numbered, and easy to tell from others. */
export const media = (name: string): NumberedBody => ({ kind: 'media', media: { [name]: 'on' } });
/** One side of a link over a wire that a test holds in its hands. */
export class Side {
  readonly wire: SignalMessage[] = [];
  readonly heard: SignalBody[] = [];
  readonly bound: [Peer, Peer | null][] = [];
  readonly epochs: number[] = [];
  readonly warnings: string[] = [];
  readonly link: Link;
  firstOffer: OfferBody | undefined;
  onHear: (body: SignalBody) => void = () => {};

  constructor(peerId: string, clock: Clock, instance: string) {
    const options: LinkOptions = {
      peerId,
      platform: fakePlatform(clock, { id: () => instance }),
      bound: (peer, previous) => this.bound.push([peer, previous]),
      hear: (body) => {
        this.heard.push(body);
        this.onHear(body);
      },
      epoch: (epoch) => this.epochs.push(epoch),
      heard: () => {},
      offer: () => this.firstOffer,
      warn: ({ code }: SessionError) => this.warnings.push(code),
    };
    const carrier: Pick<Carrier, 'send'> = { send: (message) => void this.wire.push(message) };
    this.link = new Link(() => carrier as Carrier, options);
  }

  /** Takes what was sent since the last call. */
  sent(): SignalMessage[] {
    return this.wire.splice(0);
  }

  media(): string[] {
    return this.heard.flatMap((body) => (body.kind === 'media' ? Object.keys(body.media) : []));
  }
}

/** Carries everything until nobody has anything to say; `drop` loses what it returns true for. */
export function carryBetween(a: Side, b: Side, drop: (message: SignalMessage) => boolean = () => false): void {
  while (a.wire.length + b.wire.length > 0) {
    for (const message of a.sent()) if (!drop(message)) b.link.receive(message);
    for (const message of b.sent()) if (!drop(message)) a.link.receive(message);
  }
}

/** Pairs two sides, and forgets what they heard of it. */
export async function pairUp(a: Side, b: Side, clock: Clock): Promise<void> {
  a.link.hello();
  await clock.advance(0);
  carryBetween(a, b);
  b.link.say({ kind: 'want' });
  carryBetween(a, b);
  await clock.advance(200);
  carryBetween(a, b);
  a.heard.splice(0);
  b.heard.splice(0);
}
