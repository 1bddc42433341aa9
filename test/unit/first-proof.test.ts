import { describe, expect, it } from 'vitest';
import type { RecoveryContext, RecoveryStep } from '../../src/ice/recovery-policy.js';
import { sessionPair } from '../../src/testing/session-pair.js';
import { simulate } from '../../src/testing/simulate.js';
import { spy } from './pair-words.js';

describe('the first proof', () => {
  it('DTLS has shaken hands: connected before SCTP is open, and the route is known', async () => {
    const pair = sessionPair();
    for (const { host } of [pair.alice, pair.bob]) host.faults.delayMs = 50;
    const controls: RTCDataChannel[] = [];
    spy(pair.alice, 'peer-session', controls);
    const other = pair.bob.session.start();
    await pair.clock.until(pair.alice.session.start());
    expect(controls.at(-1)?.readyState).toBe('connecting');
    expect(pair.alice.session.route).toMatchObject({ kind: 'host' });
    await pair.clock.until(other);
    await pair.close();
  });

  it('a second time it proves nothing: Firefox says connected after a restart over which no channel works', async () => {
    const nextStep = ({ elapsedMs, lastStep }: RecoveryContext): RecoveryStep =>
      elapsedMs > 30_000 && lastStep === null ? { step: 'restart' } : { step: 'wait', ms: 500 };
    const pair = sessionPair({ personality: 'firefox', both: { recovery: { nextStep } } });
    await pair.start();
    const { connection } = pair.alice.session;
    const heal = simulate(pair.alice, 'ice-failure');
    await pair.clock.advance(30_000);
    heal();
    await pair.clock.advance(10_000);
    expect(connection?.connectionState).toBe('connected');
    expect(pair.alice.session.state.status).toBe('reconnecting');
    await pair.close();
  });
});
