import type { SignalingContext, SignalingTransport } from 'peer-session';

interface Pending {
  readonly to: string;
  readonly data: string;
}

/** What may be done with one of the messages that are on their way. */
export type Choice = readonly [what: 'deliver' | 'lose' | 'repeat', index: number];

/** A bus that delivers nothing by itself: who explores decides which message is next. */
export class ChoiceBus {
  readonly pending: Pending[] = [];
  readonly #members = new Map<string, SignalingContext>();
  readonly transport: SignalingTransport = {
    name: 'choice-bus',
    connect: (context) => {
      this.#members.set(context.peerId, context);
      return {
        send: (message) => {
          for (const to of ['alice', 'bob']) {
            if (to !== context.peerId && (message.to ?? to) === to) this.pending.push({ to, data: JSON.stringify(message) });
          }
        },
        close: () => {
          if (this.#members.get(context.peerId) === context) this.#members.delete(context.peerId);
        },
      };
    },
  };

  /** All that may come next. Of many messages on their way only the oldest `width` are looked at. */
  choices(width: number, faulty: boolean): Choice[] {
    const indexes = this.pending.slice(0, width).map((_, index) => index);
    const all = (what: Choice[0]): Choice[] => indexes.map((index) => [what, index]);
    return [...all('deliver'), ...(faulty ? [...all('lose'), ...all('repeat')] : [])];
  }

  do([what, index]: Choice): void {
    const message = this.pending[index];
    if (!message) return;
    if (what !== 'repeat') this.pending.splice(index, 1);
    if (what !== 'lose') this.#members.get(message.to)?.receive(message.data);
  }

  /** A page is gone: it hears nothing any more. */
  vanish(peerId: string): void {
    this.#members.delete(peerId);
  }
}
