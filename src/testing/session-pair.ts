import { createSession } from '../create-session.js';
import type { PeerSession } from '../peer-session.js';
import type { SessionOptions } from '../session-options.js';
import { createVirtualClock, type VirtualClock } from './clock.js';
import { collectEvents, type EventLog } from './collect-events.js';
import type { PersonalityName } from './engine/personality.js';
import { type FakePlatform, fakePlatform } from './fake-platform.js';
import type { NatKind, Router } from './network/router.js';
import type { VirtualHost } from './network/virtual-host.js';
import { createVirtualNetwork, type VirtualNetwork } from './network/virtual-network.js';
import { type BusFaults, createTestBus, type TestBus } from './test-bus.js';

/** Two of something: one for both sides, or one for each. */
type Each<T> = T | readonly [alice: T, bob: T];

/** How a pair is made. All of it may be left out. */
export interface SessionPairOptions {
  /** Decides everything that is left to chance. @defaultValue `1` */
  readonly seed?: number;
  /** The engine of each side. @defaultValue `'chromium'` */
  readonly personality?: PersonalityName | readonly [alice: PersonalityName, bob: PersonalityName];
  /** What each side stands behind. @defaultValue both behind the same router: case 1 */
  readonly behind?: Each<Router | NatKind | 'open'>;
  /** What the signaling does to messages. @defaultValue nothing */
  readonly faults?: Partial<BusFaults>;
  /** The signaling tells who is there. @defaultValue `false` */
  readonly presence?: boolean;
  /** A clock and a network to share with others. @defaultValue new ones */
  readonly clock?: VirtualClock;
  /** The network between the two. @defaultValue one without routers */
  readonly network?: VirtualNetwork;
  /** Options of both sessions, then of each. `transport`, `platform` and `peerId` are given. */
  readonly both?: Partial<SessionOptions>;
  /** Options of one session. */
  readonly alice?: Partial<SessionOptions>;
  /** Options of the other. */
  readonly bob?: Partial<SessionOptions>;
}

/** One end of a pair. */
export interface PairSide {
  /** The address of this side. */
  readonly peerId: string;
  /** The clock of the pair. */
  readonly clock: VirtualClock;
  /** The virtual machine of this side. */
  readonly host: VirtualHost;
  /** The signaling that both sides use. */
  readonly bus: TestBus;
  /** The session of the present life of the page. */
  readonly session: PeerSession;
  /** The present page. */
  readonly platform: FakePlatform;
  /** What the present session said. */
  readonly log: EventLog;
  /** Loads the page again, after `unload()` or `crash()` of the old one: a new session that is not started. */
  reload(): PeerSession;
}

/** Two sessions that can reach each other, with everything around them. */
export interface SessionPair {
  /** The clock of the pair. */
  readonly clock: VirtualClock;
  /** The network between the two. */
  readonly network: VirtualNetwork;
  /** The signaling that both sides use. */
  readonly bus: TestBus;
  /** One session. */
  readonly alice: PairSide;
  /** The other session. */
  readonly bob: PairSide;
  /** Starts both and moves time until both are connected, or one fails. */
  start(): Promise<void>;
  /** Closes both and lets the words of farewell arrive. */
  close(): Promise<void>;
}

/** session -> its side, for `simulate`. */
const SIDES = new WeakMap<PeerSession, PairSide>();

/** The side that a session of a pair belongs to. */
export function sideOf(session: PeerSession): PairSide | undefined {
  return SIDES.get(session);
}

function each<T>(given: Each<T> | undefined, index: 0 | 1): T | undefined {
  return Array.isArray(given) ? (given as readonly [T, T])[index] : (given as T | undefined);
}

/** How long words of farewell may take. */
const FAREWELL_MS = 1000;

/**
 * Makes two sessions over the fakes: no browser, no server, no waiting in real time.
 *
 * @example
 * ```ts
 * import { sessionPair, simulate } from 'peer-session/testing';
 *
 * const pair = sessionPair({ behind: ['cone', 'cone'], seed: 7 });
 * const chat = pair.bob.session.channel('chat');
 * chat.onMessage((text) => console.log(text));
 * await pair.start();
 * await pair.clock.until(pair.alice.session.channel('chat').send('hello'));
 * simulate(pair.alice, 'address-change');
 * await pair.clock.advance(5000);
 * await pair.close();
 * ```
 */
export function sessionPair(options: SessionPairOptions = {}): SessionPair {
  const { seed = 1 } = options;
  const clock = options.clock ?? createVirtualClock();
  const network = options.network ?? createVirtualNetwork({ clock, seed });
  const bus = createTestBus({
    clock,
    seed,
    ...(options.faults ? { faults: options.faults } : {}),
    presence: options.presence ?? false,
  });
  const side = (peerId: 'alice' | 'bob', index: 0 | 1): PairSide => {
    const personality = each(options.personality, index) ?? 'chromium';
    const host = network.host(peerId, each(options.behind, index));
    const load = (): { session: PeerSession; platform: FakePlatform; log: EventLog } => {
      const platform = fakePlatform({ clock, network, host, personality });
      const session = createSession({ ...options.both, ...options[peerId], transport: bus.transport, platform, peerId });
      SIDES.set(session, self);
      return { session, platform, log: collectEvents(session) };
    };
    const self: PairSide = {
      peerId,
      clock,
      host,
      bus,
      get session() {
        return life.session;
      },
      get platform() {
        return life.platform;
      },
      get log() {
        return life.log;
      },
      reload: () => {
        life = load();
        return life.session;
      },
    };
    let life = load();
    return self;
  };
  const alice = side('alice', 0);
  const bob = side('bob', 1);
  return {
    clock,
    network,
    bus,
    alice,
    bob,
    start: async () => {
      await clock.until(Promise.all([alice.session.start(), bob.session.start()]));
    },
    close: async () => {
      await clock.until(Promise.all([alice.session.close(), bob.session.close()]));
      await clock.advance(FAREWELL_MS);
    },
  };
}
