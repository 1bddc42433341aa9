import type { ChannelOptions } from './channels/channel-options.js';
import type { DataChannel } from './channels/data-channel.js';
import { SessionError } from './errors.js';
import type { Route } from './ice/route.js';
import type { LocalMedia } from './media/local-media.js';
import type { RemoteMedia } from './media/remote-media.js';
import { buildRooms, type Rooms } from './rooms.js';
import type { SessionEvents } from './session-events.js';
import type { SessionSetup } from './session-options.js';
import type { SessionSnapshot } from './session-snapshot.js';
import { type CloseReason, type Facts, NO_FACTS, type SessionState, sameState, stateOf } from './session-state.js';
import { aborted } from './shared/deadline.js';
import { Events, type Unsubscribe } from './shared/events.js';
import type { SignalingStatus } from './signaling/carrier.js';
import { startSession } from './start-session.js';
import type { TimelineEntry } from './timeline.js';

/**
 * One call with one other peer: media, data channels and the path between, however often the network changes under it. Made by
 * `createSession()`.
 */
export class PeerSession {
  /** What we send, by slot name. */
  declare readonly media: LocalMedia;
  /** What arrives, by slot name. */
  declare readonly remote: RemoteMedia;
  /** The address of this side on the transport. */
  declare readonly peerId: string;
  readonly #events = new Events<SessionEvents & { change: null }>();
  readonly #rooms: Rooms;
  readonly #life = new AbortController();
  #facts: Facts = NO_FACTS;
  #state: SessionState = { status: 'idle' };
  #snapshot: SessionSnapshot | null = null;
  /** Settles `start()`; only the first call counts. */
  #settle: (error?: SessionError) => void = () => {};

