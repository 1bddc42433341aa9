// A transport as its author writes it. Compiled by `npm run typecheck`, never run: an unused @ts-expect-error is a failure.
import type { SignalingChannel, SignalingContext, SignalingTransport, SignalMessage } from 'peer-session';
import { type ContractCheck, sessionPair, transportContract } from 'peer-session/testing';
import { expectTypeOf, it } from 'vitest';

interface Bus {
  on(heard: (text: string) => void): () => void;
  publish(text: string): Promise<void>;
}
declare const bus: Bus;

// In ten lines, without a type but the return type's.
export const overBus = (name: string): SignalingTransport => ({
  name,
  connect({ signal, receive }) {
    signal.throwIfAborted();
    const stop = bus.on(receive);
    return { send: (message) => bus.publish(JSON.stringify(message)), close: stop };
  },
});

// As a class, too, and with a promise.
export class OverBus implements SignalingTransport {
  readonly name = 'bus';
  async connect({ receive, peers, lost, peerId }: SignalingContext): Promise<SignalingChannel> {
    expectTypeOf(peerId).toEqualTypeOf<string>();
    peers([]);
    lost();
    lost(new Error('gone'));
    const stop = bus.on(receive);
    return { send: (message) => void bus.publish(JSON.stringify(message)), close: stop };
  }
}

// What comes in is unknown until the session has checked it.
expectTypeOf<SignalingContext['receive']>().parameter(0).toEqualTypeOf<unknown>();
expectTypeOf<SignalingContext['peers']>().parameter(0).toEqualTypeOf<readonly string[]>();

// What goes out is a message; its kind tells what is on it.
export function kindOf(message: SignalMessage): string {
  expectTypeOf(message.to).toEqualTypeOf<string | undefined>();
  if (message.kind === 'offer') return message.sdp;
  if (message.kind === 'answer') return message.answers;
  if (message.kind === 'candidates') return message.of;
  // @ts-expect-error not on every message
  void message.sdp;
  return message.kind;
}

// @ts-expect-error a channel can be closed
export const endless: SignalingTransport = { name: 'endless', connect: () => ({ send: () => undefined }) };
// @ts-expect-error a transport has a name
export const nameless: SignalingTransport = { connect: () => ({ send: () => undefined, close: () => undefined }) };
export const sure: SignalingTransport = {
  name: 'sure',
  // @ts-expect-error `send` tells of failure by rejecting, not by an answer
  connect: () => ({ send: () => true, close: () => undefined }),
};

// The exam fits the runners as it is.
expectTypeOf(transportContract(() => ({ transport: overBus('a') }))).toEqualTypeOf<readonly ContractCheck[]>();
for (const { name, run } of transportContract(async () => ({ transport: [overBus('a'), overBus('b')], limitMs: 100 })))
  it(name, run);
declare const nodeTest: typeof import('node:test');
for (const { name, run } of transportContract(() => ({ transport: overBus('a') }))) void nodeTest.test(name, run);
// @ts-expect-error an exam needs somebody to examine
transportContract(() => ({ presence: true }));

// The kit: what a pair is given, and what it gives itself.
sessionPair({ both: { media: { audio: true } }, alice: { timeouts: { peerMs: 1 } }, behind: ['cone', 'symmetric'] });
// @ts-expect-error there are two sides
sessionPair({ behind: ['cone', 'symmetric', 'cone'] });
const { alice } = sessionPair();
expectTypeOf(alice.log.waitFor('routechange')).resolves.toHaveProperty('route');
for (const recorded of alice.log.events)
  if (recorded.type === 'peerchange') expectTypeOf(recorded.event.peerId).toEqualTypeOf<string>();
