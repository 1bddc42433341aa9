import type { SignalingContext, SignalingTransport, SignalMessage } from 'peer-session';

export type Name = 'alice' | 'bob';
export const NAMES = ['alice', 'bob'] as const;

/** One message on its way. */
export interface Pending {
  /** Counts all messages of both sides in the order they were sent. */
  readonly order: number;
  readonly data: string;
  readonly message: SignalMessage;
}

/** A bus that delivers nothing by itself: who explores decides which message is next. */
export class ChoiceBus {
  readonly pending: Readonly<Record<Name, Pending[]>> = { alice: [], bob: [] };
  readonly #members = new Map<string, SignalingContext>();
  readonly #sent: (data: string) => void;
  /** Messages sent so far. */
  sent = 0;

  /** @param sent hears of each message when it is sent. */
  constructor(sent: (data: string) => void) {
    this.#sent = sent;
  }

  readonly transport: SignalingTransport = {
    name: 'choice-bus',
    connect: (context) => {
      this.#members.set(context.peerId, context);
      return {
        send: (message) => {
          const data = JSON.stringify(message);
          this.#sent(data);
          for (const to of NAMES) {
            if (to !== context.peerId && (message.to ?? to) === to) this.pending[to].push({ order: this.sent++, data, message });
          }
        },
        close: () => {
          if (this.#members.get(context.peerId) === context) this.#members.delete(context.peerId);
        },
      };
    },
  };

  get empty(): boolean {
    return NAMES.every((to) => this.pending[to].length === 0);
  }

  deliver(to: Name, pending = this.pending[to][0]): void {
    if (!pending) return;
    this.lose(to, pending);
    this.repeat(to, pending);
  }

  lose(to: Name, pending: Pending): void {
    this.pending[to].splice(this.pending[to].indexOf(pending), 1);
  }

  /** Delivers it and leaves it on its way. */
  repeat(to: Name, { data }: Pending): void {
    this.#members.get(to)?.receive(data);
  }

  /** A page is gone: it hears nothing any more. */
  vanish(peerId: string): void {
    this.#members.delete(peerId);
  }
}
