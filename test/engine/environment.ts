/** What a behaviour may use. The fake and the real browsers each fill it in; no behaviour asks which one it got. */
export interface Environment {
  /** A connection that is closed when the behaviour is over. */
  connection(configuration?: RTCConfiguration): RTCPeerConnection;
  /** `getUserMedia`; addresses of candidates are shown from then on. The tracks are stopped when the behaviour is over. */
  capture(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** A stream of these tracks. */
  stream(...tracks: MediaStreamTrack[]): MediaStream;
  /** Lets time pass, virtual on the fake: for what must NOT happen in it. */
  pass(ms: number): Promise<void>;
}

export type Engine = 'chromium' | 'firefox' | 'strict' | 'legacy';

/** One thing that engines do, and what comes out of it: plain data. */
export interface Behaviour {
  readonly name: string;
  readonly run: (env: Environment) => Promise<unknown>;
  /** What is expected of each engine. */
  readonly expected: Readonly<Record<Engine, unknown>>;
}

/** What engines do alike. `legacy` is named where it lacks something. */
export function same(outcome: unknown, others: Partial<Record<Engine, unknown>> = {}): Behaviour['expected'] {
  return { chromium: outcome, firefox: outcome, strict: outcome, legacy: outcome, ...others };
}

/** Where browsers differ: `strict` is the specification's word, `legacy` does as `chromium` unless named. */
export function differs(outcomes: {
  readonly chromium: unknown;
  readonly firefox: unknown;
  readonly strict: unknown;
  readonly legacy?: unknown;
}): Behaviour['expected'] {
  return { legacy: outcomes.chromium, ...outcomes };
}

export function behaviour(name: string, expected: Behaviour['expected'], run: Behaviour['run']): Behaviour {
  return { name, run, expected };
}
