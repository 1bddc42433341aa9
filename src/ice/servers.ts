import { isSessionError, SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { checkIceServers, expiryOf } from './server-urls.js';

/** STUN and TURN servers with the time at which their credentials end. */
export interface IceServersAnswer {
  /** As for `RTCPeerConnection`. */
  readonly iceServers: readonly RTCIceServer[];
  /** Unix time in milliseconds, or a `Date`. @defaultValue read from time-limited usernames (`1735689600:alice`) */
  readonly expiresAt?: number | Date;
}

/** Why the servers are asked for. */
export interface IceServersContext {
  /** `start`, `rebuild` of the connection, or `refresh` ahead of the expiry. */
  readonly reason: 'start' | 'rebuild' | 'refresh';
  /** Aborted when the session closes. */
  readonly signal: AbortSignal;
}

/** STUN and TURN servers, or the function that fetches them. */
export type IceServersSource =
  | readonly RTCIceServer[]
  | ((context: IceServersContext) => Promise<readonly RTCIceServer[] | IceServersAnswer>);

/** Credentials are renewed when this share of their life is over, at least so long apart, and the answer is waited for so long. */
const RENEW_AT = 0.75;
const MIN_RENEW_MS = 2_000;
const FETCH_MS = 10_000;
const MAX_TIMER_MS = 2_147_483_647;

/** What is needed to keep servers fresh. */
export interface IceServersOptions {
  readonly iceServers: IceServersSource;
  readonly platform: Platform;
  /** New servers came ahead of the expiry. */
  renewed(servers: RTCIceServer[]): void;
  warn(error: SessionError): void;
}

/** The servers to use now, asked for ahead of their expiry. */
export class IceServers {
  readonly #o: IceServersOptions;
  readonly #life = new AbortController();
  #servers: RTCIceServer[] = [];
  #expiresAt: number | null = null;
  #stop: () => void = () => {};

  constructor(options: IceServersOptions) {
    this.#o = options;
    if (typeof options.iceServers !== 'function') this.#servers = checkIceServers(options.iceServers);
  }

  /** What was asked for last. */
  get current(): RTCIceServer[] {
    return this.#servers;
  }

  /** Whether the credentials have run out, or nearly. */
  get stale(): boolean {
    return this.#expiresAt !== null && this.#o.platform.wall() > this.#expiresAt - MIN_RENEW_MS;
  }

  /** Asks the function, if there is one. @throws SessionError `ice-servers-failed`, `ice-server-invalid` */
  async fetch(reason: IceServersContext['reason']): Promise<RTCIceServer[]> {
    const { iceServers: source, platform } = this.#o;
    if (typeof source !== 'function') return this.#servers;
    let stop = (): void => {};
    const late = new Promise<never>((_, reject) => {
      stop = platform.timer(() => reject(new Error(`no answer within ${FETCH_MS} ms`)), FETCH_MS);
    });
    try {
      const answer = await Promise.race([source({ reason, signal: this.#life.signal }), late]);
      const { iceServers, expiresAt } = 'iceServers' in answer ? answer : { iceServers: answer, expiresAt: undefined };
      this.#servers = checkIceServers(iceServers);
      this.#expiresAt = expiresAt === undefined ? expiryOf(this.#servers) : Number(expiresAt);
      if (this.#expiresAt !== null) this.#renewIn(Math.max((this.#expiresAt - platform.wall()) * RENEW_AT, MIN_RENEW_MS));
      return this.#servers;
    } catch (cause) {
      throw isSessionError(cause) ? cause : new SessionError('ice-servers-failed', 'the function iceServers failed', { cause });
    } finally {
      stop();
    }
  }

  #renewIn(ms: number): void {
    this.#stop();
    if (this.#life.signal.aborted) return;
    this.#stop = this.#o.platform.timer(
      () => {
        this.fetch('refresh').then(
          (servers) => this.#o.renewed(servers),
          (error: SessionError) => {
            this.#o.warn(error);
            this.#renewIn(MIN_RENEW_MS * 2);
          },
        );
      },
      Math.min(ms, MAX_TIMER_MS),
    );
  }

  close(): void {
    this.#life.abort();
    this.#stop();
  }
}
