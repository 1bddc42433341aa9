import { sessionPair } from 'peer-session/testing';
import { expect, it } from 'vitest';

it('a stranger that calls while the peer is away does not make a resuming channel begin anew', async () => {
  const pair = sessionPair({ seed: 3 });
  await pair.start();
  const { alice, bob, clock } = pair;
  const got: unknown[] = [];
  const [a, b] = [alice, bob].map(({ session }) => session.channel('r', { resume: true }));
  b?.onMessage((data) => got.push(data));
  await clock.until(Promise.all([a?.opened, b?.opened]));
  for (let i = 0; i < 5; i++) await clock.until(a?.send(String(i)) ?? Promise.resolve());
  await clock.advance(500);
  // Bob is away for so long that his place is vacant. A stranger calls, and never answers.
  bob.host.down();
  pair.bus.cut('bob');
  await clock.advance(16_000);
  pair.bus.inject({ v: 1, from: 'stranger', me: 'stranger-1', epoch: 1, kind: 'hello' }, 'alice');
  await clock.advance(200);
  void a?.send('5');
  pair.bus.restore('bob');
  bob.host.up();
  await clock.advance(30_000);
  void a?.send('6');
  await clock.advance(1_000);
  expect(alice.session.state.status).toBe('connected');
  expect(got).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  await pair.close();
});
