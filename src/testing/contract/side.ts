import type { SignalMessage } from '../../signaling/message.js';
import type { SignalingChannel, SignalingContext } from '../../signaling/transport.js';

type Fields = Readonly<Record<string, unknown>>;

/** One thing that a transport told. */
export type Told =
  | { readonly what: 'message'; readonly fields: Fields }
  /** Something was received that is no message; `seen` names it. */
  | { readonly what: 'noise'; readonly seen: string }
  | { readonly what: 'peers'; readonly present: readonly string[] }
  | { readonly what: 'lost' };

/** What a session would be: one user of a transport. Keeps what it is told, and lets a check wait for more. */
export class Side {
  readonly peerId: string;
  readonly life: AbortController = new AbortController();
  readonly context: SignalingContext;
  readonly told: Told[] = [];
  /** How much had been told when `connect` settled. */
  toldBeforeOpen = 0;
  channel: SignalingChannel | undefined;
  /** Called with each thing that is told. */
  watch: (told: Told) => void = () => {};
  #waiting: { readonly holds: () => boolean; readonly resolve: () => void }[] = [];

  constructor(peerId: string) {
    this.peerId = peerId;
    this.context = {
      peerId,
      signal: this.life.signal,
      receive: (data) => this.#tell(read(data)),
      peers: (present) => this.#tell({ what: 'peers', present: present.filter((id) => id !== peerId).sort() }),
      lost: () => this.#tell({ what: 'lost' }),
    };
  }

  /** Hands a small message over; `fields` are put on it. Throws or rejects as the transport does. */
  async send(fields: Fields): Promise<void> {
    await this.channel?.send(messageOf(this.peerId, fields));
  }

  /** Settles as soon as `holds` does, looked at now and after each thing that is told. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }

  /** The message with this text in its field `reason`, if it came. */
  message(mark: string): Fields | undefined {
    for (const told of this.told) if (told.what === 'message' && told.fields['reason'] === mark) return told.fields;
    return undefined;
  }

  /** Who was present by the last word of the transport. */
  get present(): readonly string[] | undefined {
    return this.told.flatMap((told) => (told.what === 'peers' ? [told.present] : [])).at(-1);
  }

  #tell(told: Told): void {
    this.told.push(told);
    this.watch(told);
    const met = this.#waiting.filter(({ holds }) => holds());
    this.#waiting = this.#waiting.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }
}

/** A message as the session says it; `reason` tells one from another. */
export function messageOf(from: string, fields: Fields): SignalMessage {
  return { v: 1, from, me: `instance-of-${from}`, epoch: 1, seq: 0, ack: 0, kind: 'bye', reason: '', ...fields } as SignalMessage;
}

/** `receive` takes text or what was parsed from it. */
function read(data: unknown): Told {
  let value = data;
  if (typeof data === 'string') {
    try {
      value = JSON.parse(data);
    } catch {
      return { what: 'noise', seen: `text that is no JSON ("${data.slice(0, 40)}")` };
    }
  }
  if (typeof value === 'object' && value !== null && 'kind' in value) return { what: 'message', fields: value as Fields };
  return { what: 'noise', seen: Object.prototype.toString.call(value) };
}
