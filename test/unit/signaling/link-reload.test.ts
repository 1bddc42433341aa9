import { expect, it } from 'vitest';
import type { Carrier } from '../../../src/signaling/carrier.js';
import { Link } from '../../../src/signaling/link.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

const hello = (me: string): object => ({ v: 1, from: 'bob', me, epoch: 1, seq: 0, ack: 0, kind: 'hello' });

it('a late repeat of what an earlier instance of the peer said does not bring it back', () => {
  const carrier: Pick<Carrier, 'send'> = { send: () => {} };
  const link = new Link(() => carrier as Carrier, {
    peerId: 'alice',
    platform: fakePlatform(new Clock()),
    bound: () => {},
    hear: () => {},
    epoch: () => {},
    heard: () => {},
    offer: () => undefined,
    warn: () => {},
  });
  link.receive(hello('b1'));
  link.receive(hello('b2'));
  expect(link.peer?.instance).toBe('b2');
  link.receive(hello('b1'));
  expect(link.peer?.instance).toBe('b2');
});
