import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.js';
import { type Facts, NEXT, NO_FACTS, type SessionStatus, sameState, stateOf } from '../../src/session-state.js';

/** The drawing of the life of a session, arrow by arrow: what `NEXT` must say, and nothing else. */
const ARROWS = new Set([
  'idle -> fetching',
  'idle -> signaling',
  'fetching -> signaling',
  'fetching -> paused',
  'signaling -> connecting',
  'signaling -> connected',
  'signaling -> paused',
  'connecting -> connected',
  'connecting -> signaling',
  'connecting -> paused',
  'connected -> reconnecting',
  'connected -> paused',
  'reconnecting -> connected',
  'reconnecting -> reconnecting',
  'reconnecting -> paused',
  'paused -> fetching',
  'paused -> signaling',
  'paused -> connecting',
  'paused -> connected',
  'paused -> reconnecting',
  ...['idle', 'fetching', 'signaling', 'connecting', 'connected', 'reconnecting', 'paused'].flatMap((from) => [
    `${from} -> closed`,
    `${from} -> failed`,
  ]),
]);

const statuses = Object.keys(NEXT) as SessionStatus[];
const pairs = statuses.flatMap((from) => statuses.map((to) => [`${from} -> ${to}`, from, to] as const));
const error = new SessionError('ice-failed', 'no path');

describe('the life of a session', () => {
  it.each(pairs)('%s', (arrow, from, to) => {
    expect(NEXT[from].includes(to)).toBe(ARROWS.has(arrow));
  });
});

describe('stateOf', () => {
  const cases: readonly (readonly [facts: string, news: Partial<Facts>, status: SessionStatus])[] = [
    ['nothing -> idle', {}, 'idle'],
    ['started, fetching -> fetching', { started: true, fetching: true }, 'fetching'],
    ['started -> signaling', { started: true }, 'signaling'],
    ['described -> connecting', { started: true, described: true }, 'connecting'],
    ['proved -> connected', { started: true, described: true, proved: true, everProved: true }, 'connected'],
    ['proved once -> reconnecting', { started: true, everProved: true, trouble: 'silent', attempt: 2 }, 'reconnecting'],
    ['described again, not proved -> reconnecting', { started: true, everProved: true, described: true }, 'reconnecting'],
    ['paused over proved -> paused', { started: true, proved: true, everProved: true, paused: true }, 'paused'],
    ['closed before the start -> closed', { closed: { by: 'local', reason: 'closed' } }, 'closed'],
    ['closed over proved -> closed', { started: true, proved: true, closed: { by: 'remote', reason: 'left' } }, 'closed'],
    ['failed over everything -> failed', { started: true, paused: true, proved: true, error }, 'failed'],
  ];

  it.each(cases)('%s', (_, news, status) => {
    expect(stateOf({ ...NO_FACTS, ...news }).status).toBe(status);
  });

  it('tells the attempt, the reason, who closed it, the error', () => {
    const lost: Facts = { ...NO_FACTS, started: true, everProved: true, trouble: 'silent', attempt: 2, since: 7 };
    expect(stateOf(lost)).toEqual({ status: 'reconnecting', attempt: 2, reason: 'silent', since: 7 });
    expect(stateOf({ ...NO_FACTS, closed: { by: 'remote', reason: 'left' } })).toEqual({
      status: 'closed',
      by: 'remote',
      reason: 'left',
    });
    expect(stateOf({ ...NO_FACTS, error })).toEqual({ status: 'failed', error });
  });

  const facts: fc.Arbitrary<Facts> = fc.record({
    started: fc.boolean(),
    fetching: fc.boolean(),
    paused: fc.boolean(),
    described: fc.boolean(),
    proved: fc.boolean(),
    everProved: fc.boolean(),
    trouble: fc.constantFrom(null, 'silent' as const, 'path-lost' as const),
    attempt: fc.nat(5),
    since: fc.nat(),
    closed: fc.constantFrom(null, { by: 'local' as const, reason: 'closed' }),
    error: fc.constantFrom(null, error),
  });

  it('pausing and resuming never takes a way that the table forbids', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const going = { ...given, started: true, closed: null, error: null, everProved: given.everProved || given.proved };
        const running = stateOf({ ...going, paused: false }).status;
        const paused = stateOf({ ...going, paused: true }).status;
        expect(`${running}: ${NEXT[running].includes(paused)}, back: ${NEXT[paused].includes(running)}`).toBe(
          `${running}: true, back: true`,
        );
      }),
    );
  });

  it('an end is final, and reached from everywhere', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const before = stateOf({ ...given, closed: null, error: null });
        for (const end of [
          stateOf({ ...given, error }),
          stateOf({ ...given, error: null, closed: { by: 'local', reason: 'x' } }),
        ]) {
          expect(NEXT[before.status]).toContain(end.status);
          expect(NEXT[end.status]).toEqual([]);
        }
      }),
    );
  });
});

describe('sameState', () => {
  const again = { status: 'reconnecting', attempt: 1, reason: 'silent', since: 7 } as const;

  it.each([
    ['connected = connected', true, { status: 'connected' }, { status: 'connected' }],
    ['connected = paused', false, { status: 'connected' }, { status: 'paused' }],
    ['reconnecting = the same', true, again, { ...again }],
    ['reconnecting = another attempt', false, again, { ...again, attempt: 2 }],
    ['reconnecting = another reason', false, again, { ...again, reason: 'peer-left' }],
  ] as const)('%s: %s', (_, same, one, other) => {
    expect(sameState(one, other)).toBe(same);
  });
});
