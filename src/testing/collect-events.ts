import type { PeerSession } from '../peer-session.js';
import type { SessionEvents } from '../session-events.js';

/** One event as it was heard. Switch on `type`. */
export type RecordedEvent = {
  readonly [K in keyof SessionEvents]: { readonly type: K; readonly event: SessionEvents[K] };
}[keyof SessionEvents];

/** What one session said. */
export interface EventLog {
  /** Everything so far, in order. */
  readonly events: readonly RecordedEvent[];
  /** The first event of this type, among those heard already or the next to come, for which `predicate` holds. */
  waitFor<K extends keyof SessionEvents>(type: K, predicate?: (event: SessionEvents[K]) => boolean): Promise<SessionEvents[K]>;
  /** Stops listening. Whoever still waits is refused. */
  stop(): void;
}

const TYPES: { readonly [K in keyof SessionEvents]: true } = {
  statechange: true,
  localtrack: true,
  track: true,
  trackremoved: true,
  trackmute: true,
  channel: true,
  signalingchange: true,
  routechange: true,
  peerchange: true,
  warning: true,
};

/**
 * Listens to everything a session says.
 *
 * @example
 * ```ts
 * import { createSession, type SignalingTransport } from 'peer-session';
 * import { collectEvents } from 'peer-session/testing';
 *
 * async function connected(transport: SignalingTransport): Promise<void> {
 *   const session = createSession({ transport });
 *   const log = collectEvents(session);
 *   void session.start();
 *   await log.waitFor('statechange', ({ state }) => state.status === 'connected');
 *   console.log(log.events.map(({ type }) => type));
 * }
 * ```
 */
export function collectEvents(session: PeerSession): EventLog {
  const events: RecordedEvent[] = [];
  const waiting = new Set<{ look(recorded: RecordedEvent): void; refuse(): void }>();
  const hear = <K extends keyof SessionEvents>(type: K): (() => void) =>
    session.on(type, (event) => {
      const recorded = { type, event } as RecordedEvent;
      events.push(recorded);
      for (const waiter of [...waiting]) waiter.look(recorded);
    });
  const stops = (Object.keys(TYPES) as (keyof SessionEvents)[]).map((type) => hear(type));

  return {
    events,
    waitFor: <K extends keyof SessionEvents>(type: K, predicate: (event: SessionEvents[K]) => boolean = () => true) =>
      new Promise<SessionEvents[K]>((resolve, reject) => {
        const waiter = {
          look: (recorded: RecordedEvent): void => {
            if (recorded.type !== type) return;
            const event = recorded.event as SessionEvents[K];
            if (!predicate(event)) return;
            waiting.delete(waiter);
            resolve(event);
          },
          refuse: (): void => reject(new Error(`No such "${type}" came before the end.`)),
        };
        waiting.add(waiter);
        for (const recorded of events) if (waiting.has(waiter)) waiter.look(recorded);
      }),
    stop: () => {
      for (const stop of stops) stop();
      for (const waiter of waiting) waiter.refuse();
      waiting.clear();
    },
  };
}
