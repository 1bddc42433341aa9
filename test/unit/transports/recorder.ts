import type { SignalingChannel, SignalingContext, SignalingTransport, SignalMessage } from 'peer-session';

/** One thing that a transport told. */
export type Told =
  | { readonly what: 'message'; readonly data: Record<string, unknown> }
  | { readonly what: 'peers'; readonly present: readonly string[] }
  | { readonly what: 'lost'; readonly cause: unknown };

/** A session's side of a transport: keeps what it is told, and lets a test wait for the next of it. */
export class Recorder {
  readonly told: Told[] = [];
  readonly life = new AbortController();
  readonly context: SignalingContext;
  channel: SignalingChannel | undefined;
  #waiting: { readonly wanted: (told: Told) => boolean; readonly resolve: (told: Told) => void }[] = [];

  readonly #watchers: ((told: Told) => void)[] = [];

  constructor(readonly peerId: string) {
    this.context = {
      peerId,
      signal: this.life.signal,
      receive: (data) => this.#tell({ what: 'message', data: (typeof data === 'string' ? JSON.parse(data) : data) as never }),
      peers: (present) => this.#tell({ what: 'peers', present }),
      lost: (cause) => this.#tell({ what: 'lost', cause }),
    };
  }

  async connect(transport: SignalingTransport): Promise<this> {
    this.channel = await transport.connect(this.context);
    return this;
  }

  async send(fields: Record<string, unknown> = {}): Promise<void> {
    await this.channel?.send(message(this.peerId, fields));
  }

  async close(): Promise<void> {
    await this.channel?.close();
  }

  /** The first thing of this kind, told before or yet to be told. */
  until(wanted: (told: Told) => boolean): Promise<Told> {
    const before = this.told.find(wanted);
    if (before) return Promise.resolve(before);
    return new Promise((resolve) => this.#waiting.push({ wanted, resolve }));
  }

  /** Waits for a message with this text in its field `reason`. */
  async heard(reason: string): Promise<Record<string, unknown>> {
    const told = await this.until((one) => one.what === 'message' && one.data['reason'] === reason);
    return (told as Told & { what: 'message' }).data;
  }

  /** Waits until exactly these are present. */
  async sees(...present: string[]): Promise<void> {
    const wanted = [...present].sort().join();
    await this.until((one) => one.what === 'peers' && [...one.present].sort().join() === wanted);
  }

  /** Waits until exactly these are present from now on, whatever was told before. */
  async untilSees(...present: string[]): Promise<void> {
    const wanted = [...present].sort().join();
    const fits = (one: Told | undefined): boolean => one?.what === 'peers' && [...one.present].sort().join() === wanted;
    if (!fits(this.told.findLast(({ what }) => what === 'peers')))
      await new Promise((resolve) => this.#waiting.push({ wanted: fits, resolve }));
  }

  /** Calls `listener` with each thing that is told from now on. */
  watch(listener: (told: Told) => void): void {
    this.#watchers.push(listener);
  }

  async lost(): Promise<unknown> {
    const told = await this.until((one) => one.what === 'lost');
    return (told as Told & { what: 'lost' }).cause;
  }

  /** What the messages so far said, in order. */
  get reasons(): unknown[] {
    return this.told.flatMap((one) => (one.what === 'message' ? [one.data['reason']] : []));
  }

  #tell(told: Told): void {
    this.told.push(told);
    for (const watcher of this.#watchers) watcher(told);
    const [met, unmet] = [
      this.#waiting.filter(({ wanted }) => wanted(told)),
      this.#waiting.filter(({ wanted }) => !wanted(told)),
    ];
    this.#waiting = unmet;
    for (const { resolve } of met) resolve(told);
  }
}

/** A small signal message; `reason` tells one from another. */
export function message(from: string, fields: Record<string, unknown> = {}): SignalMessage {
  return { v: 1, from, me: `${from}-1`, epoch: 1, seq: 0, ack: 0, kind: 'bye', reason: 'x', ...fields } as SignalMessage;
}
