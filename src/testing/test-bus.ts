import type { SignalMessage } from '../signaling/message.js';
import type { SignalingChannel, SignalingContext, SignalingTransport } from '../signaling/transport.js';
import { clockOf, type VirtualClock } from './clock.js';
import { createRandom } from './random.js';
import { strangeWords } from './strange-words.js';

/** What a bus does to messages. Shares are from 0 to 1. All may be changed at any time. */
export interface BusFaults {
  /** Share of messages that vanish although `send` said yes. */
  loss: number;
  /** Share that arrives twice, the second time up to five times later. */
  repeat: number;
  /** From sending to arriving, in milliseconds: drawn between the two. Apart enough, messages overtake each other. */
  delayMs: readonly [shortest: number, longest: number];
  /** Share that comes back to its sender as well. */
  echo: number;
  /** Share after which a stranger says something to everybody: noise, foreign protocols, messages for others. */
  stranger: number;
}

/** How a bus is made. */
export interface TestBusOptions {
  /** The clock by which messages travel. */
  readonly clock: VirtualClock;
  /** @defaultValue `1` */
  readonly seed?: number;
  /** @defaultValue none, each message takes 1 ms */
  readonly faults?: Partial<BusFaults>;
  /** Tells who is there, as a server does. @defaultValue `false` */
  readonly presence?: boolean;
  /** Until `connect` settles, in milliseconds. @defaultValue `1` */
  readonly openMs?: number;
}

/** One message as it was sent. */
export interface SentMessage {
  /** When, by the virtual clock. */
  readonly atMs: number;
  /** The peer id of the sender. */
  readonly from: string;
  /** The message as it was sent. */
  readonly message: SignalMessage;
}

/** A signaling server in a box, for tests. */
export interface TestBus {
  /** Hand it to each `createSession`. */
  readonly transport: SignalingTransport;
  /** What it does to messages at the moment. */
  readonly faults: BusFaults;
  /** Everything that was sent, in order. */
  readonly sent: readonly SentMessage[];
  /** Who is connected at the moment. */
  readonly present: readonly string[];
  /** Open channels, those included that were lost and not closed. */
  readonly channels: number;
  /** The carrier of this peer, or of all, goes down: lost now, refused until `restore`. What is on its way is lost. */
  cut(peerId?: string): void;
  /** The carrier can be opened again. */
  restore(peerId?: string): void;
  /** The page of this peer is gone without a word: its channel closes, it hears nothing any more. */
  vanish(peerId: string): void;
  /** Messages for this peer wait until `release`: its page is suspended. */
  hold(peerId: string): void;
  /** Delivers what is held back. */
  release(peerId: string): void;
  /** Gives something to this peer, or to all, as if it came off the wire. */
  inject(data: unknown, peerId?: string): void;
}

interface Member {
  readonly context: SignalingContext;
  readonly lane: object;
  open: boolean;
  /** What waits while the page is suspended. */
  held: (() => void)[] | null;
}

/**
 * Makes a bus over which sessions in one process find each other, with the faults of real ones, the same for each run of a seed.
 *
 * @example
 * ```ts
 * import { createTestBus, createVirtualClock } from 'peer-session/testing';
 *
 * const clock = createVirtualClock();
 * const bus = createTestBus({ clock, seed: 7, faults: { loss: 0.05, repeat: 0.1, delayMs: [0, 200] } });
 * console.log(bus.transport.name);
 * ```
 */
