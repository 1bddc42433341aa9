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
import { type Facts, NEXT, NO_FACTS, type SessionState, sameState, stateOf } from './session-state.js';
import { aborted } from './shared/deadline.js';
import { Events, type Unsubscribe } from './shared/events.js';
import { startSession } from './start-session.js';
import type { TimelineEntry } from './timeline.js';

/**
 * One call with one other peer: media, data channels and the path between, however often the network changes under it. Made by
 * `createSession()`.
 */
export class PeerSession {
  /** What we send, by slot name. */
  readonly media: LocalMedia;
  /** What arrives, by slot name. */
  readonly remote: RemoteMedia;
  /** The address of this side on the transport. */
  readonly peerId: string;
  readonly #setup: SessionSetup;
  readonly #events = new Events<SessionEvents & { change: null }>();
  readonly #rooms: Rooms;
  readonly #life = new AbortController();
  #facts: Facts = NO_FACTS;
  #state: SessionState = { status: 'idle' };
  #snapshot: SessionSnapshot | null = null;
  #stopPage: () => void = () => {};
  #settle: { resolve(): void; reject(error: SessionError): void } | null = null;

  /** @internal */
  constructor(setup: SessionSetup) {
    this.peerId = setup.peerId;
    this.#setup = setup;
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

  /** The live path, or `null` before there is one. */
  get route(): Route | null {
    return this.#rooms.conductor.epochs.path.routes.route;
  }

  /** What happened when, by stage; without descriptions, credentials and passwords. Plain data, for a bug report. */
  get timeline(): readonly TimelineEntry[] {
    return this.#rooms.timeline.entries;
  }

  /** The present `RTCPeerConnection`: to read, not to negotiate. Another one after a rebuild. */
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
      route: this.route,
      local: this.media.list(),
      remote: this.remote.list(),
    });
    return this.#snapshot;
  };

  /**
   * Fetches the media, reaches the peer, and resolves when bytes have come back from it. Once per session.
   *
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
      this.#settle = {
        resolve: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
        reject,
      };
      this.#learn({ started: true, fetching: this.#setup.source !== undefined });
      this.#stopPage = this.#setup.platform.onPage((event) => this.#rooms.conductor.page(event));
      void startSession({
        setup: this.#setup,
        media: this.media,
        servers: this.#rooms.servers,
        conductor: this.#rooms.conductor,
        signal: this.#life.signal,
        facts: () => this.#facts,
        fetched: () => this.#learn({ fetching: false }),
        joined: (listener) => this.#events.on('peerchange', listener, true),
        fail: (error) => this.#end({ error }),
      });
    });
  }

  /** Ends the call and tells the peer why. Idempotent, at any moment; waits for nothing on the network. */
  async close(reason = 'closed'): Promise<void> {
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
    if (!this.#facts.started || this.#facts.paused) return;
    this.#learn({ paused: true });
    this.#rooms.conductor.hold(true);
  }

  /** Takes back {@link PeerSession.pause}: looks at once whether the path still works. */
  resume(): void {
    if (!this.#facts.paused) return;
    this.#learn({ paused: false });
    this.#rooms.conductor.hold(false);
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

  /** The one door: facts in, state out. */
  #learn(news: Partial<Facts>): void {
    const previous = this.#state;
    if (previous.status === 'closed' || previous.status === 'failed') return;
    this.#facts = { ...this.#facts, ...news };
    const state = stateOf(this.#facts);
    if (sameState(previous, state)) return;
    if (!NEXT[previous.status].includes(state.status)) {
      throw new SessionError('invalid-state', `a session cannot go from ${previous.status} to ${state.status}`);
    }
    this.#state = state;
    this.#rooms.timeline.add('session', `state ${state.status}`, state.status === 'failed' ? state.error.code : undefined);
    if (state.status === 'connected') {
      this.#settle?.resolve();
      this.#settle = null;
    }
    this.#emit('statechange', { state, previous });
  }

  #emit<K extends keyof SessionEvents>(type: K, event: SessionEvents[K]): void {
    if (this.#life.signal.aborted && type !== 'statechange') return;
    if (type === 'warning')
      this.#rooms.timeline.add(
        (event as SessionEvents['warning']).error.stage,
        'warning',
        (event as SessionEvents['warning']).error.code,
      );
    this.#snapshot = null;
    this.#events.emit(type, event as never);
    this.#events.emit('change', null);
  }

  #end(how: Pick<Facts, 'closed'> | Pick<Facts, 'error'>): void {
    if (this.#life.signal.aborted) return;
    if ('error' in how) this.#rooms.conductor.sayBye('failed');
    this.#life.abort();
    this.#stopPage();
    this.#rooms.servers.close();
    this.media.close();
    this.#rooms.channels.close();
    this.#rooms.conductor.close();
    const settle = this.#settle;
    this.#settle = null;
    this.#learn(how);
    settle?.reject(this.#state.status === 'failed' ? this.#state.error : new SessionError('closed', 'the session was closed'));
    this.#events.clear();
  }
}