  /** @internal */
  constructor(setup: SessionSetup) {
    this.peerId = setup.peerId;
    this.#rooms = buildRooms(setup, {
      learn: (news) => this.#learn(news),
      facts: () => this.#facts,
      emit: (type, event) => this.#emit(type, event),
      closed: (reason) => this.#end({ closed: { by: 'remote', reason } }),
      fail: (error) => this.#end({ error }),
    });
    this.media = this.#rooms.media;
    this.remote = this.#rooms.remote;
  }

  /** What the session is doing now. */
  get state(): SessionState {
    return this.#state;
  }

  /** The address of the other side, or `null` before somebody came. */
  get remotePeerId(): string | null {
    return this.#rooms.conductor.link.peer?.peerId ?? null;
  }

  /** How it stands with the signaling channel. Changes are told by `signalingchange`. */
  get signaling(): SignalingStatus {
    return this.#rooms.conductor.carrier.status;
  }

  /** The live path, or `null` before it was read: in a browser that may be some milliseconds after `connected`. Each change is told by `routechange`, the first one too. */
  get route(): Route | null {
    return this.#rooms.conductor.epochs.path.routes.route;
  }

  /** What happened when, by stage; without descriptions, credentials and passwords. Plain data, for a bug report. */
  get timeline(): readonly TimelineEntry[] {
    return this.#rooms.timeline.entries;
  }

  /**
   * The present `RTCPeerConnection`: to read, not to negotiate. Another one after a rebuild. What is set on its senders with
   * `setParameters()` (webrtc-pc section 5.2) is kept by slot and set again there.
   *
   * @example
   * ```ts
   * import type { PeerSession } from 'peer-session';
   *
   * async function limitCamera(session: PeerSession, maxBitrate: number) {
   *   const track = session.media.get('camera')?.track;
   *   const sender = session.connection?.getSenders().find((one) => one.track === track);
   *   const parameters = sender?.getParameters();
   *   for (const encoding of parameters?.encodings ?? []) encoding.maxBitrate = maxBitrate;
   *   if (parameters) await sender?.setParameters(parameters);
   * }
   * ```
   */
  get connection(): RTCPeerConnection | null {
    return this.#rooms.conductor.epochs.connection?.peer ?? null;
  }

  /** Hears one event. Returns its undoing. */
  on<K extends keyof SessionEvents>(type: K, listener: (event: SessionEvents[K]) => void): Unsubscribe {
    return this.#events.on(type, listener as never);
  }

  /** Hears one event, once. Returns its undoing. */
  once<K extends keyof SessionEvents>(type: K, listener: (event: SessionEvents[K]) => void): Unsubscribe {
    return this.#events.on(type, listener as never, true);
  }

  /** Takes a listener back. */
  off<K extends keyof SessionEvents>(type: K, listener: (event: SessionEvents[K]) => void): void {
    this.#events.off(type, listener as never);
  }

  /** Hears that {@link PeerSession.getSnapshot} would give something new. Bound: hand it to `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): Unsubscribe => this.#events.on('change', () => listener());

  /** What the session is at this moment. Bound; the same object until something changes. */
  readonly getSnapshot = (): SessionSnapshot => {
    this.#snapshot ??= Object.freeze({
      state: this.#state,
      peerId: this.peerId,
      remotePeerId: this.remotePeerId,
      signaling: this.signaling,
      route: this.route,
      local: this.media.list(),
      remote: this.remote.list(),
    });
    return this.#snapshot;
  };

  /**
   * Fetches the media, reaches the peer, and resolves when bytes have come back from it. Once per session.
   *
   * @param options `signal` ends the wait: the session is closed, and the promise rejects with `aborted`
   * @throws SessionError whatever the three stages report; the session is then `failed`, or `closed` after an abort
   */
  start({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (this.#state.status !== 'idle') {
      return Promise.reject(new SessionError('invalid-state', `start() was called in the state "${this.#state.status}"`));
    }
    if (signal?.aborted) return Promise.reject(aborted(signal));
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        reject(aborted(signal as AbortSignal));
        void this.close('aborted');
      };
      signal?.addEventListener('abort', stop, { signal: this.#life.signal });
      this.#settle = (error) => {
        signal?.removeEventListener('abort', stop);
        if (error) reject(error);
        else resolve();
      };
      this.#learn({ started: true, fetching: this.#rooms.source !== undefined });
      void startSession(this.#rooms, this.#life.signal, (listener) => this.#events.on('peerchange', listener, true));
    });
  }

  /** Ends the call and tells the peer why. Idempotent, at any moment; waits for nothing on the network. */
  async close(reason: CloseReason = 'closed'): Promise<void> {
    if (this.#life.signal.aborted) return;
    // Words of our own protocol would be taken for ours by the peer; an empty or very long one is refused by its parser.
    const word = /^(unload|busy|)$/.test(reason) ? 'closed' : reason.slice(0, 128);
    this.#rooms.conductor.sayBye(word);
    this.#end({ closed: { by: 'local', reason: word } });
  }

  /** Closes the session at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Looks for a new path without dropping the old one (an ICE restart, RFC 8445 section 2.4). The session does this by itself when needed. */
  restart(): void {
    this.#rooms.conductor.restart();
  }

  /** For an app in the background: nothing is tried or asked until {@link PeerSession.resume}. What flows, flows on. */
  pause(): void {
    if (this.#facts.started && !this.#facts.paused) this.#hold(true);
  }

  /** Takes back {@link PeerSession.pause}: looks at once whether the path still works. */
  resume(): void {
    if (this.#facts.paused) this.#hold(false);
  }

  /**
   * The data channel of this name; both sides open it by calling this with the same name. Survives rebuilt connections.
   *
   * @throws SessionError `closed`, `invalid-option`
   */
  channel(name: string, options: ChannelOptions = {}): DataChannel {
    if (this.#life.signal.aborted) throw new SessionError('closed', 'the session is closed');
    if (!name || (options.maxRetransmits !== undefined && options.maxPacketLifeTime !== undefined)) {
      throw new SessionError('invalid-option', 'channel(): needs a name, and only one of maxRetransmits and maxPacketLifeTime');
    }
    return this.#rooms.channels.open(name, options);
  }

  #hold(paused: boolean): void {
    this.#learn({ paused });
    this.#rooms.conductor.hold(paused);
  }

  /** The one door: facts in, state out. The table of `NEXT` is checked by the tests. */
  #learn(news: Partial<Facts>): void {
    const previous = this.#state;
    this.#facts = { ...this.#facts, ...news };
    const state = stateOf(this.#facts);
    if (sameState(previous, state)) return;
    this.#state = state;
    this.#rooms.timeline.add('session', `state ${state.status}`, this.#facts.error?.code);
    if (state.status === 'connected') this.#settle();
    this.#emit('statechange', { state, previous });
  }

  #emit<K extends keyof SessionEvents>(type: K, event: SessionEvents[K]): void {
    if (this.#life.signal.aborted && type !== 'statechange') return;
    const { error } = event as Partial<SessionEvents['warning']>;
    if (error) this.#rooms.timeline.add(error.stage, 'warning', error.code);
    this.#snapshot = null;
    this.#events.emit(type, event as never);
    this.#events.emit('change', null);
  }

  #end(how: Pick<Facts, 'closed'> | Pick<Facts, 'error'>): void {
    if (this.#life.signal.aborted) return;
    if ('error' in how) this.#rooms.conductor.sayBye('failed');
    this.#life.abort();
    this.#rooms.servers.close();
    this.media.close();
    this.#rooms.channels.close();
    this.#rooms.conductor.close();
    this.#learn(how);
    this.#settle(this.#facts.error ?? new SessionError('closed', 'the session was closed'));
    this.#events.clear();
  }
}
