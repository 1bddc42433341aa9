import type { PageEvent, Platform } from '../platform.js';
import { clockOf, type VirtualClock } from './clock.js';
import type { EngineContext } from './engine/engine-context.js';
import { FakePeerConnection } from './engine/peer-connection.js';
import { personalityOf } from './engine/personalities.js';
import type { PersonalityName } from './engine/personality.js';
import { domError } from './engine/rtc-error.js';
import { FakeMediaDevices } from './media/fake-media-devices.js';
import { FakeMediaStream } from './media/fake-stream.js';
import type { NetworkHost } from './network/network-host.js';
import type { VirtualHost } from './network/virtual-host.js';
import type { VirtualNetwork } from './network/virtual-network.js';
import { createRandom } from './random.js';

/** How a fake page is made. */
export interface FakePlatformOptions {
  /** The clock that all of its timers hang on. */
  readonly clock: VirtualClock;
  /** The network that its connections use. */
  readonly network: VirtualNetwork;
  /** The machine that the page runs on. @defaultValue a new one, in the same network as the others */
  readonly host?: VirtualHost;
  /** The engine to play. @defaultValue `'chromium'` */
  readonly personality?: PersonalityName;
  /** @defaultValue drawn from the network's seed */
  readonly seed?: number;
}

/** What a test may want to know about a fake page. */
export interface PlatformCensus {
  /** Connections that were made and not closed. */
  readonly connections: readonly FakePeerConnection[];
  /** Connections made so far. */
  readonly made: number;
  /** Tracks of cameras, microphones and screens that live. */
  readonly liveTracks: number;
  /** Listeners on the connections that are not closed, and on the devices. */
  readonly listeners: number;
  /** Timers of the page itself that wait. */
  readonly timers: number;
  /** Who listens to the page. */
  readonly pageListeners: number;
}

/** A page of a browser, faked: hand it to `createSession` as `platform`. */
export interface FakePlatform extends Platform {
  /** The virtual machine that this platform runs on. */
  readonly host: VirtualHost;
  /** The browser that it imitates. */
  readonly personality: PersonalityName;
  readonly PeerConnection: new (configuration?: RTCConfiguration) => FakePeerConnection;
  readonly MediaStream: new (tracks?: MediaStreamTrack[]) => MediaStream;
  /** Cameras, microphones, screens, and a user who allows them. */
  readonly mediaDevices: FakeMediaDevices;
  /** What is alive at the moment: connections, timers, listeners, tracks. */
  readonly census: PlatformCensus;
  /** What the page tells its scripts: `pagehide`, `freeze`, `offline`, ... */
  page(event: PageEvent): void;
  /** The page is suspended: no script of it runs until `thaw`, while its engine still answers. Fires `freeze` first. */
  freeze(): void;
  /** The page goes on: what waited runs now, then `resume` fires. */
  thaw(): void;
  /** The page vanishes, as by a crash: nothing of it runs or speaks any more, nobody is told. */
  crash(): void;
  /** The page unloads, as by a reload: `pagehide`, then its connections close. */
  unload(): void;
}

/** Unix time at the start of a virtual clock: 14 November 2023. */
const WALL_MS = 1_700_000_000_000;
/** Chromium collects closed connections late; until then they count (CORRECTNESS 3.14). */
const COLLECTED_AFTER_MS = 10_000;

/** The machine as one page sees it: a page that is gone hears no packet. */
function hostOf(host: VirtualHost, gone: () => boolean): NetworkHost {
  return {
    name: host.name,
    get addresses() {
      return host.addresses;
    },
    bind: (address, carrier, receive) =>
      host.bind(address, carrier, (...packet) => {
        if (!gone()) receive(...packet);
      }),
    onChange: (listener) => host.onChange(listener),
    resolve: (name) => host.resolve(name),
    mdnsName: (address) => host.mdnsName(address),
    mdnsResolve: (name) => host.mdnsResolve(name),
  };
}

/**
 * Makes a page for tests: its own engine, clock and network, nothing of the real browser.
 *
 * @example
 * ```ts
 * import { createVirtualClock, createVirtualNetwork, fakePlatform } from 'peer-session/testing';
 *
 * const clock = createVirtualClock();
 * const network = createVirtualNetwork({ clock });
 * const platform = fakePlatform({ clock, network, personality: 'firefox' });
 * const connection = new platform.PeerConnection();
 * ```
 */
