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

/** What a carrier needs. */
export interface CarrierOptions {
  readonly transport: SignalingTransport;
  readonly peerId: string;
  readonly platform: Platform;
  receive(data: unknown): void;
  peers(present: readonly string[]): void;
  /** Open, for the first time or again. */
  opened(): void;
  lost(error: SessionError): void;
  /** The server will never let us in. */
  refused(error: SessionError): void;
}

/** Keeps one channel of the transport open: opens it, notices its loss, opens it again with jittered backoff. */
export class Carrier {
  readonly #o: CarrierOptions;
  #channel: SignalingChannel | null = null;
  /** The life of the current attempt or channel. A late word of an older one is ignored. */
  #life: AbortController | null = null;
  #cancel: () => void = () => {};
  #attempt = 0;
  /** How long the last success took. */
  #tookMs: number | null = null;
  #closed = false;
  /** Why the last attempt failed. */
  lastError: unknown;

  constructor(options: CarrierOptions) {
    this.#o = options;
  }

  get open(): boolean {
    return this.#channel !== null;
  }

  /** Opens now, or at once where a wait was going on. */
  kick(): void {
    this.#cancel();
    if (!this.#closed && !this.#life) void this.#open();
  }

  /** Takes a fresh channel in place of one that may be dead without knowing. */
  renew(): void {
    if (!this.open) return;
    this.#drop();
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
    const stop = platform.timer(() => alive() && this.#lose(new Error(`no channel after ${Math.round(limitMs)} ms`)), limitMs);
    try {
      const channel = await transport.connect(context);
      stop();
      if (!alive()) return void channel.close();
      this.#channel = channel;
      this.#tookMs = platform.now() - since;
      this.#attempt = 0;
      this.#o.opened();
    } catch (cause) {
      stop();
      if (alive()) this.#lose(cause);
    }
  }

  #lose(cause: unknown): void {
    const { platform } = this.#o;
    const wasOpen = this.open;
    this.lastError = cause;
    this.#drop();
    if (isSessionError(cause) && !cause.retryable) return this.#o.refused(cause);
    const maxMs = this.#attempt < EAGER_ATTEMPTS ? MAX_MS : MAX_LATER_MS;
    this.#cancel = platform.timer(() => this.kick(), backoffMs(this.#attempt++, platform.random(), FIRST_MS, maxMs));
    if (wasOpen) this.#o.lost(new SessionError('signaling-lost', `lost the channel of ${this.#o.transport.name}`, { cause }));
  }

  #drop(): void {
    const channel = this.#channel;
    const life = this.#life;
    this.#channel = null;
    this.#life = null;
    life?.abort();
    this.#cancel();
    try {
      void Promise.resolve(channel?.close()).catch(() => {});
    } catch {
      // An adapter that throws here has nothing left to say.
    }
  }

  /** Hands over what the channel takes. What it refuses stays with the link, which sends it again. */
  send(message: SignalMessage, refused: () => void = () => {}): void {
    try {
      void Promise.resolve(this.#channel?.send(message)).catch(refused);
    } catch {
      refused();
    }
  }

  close(): void {
    this.#closed = true;
    // What was handed over in this very task (a `bye`) leaves before the channel ends.
    const channel = this.#channel;
    this.#channel = null;
    const life = this.#life;
    this.#life = null;
    this.#cancel();
    void Promise.resolve()
      .then(() => {
        life?.abort();
        return channel?.close();
      })
      .catch(() => {});
  }
}
