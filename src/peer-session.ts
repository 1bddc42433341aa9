import { Channels } from './channels/channels.js';
import type { ChannelOptions, DataChannel } from './channels/data-channel.js';
import { Conductor } from './conductor.js';
import { SessionError } from './errors.js';
import type { Route } from './ice/route.js';
import { IceServers } from './ice/servers.js';
import { LocalMedia, type LocalTrack } from './media/local-media.js';
import { RemoteMedia, type RemoteTrack } from './media/remote-media.js';
import type { SessionEvents } from './session-events.js';
import type { SessionSetup } from './session-options.js';
import { type Facts, NEXT, NO_FACTS, type SessionState, sameState, stateOf } from './session-state.js';
import { aborted } from './shared/deadline.js';
import { Events, type Unsubscribe } from './shared/events.js';
import { Timeline, type TimelineEntry } from './timeline.js';

/** What a session is at one moment. Immutable; the same object until something changes. */
export interface SessionSnapshot {
  /** What the session is doing. */
  readonly state: SessionState;
  /** The address of this side. */
  readonly peerId: string;
  /** The address of the other side, or `null` before somebody came. */
  readonly remotePeerId: string | null;
  /** The live path, or `null` before there is one. */
  readonly route: Route | null;
  /** What we send. */
  readonly local: readonly LocalTrack[];
  /** What arrives. */
  readonly remote: readonly RemoteTrack[];
}

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
  readonly #timeline: Timeline;
  readonly #channels: Channels;
  readonly #servers: IceServers;
  readonly #conductor: Conductor;
  readonly #life = new AbortController();
  #facts: Facts = NO_FACTS;
  #state: SessionState = { status: 'idle' };
  #snapshot: SessionSnapshot | null = null;
  #stopPage: () => void = () => {};
  #settle: { resolve(): void; reject(error: SessionError): void } | null = null;

  /** @internal */
  constructor(setup: SessionSetup) {
    const { platform } = setup;
    this.#setup = setup;
    this.peerId = setup.peerId;
    this.#timeline = new Timeline(() => platform.now());
    const warn = (error: SessionError): void => this.#emit('warning', { error });
    this.media = new LocalMedia({ platform, changed: (name, slot, kind) => this.#localChanged(name, slot, kind), warn });
    this.remote = new RemoteMedia({
      stream: platform.MediaStream,
      added: ({ name, track, stream }) => this.#emit('track', { name, track, stream }),
      removed: ({ name, track }) => this.#emit('trackremoved', { name, track }),
      muted: ({ name, muted }) => this.#emit('trackmute', { name, muted }),
    });
    this.#servers = new IceServers({ source: setup.iceServers, platform, renewed: (servers) => this.#conductor.renewed(servers), warn });
    this.#channels = new Channels({
      platform,
      announced: (name) => this.#emit('channel', { name }),
      heard: () => this.#conductor.heardPath(),
      proved: () => this.#conductor.proved(),
      lost: () => this.#conductor.transportLost(),
      bye: (reason) => this.#conductor.bye(reason),
      warn,
    });
    this.#conductor = new Conductor({
      ...setup,
      media: this.media,
      remote: this.remote,
      channels: this.#channels,
      servers: this.#servers,
      timeline: this.#timeline,
      learn: (news) => this.#learn(news),
      facts: () => this.#facts,
      emit: (type, event) => this.#emit(type, event),
      closed: (reason) => this.#end({ closed: { by: 'remote', reason } }),
      fail: (error) => this.#end({ error }),
    });
  }

  /** What the session is doing now. */
  get state(): SessionState {
    return this.#state;
  }

  /** The address of the other side, or `null` before somebody came. */
  get remotePeerId(): string | null {
    return this.#conductor.link.peer?.peerId ?? null;
  }

  /** The live path, or `null` before there is one. */
  get route(): Route | null {
    return this.#conductor.route;
  }

  /** What happened when, by stage; without descriptions, credentials and passwords. Plain data, for a bug report. */
  get timeline(): readonly TimelineEntry[] {
    return this.#timeline.entries;
  }

  /** The present `RTCPeerConnection`: to read, not to negotiate. Another one after a rebuild. */
  get connection(): RTCPeerConnection | null {
    return this.#conductor.connection?.peer ?? null;
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
      this.#settle = { resolve, reject };
      const stop = (): void => {
        this.#settle = null;
        reject(aborted(signal as AbortSignal));
        void this.close('aborted');
      };
      signal?.addEventListener('abort', stop, { signal: this.#life.signal });
      this.#events.on('statechange', ({ state }) => state.status === 'connected' && signal?.removeEventListener('abort', stop), true);
      this.#learn({ started: true, fetching: this.#setup.source !== undefined });
      void this.#run();
    });
  }

  /** Ends the call and tells the peer why. Idempotent, at any moment; waits for nothing on the network. */
  async close(reason = 'closed'): Promise<void> {
    if (this.#life.signal.aborted) return;
    this.#conductor.sayBye(reason);
    this.#end({ closed: { by: 'local', reason } });
  }

  /** Closes the session at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Looks for a new path without dropping the old one (an ICE restart, RFC 8445 section 2.4). The session does this by itself when needed. */
  restart(): void {
    this.#conductor.restart();
  }

  /** For an app in the background: nothing is tried or asked until {@link PeerSession.resume}. What flows, flows on. */
  pause(): void {
    if (!this.#facts.started || this.#facts.paused) return;
    this.#learn({ paused: true });
    this.#conductor.hold(true);
  }

  /** Takes back {@link PeerSession.pause}: looks at once whether the path still works. */
  resume(): void {
    if (!this.#facts.paused) return;
    this.#learn({ paused: false });
    this.#conductor.hold(false);
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
    return this.#channels.open(name, options);
  }

  async #run(): Promise<void> {
    const { timeouts, source, platform } = this.#setup;
    this.#stopPage = platform.onPage((event) => this.#conductor.page(event));
    const limit = (ms: number, error: () => SessionError | null): (() => void) => {
      if (!Number.isFinite(ms)) return () => {};
      const stop = platform.timer(() => {
        const late = error();
        if (late) this.#end({ error: late });
      }, ms);
      this.#life.signal.addEventListener('abort', stop);
      return stop;
    };
    const { carrier } = this.#conductor;
    carrier.kick();
    const stop = limit(timeouts.fetchingMs, () => new SessionError('media-failed', `no media within ${timeouts.fetchingMs} ms`));
    try {
      await Promise.all([source && this.media.publishAll(source, this.#life.signal), this.#servers.fetch('start')]);
    } catch (error) {
      return this.#end({ error: error as SessionError });
    }
    stop();
    if (this.#life.signal.aborted) return;
    this.#learn({ fetching: false });
    limit(timeouts.signalingMs, () => {
      if (carrier.open || this.#conductor.link.peer || this.#facts.everProved) return null;
      return new SessionError('signaling-open', `cannot reach ${this.#setup.transport.name}`, { cause: carrier.lastError });
    });
    const stopPeer = limit(timeouts.peerMs, () => new SessionError('peer-timeout', `nobody came within ${timeouts.peerMs} ms`));
    const joined = (): void => {
      stopPeer();
      const late = limit(timeouts.connectingMs, () => this.#tooLate(timeouts.connectingMs));
      this.#events.on('statechange', late, true);
    };
    if (this.#conductor.link.peer) joined();
    else this.#events.on('peerchange', joined, true);
    this.#conductor.ready();
  }

  #tooLate(ms: number): SessionError | null {
    const { connection } = this.#conductor;
    if (this.#facts.everProved) return null;
    if (!this.#facts.described) return new SessionError('connection-timeout', `no answer of the peer within ${ms} ms`);
    return connection?.failure() ?? new SessionError('connection-timeout', `no connection within ${ms} ms`);
  }

  #localChanged(name: string, slot: LocalTrack | null, kind: string): void {
    const { connection } = this.#conductor;
    connection?.setTrack(name, kind, slot?.track ?? null);
    this.#conductor.tellMedia();
    this.#emit('localtrack', { name, track: slot?.track ?? null, muted: slot?.muted ?? false });
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
    this.#timeline.add('usage', `state ${state.status}`, state.status === 'failed' ? state.error.code : undefined);
    if (state.status === 'connected') {
      this.#settle?.resolve();
      this.#settle = null;
    }
    this.#emit('statechange', { state, previous });
  }

  #emit<K extends keyof SessionEvents>(type: K, event: SessionEvents[K]): void {
    if (this.#life.signal.aborted && type !== 'statechange') return;
    if (type === 'warning') this.#timeline.add((event as SessionEvents['warning']).error.stage, 'warning', (event as SessionEvents['warning']).error.code);
    this.#snapshot = null;
    this.#events.emit(type, event as never);
    this.#events.emit('change', null);
  }

  #end(how: Pick<Facts, 'closed'> | Pick<Facts, 'error'>): void {
    if (this.#life.signal.aborted) return;
    if ('error' in how) this.#conductor.sayBye('failed');
    this.#life.abort();
    this.#stopPage();
    this.#servers.close();
    this.media.close();
    this.#channels.close();
    this.#conductor.close();
    const settle = this.#settle;
    this.#settle = null;
    this.#learn(how);
    settle?.reject(this.#state.status === 'failed' ? this.#state.error : new SessionError('closed', 'the session was closed'));
    this.#events.clear();
  }
}
