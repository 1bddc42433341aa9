import { isSessionError, SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { backoffMs } from '../shared/backoff.js';
import type { SignalMessage } from './message.js';
import type { SignalingChannel, SignalingTransport } from './transport.js';

/** The first wait before a new attempt, the longest, and how long one attempt may take. */
const FIRST_MS = 250;
const MAX_MS = 1_000;
const MAX_LATER_MS = 8_000;
/** After so many attempts the waits grow from `MAX_MS` towards `MAX_LATER_MS`. */
const EAGER_ATTEMPTS = 40;
const OPEN_MS = 2_500;
const MAX_OPEN_MS = 15_000;
/**
 * An attempt after a loss may take so many times what the last success took: in an outage a fresh attempt is through seconds before the
 * retransmissions of an old one.
 */
const OPEN_FACTOR = 4;
const MIN_OPEN_MS = 1_500;

/** How it stands with the channel to the other peers. A call goes on without it; nobody can come, and nothing new can be agreed. */
export type SignalingStatus =
  /** Not open yet. */
  | 'opening'
  | 'open'
  /** Lost, or not reached; the session tries again and again. */
  | 'lost'
  /** The session is over. */
  | 'closed';

/** What a carrier needs. */
export interface CarrierOptions {
  readonly transport: SignalingTransport;
  readonly peerId: string;
  readonly platform: Platform;
  receive(data: unknown): void;
  peers(present: readonly string[]): void;
  /** Open, for the first time or again. */
  opened(first: boolean): void;
  /** `status` changed. */
  turned(): void;
  warn(error: SessionError): void;
  /** The server does not let us in. Says whether to ask again, seldom. */
  refused(error: SessionError): boolean;
}

/** What an adapter throws or rejects here is of no use to anybody. */
async function quietly(task: () => unknown): Promise<void> {
  try {
    await task();
  } catch {}
}

/** Keeps one channel of the transport open: opens it, notices its loss, opens it again with jittered backoff. */
export class Carrier {
  readonly #o: CarrierOptions;
  #channel: SignalingChannel | null = null;
  /** The life of the current attempt or channel. A late word of an older one is ignored. */
  #life: AbortController | null = null;
  /** Ends the wait for the next attempt, or the time limit of the present one. */
  #stopTimer: () => void = () => {};
  #attempt = 0;
  /** How long the last success took. */
  #tookMs: number | null = null;
  #closed = false;
  /** Why the last attempt failed, or the last channel was lost. */
  lastError: unknown;

  constructor(options: CarrierOptions) {
    this.#o = options;
  }

  get open(): boolean {
    return this.#channel !== null;
  }

  get status(): SignalingStatus {
    if (this.#channel) return 'open';
    if (this.#closed) return 'closed';
    return this.lastError ? 'lost' : 'opening';
  }

  /** Opens now, or at once where a wait was going on. */
  kick(): void {
    if (this.#closed || this.#life) return;
    this.#stopTimer();
    void this.#open();
  }

  /** Takes a fresh channel, or makes a fresh attempt, in place of one that may be dead without knowing. */
  renew(): void {
    void this.#drop();
    this.kick();
  }

  async #open(): Promise<void> {
    const { transport, peerId, platform, receive, peers } = this.#o;
    const life = new AbortController();
    const { signal } = life;
    this.#life = life;
    const alive = (): boolean => this.#life === life;
    const since = platform.now();
    const usualMs =
      this.#tookMs === null
        ? OPEN_MS * 1.5 ** this.#attempt
        : Math.max(this.#tookMs * OPEN_FACTOR, MIN_OPEN_MS) * 1.1 ** this.#attempt;
    const limitMs = Math.min(usualMs, MAX_OPEN_MS);
    const context = {
      peerId,
      signal,
      receive: (data: unknown) => alive() && receive(data),
      peers: (present: readonly string[]) => alive() && peers(present.filter((id) => id !== peerId)),
      lost: (cause?: unknown) => alive() && this.#lose(cause),
    };
    this.#stopTimer = platform.timer(() => this.#lose(new Error(`no channel after ${Math.round(limitMs)} ms`)), limitMs);
    try {
      const channel = await transport.connect(context);
      if (!alive()) return void quietly(() => channel.close());
      this.#stopTimer();
      const first = this.#tookMs === null;
      this.#channel = channel;
      this.#tookMs = platform.now() - since;
      this.#attempt = 0;
      this.#o.turned();
      // A listener may have closed the session.
      if (alive()) this.#o.opened(first);
      this.lastError = null;
    } catch (cause) {
      if (alive()) this.#lose(cause);
    }
  }

  #lose(cause: unknown): void {
    const { platform } = this.#o;
    const { open, status } = this;
    this.lastError = cause ?? 'lost';
    void this.#drop();
    if (status !== 'lost') this.#o.turned();
    if (this.#closed) return;
    const refusal = isSessionError(cause) && !cause.retryable ? cause : null;
    if (refusal && !this.#o.refused(refusal)) return;
    const maxMs = this.#attempt < EAGER_ATTEMPTS ? MAX_MS : MAX_LATER_MS;
    this.#stopTimer = platform.timer(() => this.kick(), backoffMs(this.#attempt++, platform.random(), FIRST_MS, maxMs));
    if (refusal) this.#attempt = EAGER_ATTEMPTS;
    else if (open) this.#o.warn(new SessionError('signaling-lost', `lost the channel of ${this.#o.transport.name}`, { cause }));
  }

  /** @param last what was handed over in this very task (a `bye`) leaves before the channel ends */
  async #drop(last = false): Promise<void> {
    const channel = this.#channel;
    const life = this.#life;
    this.#channel = this.#life = null;
    this.#stopTimer();
    if (last) await Promise.resolve();
    life?.abort();
    await quietly(() => channel?.close());
  }

  /** Hands over what the channel takes. What it refuses stays with the link, which sends it again. */
  send(message: SignalMessage): void {
    void quietly(() => this.#channel?.send(message));
  }

  close(): void {
    this.#closed = true;
    void this.#drop(true);
  }
}
