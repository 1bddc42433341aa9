import { EventEmitter } from 'node:events';
import type { SignalingChannel, SignalingContext, SignalingTransport, SignalMessage } from 'peer-session';
import type { TransportExam } from 'peer-session/testing';
import { fromEmitter, memory } from 'peer-session/transports';

/** A transport with one fault, and the one check that has to find it. */
export interface Broken {
  readonly fault: string;
  readonly rule: string;
  readonly says: RegExp;
  setup(): TransportExam;
}

/** Changes parts of what another transport does. */
export interface Twist {
  context?(context: SignalingContext): Partial<SignalingContext>;
  channel?(channel: SignalingChannel, context: SignalingContext): Partial<SignalingChannel>;
}

export const twisted = (inner: SignalingTransport, { context: twist, channel: twistChannel }: Twist): SignalingTransport => ({
  name: 'twisted',
  async connect(given) {
    const context = { ...lent(given), ...twist?.(given) };
    const channel = await inner.connect(context);
    const whole = { send: (message: SignalMessage) => channel.send(message), close: () => channel.close() };
    return { ...whole, ...twistChannel?.(whole, context) };
  },
});

const lent = (context: SignalingContext): SignalingContext => ({
  peerId: context.peerId,
  signal: context.signal,
  receive: (data) => context.receive(data),
  peers: (present) => context.peers(present),
  lost: (cause) => context.lost(cause),
});

/** A bare bus that can be counted and cut. */
export function bus(twist: Twist = {}): TransportExam & { readonly emitter: EventEmitter } {
  const emitter = new EventEmitter({ captureRejections: false }).setMaxListeners(0);
  const onLost = (lost: () => void): (() => void) => {
    emitter.on('down', lost);
    return () => emitter.off('down', lost);
  };
  return {
    emitter,
    transport: twisted(fromEmitter(emitter, { onLost }), twist),
    held: () => emitter.listenerCount('signal') + emitter.listenerCount('down'),
    cut: () => void emitter.emit('down'),
    restore: () => undefined,
  };
}

/** A server that knows who is there. */
export const server = (twist: Twist): TransportExam => ({ presence: true, transport: twisted(memory(), twist) });

export const nothing = (): void => undefined;
