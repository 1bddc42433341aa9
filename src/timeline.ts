import type { SessionStage } from './errors.js';

/** One line of a timeline: plain data, without descriptions, credentials or passwords. */
export interface TimelineEntry {
  /** Milliseconds since the session was built. */
  readonly atMs: number;
  /** The stage it belongs to; `session` for changes of the state as a whole. */
  readonly stage: SessionStage | 'session';
  /** What happened, e.g. `state connected`, `offer sent`, `candidate found` (ours), `candidates received` (theirs). */
  readonly what: string;
  /** A detail for people: a reason, a candidate's type, a route. */
  readonly detail?: string;
}

const MAX_ENTRIES = 500;

/** What happened when. Keeps the newest entries. */
export class Timeline {
  readonly #clock: { now(): number };
  readonly #start: number;
  readonly #entries: TimelineEntry[] = [];

  constructor(clock: { now(): number }) {
    this.#clock = clock;
    this.#start = clock.now();
  }

  get entries(): readonly TimelineEntry[] {
    return [...this.#entries];
  }

  add(stage: TimelineEntry['stage'], what: string, detail?: string): void {
    const atMs = Math.round((this.#clock.now() - this.#start) * 10) / 10;
    if (this.#entries.push({ atMs, stage, what, ...(detail && { detail }) }) > MAX_ENTRIES) this.#entries.shift();
  }
}
