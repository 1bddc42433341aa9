import { expect, it } from 'vitest';
import { Recovery } from '../../../src/ice/recovery.js';
import { defaultRecovery } from '../../../src/ice/recovery-policy.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

function build(restartFirst: boolean): { clock: Clock; did: string[]; recovery: Recovery } {
  const clock = new Clock();
  const did: string[] = [];
  const recovery = new Recovery({
    platform: fakePlatform(clock),
    policy: defaultRecovery(),
    restart: () => did.push('restart'),
    rebuild: () => did.push('rebuild'),
    giveUp: () => did.push('give up'),
    ask: () => {},
    tell: () => {},
    missing: () => {},
    restartFirst: () => restartFirst,
    usualMs: () => 200,
  });
  return { clock, did, recovery };
}

it('what was heard before a pause says nothing about the network after it', async () => {
  const { clock, did, recovery } = build(true);
  recovery.hold(true);
  recovery.trouble('silent');
  recovery.reachable();
  await clock.advance(500_000);
  recovery.hold(false);
  expect(did).toEqual([]);
  recovery.reachable();
  expect(did).toEqual(['restart']);
});

it.each([
  ['of less than five seconds, not where a new connection loses nothing', false, [false, false, true]],
  ['of less than five seconds, too, where a new connection would lose something', true, [false, false, false]],
])('packets that come again help after a short silence; after a long one %s', async (_, restartFirst, expected) => {
  const { clock, did, recovery } = build(restartFirst);
  recovery.trouble('silent');
  const dead = [recovery.dead];
  await clock.advance(900);
  dead.push(recovery.dead);
  await clock.advance(100);
  dead.push(recovery.dead);
  expect(dead).toEqual(expected);
  await clock.advance(3_999);
  expect(recovery.dead).toBe(expected[2]);
  await clock.advance(1);
  expect(recovery.dead).toBe(false);
  // Asking changes nothing: nobody can be reached.
  expect(did).toEqual([]);
  recovery.reachable();
  expect(did).toEqual([restartFirst ? 'restart' : 'rebuild']);
  expect(recovery.dead).toBe(false);
});
