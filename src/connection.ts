import type { BareConnection } from './bare-connection.js';
import type { Channels } from './channels/channels.js';
import { SessionError } from './errors.js';
import { LocalCandidates, RemoteCandidates } from './ice/candidates.js';
import { diagnose } from './ice/diagnosis.js';
import type { LocalMedia } from './media/local-media.js';
import type { RemoteMedia } from './media/remote-media.js';
import type { Sections } from './media/sections.js';
import type { Platform } from './platform.js';
import { byFirefox } from './shared/by-firefox.js';
import type { Candidate, MediaStates, NumberedBody, OfferBody } from './signaling/message.js';
import { candidateOf, Negotiator } from './signaling/negotiator.js';
import { insists } from './signaling/turn.js';

/** How long the larger instance waits for the restart of the smaller one. */
const RENEWAL_MS = 3_000;

/**
 * The browser's own view: `connectionState`; or ICE found a path, over which DTLS comes next; or DTLS ended, by the peer's own word
 * (`dtls-closed`) or without.
 */
export type PathState = RTCPeerConnectionState | 'ice-connected' | 'dtls-closed' | 'dtls-failed';

/** What a connection is made of, and where it reports. */
export interface ConnectionOptions {
  readonly platform: Platform;
  readonly candidateFilter: (candidate: Candidate) => boolean;
  readonly media: LocalMedia;
  readonly remote: RemoteMedia;
  readonly channels: Channels;
  readonly servers: { readonly current: readonly RTCIceServer[] };
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly me: string;
  them(): string | undefined;
  say(body: NumberedBody): void;
  /** Our first offer is ready. */
  offered(offer: OfferBody): void;
  /** Both descriptions are applied, or the first of the peer is. */
  described(): void;
  yielded(offer: OfferBody): void;
  negotiationFailed(error: SessionError): void;
  pathChanged(state: PathState): void;
  log(what: string, detail?: string): void;
  warn(error: SessionError): void;
}

/** One epoch: one `RTCPeerConnection` from birth to end, with the rooms that work on it. */
export class Connection {
  readonly peer: RTCPeerConnection;
  readonly #o: ConnectionOptions;
  readonly #negotiator: Negotiator;
  readonly #sections: Sections;
  readonly #local: LocalCandidates;
  readonly #remote: RemoteCandidates;
  readonly #errors: { url: string; code: number }[] = [];
  readonly #life = new AbortController();
  #stopRenewal = (): void => {};
  /** Our first offer, while nobody has answered it. */
  firstOffer: OfferBody | undefined;
  /** ICE found a path once. */
  paired = false;
  /** DTLS has shaken hands. */
  shaken = false;

