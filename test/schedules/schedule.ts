// A schedule is data: what is done to two sessions, and when. It is drawn from a seed, can be printed, cut down and played again.
import type { BusFaults, PersonalityName } from 'peer-session/testing';

export type SideName = 'alice' | 'bob';
export const SIDES: readonly SideName[] = ['alice', 'bob'];

/** What an app does with its session. `own`: the track is handed in; else the session fetches it. */
export type AppDeed =
  | { readonly act: 'publish'; readonly name: string; readonly kind: 'audio' | 'video'; readonly own: boolean }
  | { readonly act: 'remove' | 'mute' | 'unmute'; readonly name: string }
  | { readonly act: 'open' | 'shut'; readonly channel: string }
  | { readonly act: 'send'; readonly channel: string; readonly count: number; readonly bytes: number }
  | { readonly act: 'restart' | 'kill' | 'probe' }
  | { readonly act: 'close'; readonly reason: string };

/** What happens to a page or its network. Everything that lasts is undone after `forMs`, at the latest when the schedule ends. */
export type WorldDeed =
  | { readonly act: 'reload' | 'crash'; readonly forMs: number }
  | { readonly act: 'cut' | 'ice-failure' | 'network-down' | 'freeze' | 'pause'; readonly forMs: number }
  | { readonly act: 'address-change' };

export type Deed = AppDeed | WorldDeed;
export type Act = { readonly atMs: number; readonly side: SideName } & Deed;

export type Profile = 'mixed' | 'outages';

/** Where the two stand: one router, two with STUN, two that need TURN. */
export type Place = 'lan' | 'cone' | 'symmetric';

export interface Schedule {
  /** Decides everything that the fakes leave to chance. */
  readonly seed: number;
  readonly personality: readonly [alice: PersonalityName, bob: PersonalityName];
  readonly place: Place;
  readonly presence: boolean;
  /** Until faults end and everything heals. */
  readonly endMs: number;
  readonly faults: BusFaults;
  readonly startMs: readonly [alice: number, bob: number];
  /** Who fetches camera and microphone at the start: the user takes half a second to allow it. */
  readonly fetch: readonly [alice: boolean, bob: boolean];
  readonly acts: readonly Act[];
}

/** Nothing happens. */
export const QUIET: Schedule = {
  seed: 1,
  personality: ['chromium', 'chromium'],
  place: 'lan',
  presence: false,
  endMs: 4_000,
  faults: { loss: 0, repeat: 0, delayMs: [1, 1], echo: 0, stranger: 0 },
  startMs: [0, 0],
  fetch: [false, false],
  acts: [],
};

/** Acts of the app, those that can be done in a page without its world. */
export function isAppDeed(deed: Deed): deed is AppDeed {
  return !('forMs' in deed) && deed.act !== 'address-change';
}

/** Channels whose name begins with `r` resume. */
export const resumes = (channel: string): boolean => channel.startsWith('r');
