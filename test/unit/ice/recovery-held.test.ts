import { expect, it } from 'vitest';
import { Recovery } from '../../../src/ice/recovery.js';
import { defaultRecovery } from '../../../src/ice/recovery-policy.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

it('what was heard before a pause says nothing about the network after it', async () => {
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
    restartFirst: () => true,
    usualMs: () => 200,
  });
  recovery.hold(true);
  recovery.trouble('silent');
  recovery.reachable();
  await clock.advance(500_000);
  recovery.hold(false);
  expect(did).toEqual([]);
  recovery.reachable();
  expect(did).toEqual(['restart']);
});