  /** @param lead our offer opens this epoch: we create the channels. */
  constructor({ peer, sections }: BareConnection, lead: boolean, options: ConnectionOptions) {
    const { platform, channels } = options;
    this.#o = options;
    this.peer = peer;
    this.#sections = sections;
    this.#local = new LocalCandidates(platform, options.candidateFilter, options.say);
    this.#remote = new RemoteCandidates(peer);
    this.#negotiator = new Negotiator({
      peer,
      platform,
      me: options.me,
      them: options.them,
      say: (body) => {
        options.log(`${body.kind} sent`);
        options.say(body);
      },
      beforeOffer: () => this.#sections.beforeOffer(),
      beforeAnswer: (mids) => this.#sections.beforeAnswer(mids),
      mids: () => this.#sections.mids(),
      media: () => options.media.states,
      applied: (id, states) => this.#applied(id, states),
      told: (states) => this.#setRemote(states),
      described: (id) => {
        this.#watchDtls();
        this.#local.described(id);
      },
      yielded: options.yielded,
      failed: options.negotiationFailed,
    });
    this.#watch();
    if (!lead) sections.beforeFirstOffer();
    channels.attach(peer, lead);
  }

  offerFirst(): void {
    this.#negotiator.offerFirst((offer) => {
      this.firstOffer = offer;
      this.#o.offered(offer);
    });
  }

  hear(body: NumberedBody, called = false): void {
    const types = body.kind === 'candidates' ? body.candidates.map(({ candidate }) => / typ (\w+)/.exec(candidate)?.[1]) : [];
    this.#o.log(`${body.kind} received`, types.join(' '));
    // Candidates wait for their own description: behind an answer that is being made they would wait for nothing.
    if (body.kind === 'candidates') this.#remote.add(body);
    else this.#negotiator.hear(body, called);
  }

  /** Asks for new candidates and a new path. Settled with the turn, like every offer. */
  restart(): void {
    this.peer.restartIce?.();
    this.#negotiator.need();
  }

  /** A slot changed: puts its track on its section, or negotiates one. */
  setTrack(name: string, kind: string, track: MediaStreamTrack | null): void {
    const done = this.#sections.set(name, kind, track);
    if (done !== undefined) void done.catch(() => this.#negotiator.need());
    else if (track) this.#negotiator.need();
  }

  #setRemote(states: MediaStates): void {
    this.#o.remote.update(states, (name) => this.#sections.remoteTrack(name));
  }

  /**
   * Fresh servers. Many TURN servers refuse to refresh an allocation with credentials that have ended: a relayed path moves to a new one
   * before they do. One restart serves both sides, since the answerer gathers anew, too: the larger instance waits for the smaller one's.
   * With Firefox no restart is made: its relayed path dies some seconds after one. Should its server refuse, the path is mended as a lost one.
   */
  renew(iceServers: RTCIceServer[], relayed: boolean): void {
    const { platform, me, them } = this.#o;
    const before = this.#generation;
    const restart = (): void => {
      if (this.#generation === before) this.restart();
    };
    try {
      this.peer.setConfiguration({ ...this.peer.getConfiguration(), iceServers });
    } catch {
      // Engines that cannot: the next connection uses them.
    }
    this.#stopRenewal();
    const firefox = byFirefox(this.peer) || byFirefox(this.peer, 'remoteDescription');
    if (relayed && !firefox) this.#stopRenewal = platform.timer(restart, insists(me, them()) ? 0 : RENEWAL_MS);
  }

  /** Of our candidates (RFC 8445 section 9): another one after each restart. */
  get #generation(): string | undefined {
    return /^a=ice-ufrag:.*$/m.exec(this.peer.localDescription?.sdp ?? '')?.[0];
  }

  /** Why no path was found, as an error. */
  failure(cause?: unknown): SessionError {
    const { iceTransportPolicy, servers } = this.#o;
    const { message, hint } = diagnose({
      policy: iceTransportPolicy,
      servers: servers.current.flatMap(({ urls }) => urls),
      local: this.#local.found,
      remote: this.#remote.found,
      errors: this.#errors,
    });
    return new SessionError('ice-failed', message, { hint, cause });
  }

  /** Nothing more is said or heard. To close `peer` is up to the caller. */
  leave(): void {
    this.#life.abort();
    this.#stopRenewal();
    this.#sections.remember();
    this.#negotiator.close();
    this.#local.close();
    this.#o.channels.detach();
  }

  #applied(id: string, states: MediaStates): void {
    const { firstOffer } = this;
    this.firstOffer = undefined;
    // It may be older than what we send: nobody could be told before somebody answered.
    if (firstOffer && JSON.stringify(firstOffer.media) !== JSON.stringify(this.#o.media.states)) {
      this.#o.say({ kind: 'media', media: this.#o.media.states });
    }
    this.#remote.applied(id);
    this.#watchDtls();
    this.#o.described();
    // Sections of a remote offer get their names in the same task, before our answer.
    queueMicrotask(() => {
      if (this.#life.signal.aborted) return;
      this.#setRemote(states);
      this.#sections.recall();
      if (!this.#sections.complete()) this.#negotiator.need();
    });
  }

  #watch(): void {
    const { peer } = this;
    const { signal } = this.#life;
    const on = (type: string, listener: (event: Event) => void): void => peer.addEventListener(type, listener, { signal });
    on('icecandidate', (event) => {
      const { candidate } = event as RTCPeerConnectionIceEvent;
      this.#local.add(candidate && candidateOf(candidate));
      if (candidate?.candidate) this.#o.log('candidate found', candidate.type ?? undefined);
    });
    on('icecandidateerror', (event) => {
      const { url, errorCode, errorText } = event as RTCPeerConnectionIceErrorEvent;
      if (!url || this.#errors.length >= 20 || this.#errors.some((e) => e.url === url && e.code === errorCode)) return;
      this.#errors.push({ url, code: errorCode });
      const code = errorCode === 401 ? 'ice-server-unauthorized' : 'ice-server-unreachable';
      this.#o.warn(new SessionError(code, `${url}: ${errorCode} ${errorText}`.trim()));
    });
    on('iceconnectionstatechange', () => {
      if (peer.iceConnectionState !== 'connected') return;
      this.paired = true;
      this.#o.pathChanged('ice-connected');
    });
    on('connectionstatechange', () => this.#o.pathChanged(peer.connectionState));
  }

  /** The end of DTLS is the fastest sign that the peer left: `connectionState` needs seconds. */
  #watchDtls(): void {
    const transport = this.peer.sctp?.transport;
    if (!transport || transport.onstatechange) return;
    transport.onstatechange = () => {
      const { state } = transport;
      if (!this.#life.signal.aborted && (state === 'closed' || state === 'failed')) this.#o.pathChanged(`dtls-${state}`);
    };
  }
}
