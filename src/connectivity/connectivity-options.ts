import { SessionError } from '../errors.js';
import { checkIceServers } from '../ice/server-urls.js';
import type { Platform } from '../platform.js';
import type { SignalingTransport } from '../signaling/transport.js';
import type { ConnectivityProgress } from './connectivity-report.js';

/** STUN and TURN servers, or the function that fetches them: the same value as the option `iceServers` of a session. */
export type ConnectivityServers =
  | readonly RTCIceServer[]
  | ((context: {
      /** Always `start`. */
      readonly reason: 'start';
      /** Aborted with the check, or when the step's time is up. */
      readonly signal: AbortSignal;
    }) => Promise<readonly RTCIceServer[] | { readonly iceServers: readonly RTCIceServer[] }>);

/** What {@link checkConnectivity} takes. Everything is optional. */
export interface ConnectivityOptions {
  /** The servers to test, each address on its own. @defaultValue none: no server is asked */
  readonly iceServers?: ConnectivityServers;
  /**
   * The signaling to open and to close again. Two instances join and talk to each other, so give it a room of its own: in a
   * room with people these would see two strangers come and go. @defaultValue none
   */
  readonly transport?: SignalingTransport;
  /** Whether to open camera and microphone, which may ask the user. They are closed at once. @defaultValue `false`: look, do not ask */
  readonly media?: boolean;
  /** Cancels the check: it rejects with `aborted`, and everything it opened is closed. */
  readonly signal?: AbortSignal;
  /** Called as each step is done. */
  readonly onProgress?: (progress: ConnectivityProgress) => void;
  /**
   * The time limit of each step in milliseconds. Steps run side by side, so the whole takes at most three times as long: to fetch
   * the servers, to ask them, to compare their answers (which ends earlier where they answered fast). The question for camera and microphone waits for the user, at most a
   * minute. @defaultValue `10000`
   */
  readonly timeoutMs?: number;
  /** Parts of the surroundings to replace. @defaultValue the browser */
  readonly platform?: Partial<Platform>;
}

/** Refuses what cannot be meant. A bad network is no reason to throw; a bad option is. */
export function checkOptions({ iceServers, transport, timeoutMs = 1 }: ConnectivityOptions): void {
  const check = (fine: boolean, what: string): void => {
    if (!fine) throw new SessionError('invalid-option', what);
  };
  check(timeoutMs > 0, 'timeoutMs must be a number above 0');
  check(!transport || typeof transport.connect === 'function', 'transport must have a function connect');
  if (iceServers && typeof iceServers !== 'function') checkIceServers(iceServers);
}