export function createTestBus(options: TestBusOptions): TestBus {
  const clock = clockOf(options.clock);
  const { presence = false, openMs = 1 } = options;
  const random = createRandom(options.seed ?? 1).fork('bus');
  const faults: BusFaults = { loss: 0, repeat: 0, delayMs: [1, 1], echo: 0, stranger: 0, ...options.faults };
  const members = new Set<Member>();
  /** Those whose `connect` has not settled. */
  const opening = new Set<Member>();
  const down = new Set<string>();
  const sent: SentMessage[] = [];
  let allDown = false;

  const isDown = (peerId: string): boolean => allDown || down.has(peerId);
  const present = (): string[] => [...members].filter((member) => member.open).map((member) => member.context.peerId);
  const tellPresence = (): void => {
    if (!presence) return;
    for (const member of members)
      later(member, () => member.context.peers(present().filter((id) => id !== member.context.peerId)), 0);
  };
  const later = (member: Member, tell: () => void, ms: number): void => {
    const run = (): void => {
      if (member.held) member.held.push(run);
      else if (member.open) tell();
    };
    clock.schedule(run, ms, member.lane, true);
  };
  const delay = (): number => faults.delayMs[0] + random.next() * (faults.delayMs[1] - faults.delayMs[0]);
  const deliver = (member: Member, data: unknown): void => {
    if (random.chance(faults.loss)) return;
    const ms = delay();
    later(member, () => member.context.receive(data), ms);
    if (random.chance(faults.repeat)) later(member, () => member.context.receive(data), ms + random.next() * 4 * (delay() + 1));
  };

  const send = (from: Member, message: SignalMessage): void => {
    const text = JSON.stringify(message);
    sent.push({ atMs: clock.now(), from: from.context.peerId, message: JSON.parse(text) as SignalMessage });
    for (const member of members) {
      const forIt = message.to === undefined || message.to === member.context.peerId;
      if (member === from ? random.chance(faults.echo) : forIt) deliver(member, text);
    }
    if (!random.chance(faults.stranger)) return;
    const words = strangeWords(random, message);
    for (const member of members) deliver(member, words);
  };

  const connect = (context: SignalingContext): Promise<SignalingChannel> =>
    new Promise((resolve, reject) => {
      const member: Member = { context, lane: {}, open: false, held: null };
      const abort = (): void => {
        cancel();
        opening.delete(member);
        reject(context.signal.reason);
      };
      opening.add(member);
      const cancel = clock.schedule(
        () => {
          // Its page vanished in the meantime: nobody waits any more.
          if (!opening.delete(member)) return;
          context.signal.removeEventListener('abort', abort);
          if (isDown(context.peerId)) {
            reject(new Error('The carrier is down.'));
            return;
          }
          member.open = true;
          if (presence) context.peers(present().filter((id) => id !== context.peerId));
          members.add(member);
          tellPresence();
          resolve(channelOf(member));
        },
        openMs,
        member.lane,
        true,
      );
      if (context.signal.aborted) abort();
      else context.signal.addEventListener('abort', abort, { once: true });
    });

  const channelOf = (member: Member): SignalingChannel => ({
    send: (message) => {
      if (!member.open) throw new Error('The carrier is down.');
      send(member, message);
    },
    close: () => {
      member.open = false;
      if (members.delete(member)) tellPresence();
    },
  });

  const mine = (peerId: string | undefined): Member[] =>
    [...members].filter((member) => peerId === undefined || member.context.peerId === peerId);

  return {
    transport: { name: 'test-bus', connect },
    faults,
    sent,
    get present() {
      return present();
    },
    get channels() {
      return members.size;
    },
    cut: (peerId) => {
      if (peerId === undefined) allDown = true;
      else down.add(peerId);
      for (const member of mine(peerId)) {
        if (!member.open) continue;
        member.open = false;
        clock.schedule(() => member.context.lost(new Error('The carrier is down.')), 0, member.lane, true);
      }
      tellPresence();
    },
    restore: (peerId) => {
      if (peerId === undefined) {
        allDown = false;
        down.clear();
      } else down.delete(peerId);
    },
    vanish: (peerId) => {
      for (const member of mine(peerId)) {
        member.open = false;
        members.delete(member);
      }
      for (const member of opening) if (member.context.peerId === peerId) opening.delete(member);
      tellPresence();
    },
    hold: (peerId) => {
      for (const member of mine(peerId)) member.held ??= [];
    },
    release: (peerId) => {
      for (const member of mine(peerId)) {
        const held = member.held ?? [];
        member.held = null;
        for (const run of held) clock.schedule(run, 0, member.lane, true);
      }
    },
    inject: (data, peerId) => {
      for (const member of mine(peerId)) later(member, () => member.context.receive(data), 0);
    },
  };
}