export function fakePlatform(options: FakePlatformOptions): FakePlatform {
  const clock = clockOf(options.clock);
  const { network, personality: name = 'chromium' } = options;
  const host = options.host ?? network.host(`host ${network.random.int(1, 1e9)}`);
  const random = createRandom(options.seed ?? network.random.int(1, 2 ** 31));
  const personality = personalityOf(name);
  const lane = {};
  const connections = new Set<FakePeerConnection>();
  const timers = new Set<() => void>();
  const listeners = new Set<(event: PageEvent) => void>();
  let made = 0;
  let uncollected = 0;
  let gone = false;
  /** What waits for the page to go on; `null` while it runs. */
  let frozen: Set<() => void> | null = null;

  const schedule = (fn: () => void, ms: number, loud: boolean): (() => void) => {
    let over = false;
    const run = (): void => {
      if (gone || over) return;
      if (loud && frozen) frozen.add(run);
      else fn();
    };
    const cancel = clock.schedule(run, ms, lane, loud);
    return () => {
      // After `thaw` it waits in a timer of its own.
      over = true;
      cancel();
      frozen?.delete(run);
    };
  };
  const newId = (): string => random.text(36);
  const mediaDevices = new FakeMediaDevices({
    task: (fn, ms) => void schedule(fn, ms, true),
    newId,
    firefox: name === 'firefox',
  });
  const context: EngineContext = {
    personality,
    random: random.fork('engine'),
    host: hostOf(host, () => gone),
    now: () => clock.now(),
    task: (fn, ms = 0) => schedule(fn, ms, true),
    quiet: (fn, ms) => schedule(fn, ms, false),
    showsAddresses: () => mediaDevices.granted,
  };

  class PeerConnection extends FakePeerConnection {
    constructor(configuration: RTCConfiguration = {}) {
      if (connections.size + uncollected >= personality.maxConnections) {
        throw domError('UnknownError', 'Cannot create so many PeerConnections');
      }
      super(context, configuration, (closed) => {
        connections.delete(closed as PeerConnection);
        uncollected += 1;
        clock.schedule(() => (uncollected -= 1), COLLECTED_AFTER_MS, lane, false);
      });
      made += 1;
      connections.add(this);
    }
  }
  class MediaStream extends FakeMediaStream {
    constructor(tracks: MediaStreamTrack[] = []) {
      super(tracks, newId);
    }
  }
  const page = (event: PageEvent): void => {
    if (gone) return;
    for (const listener of [...listeners]) listener(event);
    clock.touch();
  };

  return {
    host,
    personality: name,
    PeerConnection,
    MediaStream,
    mediaDevices,
    secure: true,
    now: () => clock.now(),
    wall: () => WALL_MS + clock.now(),
    timer: (fn, ms) => {
      const fire = (): void => {
        timers.delete(cancel);
        fn();
      };
      const stop = schedule(fire, ms, true);
      const cancel = (): void => {
        timers.delete(cancel);
        stop();
      };
      timers.add(cancel);
      return cancel;
    },
    random: () => random.next(),
    id: () => Array.from({ length: 32 }, () => random.int(0, 15).toString(16)).join(''),
    onPage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    page,
    freeze: () => {
      page('freeze');
      frozen ??= new Set();
    },
    thaw: () => {
      const waiting = [...(frozen ?? [])];
      frozen = null;
      // At once: tasks of the page that fall due in this instant come after those that waited.
      for (const run of waiting) run();
      schedule(() => page('resume'), 0, true);
    },
    crash: () => {
      gone = true;
    },
    unload: () => {
      page('pagehide');
      for (const connection of [...connections]) connection.close();
      gone = true;
    },
    census: {
      get connections() {
        return [...connections];
      },
      get liveTracks() {
        return mediaDevices.liveTracks.length;
      },
      get listeners() {
        return [mediaDevices, ...connections].reduce((sum, target) => sum + target.listenerCount, 0);
      },
      get made() {
        return made;
      },
      get timers() {
        return timers.size;
      },
      get pageListeners() {
        return listeners.size;
      },
    },
  };
}
