import fc from 'fast-check';
import { createHub } from 'peer-session/server';
import { describe, expect, it } from 'vitest';
import { parseIncoming } from '../../../src/transports/server-frame.js';
import { HubClient } from './hub-client.js';

const frame = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.json({ maxDepth: 4 }),
  fc
    .record(
      {
        type: fc.oneof(fc.constantFrom('ping', 'pong', 'welcome', 'peers', 'error'), fc.jsonValue()),
        to: fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', ''), fc.jsonValue()),
        from: fc.jsonValue(),
        kind: fc.jsonValue(),
        peers: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((fields) => JSON.stringify(fields)),
  fc.uint8Array({ maxLength: 20 }),
  fc.anything(),
);

describe('whatever comes in', () => {
  it('the hub does not throw, and others hear nothing but stamped messages', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 50 }), (frames) => {
        const hub = createHub();
        const mallory = new HubClient().join(hub, 'mallory');
        const others = ['a', 'b'].map((id) => new HubClient().join(hub, id));
        for (const data of frames) mallory.member.receive(data);
        for (const { heard, closedWith } of others) {
          const fromMallory = heard.filter(({ type }) => type !== 'welcome' && type !== 'peers');
          expect(fromMallory.every(({ type, from }) => type === undefined && from === 'mallory')).toBe(true);
          expect(closedWith).toBeUndefined();
        }
        expect(mallory.closedWith).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('the client gives it a place, and does not throw', () => {
    fc.assert(
      fc.property(frame, (data) => {
        const incoming = parseIncoming(data);
        if ('frame' in incoming && (incoming.frame.type === 'welcome' || incoming.frame.type === 'peers')) {
          expect(incoming.frame.peers.every((id) => typeof id === 'string')).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
