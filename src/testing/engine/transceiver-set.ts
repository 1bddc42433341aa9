import { FakeMediaStreamTrack } from '../media/fake-track.js';
import { type EngineContext, inTask } from './engine-context.js';
import type { Negotiation } from './negotiation.js';
import type { PeerState } from './peer-state.js';
import type { PeerTransports } from './peer-transports.js';
import { domError } from './rtc-error.js';
import { FakeRtpReceiver } from './rtp-receiver.js';
import { FakeRtpSender } from './rtp-sender.js';
import { sends } from './sdp.js';
import { FakeTransceiver } from './transceiver.js';

interface SetHooks {
  stats(track: MediaStreamTrack | null): Promise<RTCStatsReport>;
}

function isKind(kind: string): kind is 'audio' | 'video' {
  return kind === 'audio' || kind === 'video';
}

/** The transceivers of one connection and how they come (webrtc-pc 5.1). */
export class TransceiverSet {
  readonly #context: EngineContext;
  readonly #state: PeerState;
  readonly #transports: PeerTransports;
  readonly #negotiation: Negotiation;
  readonly #hooks: SetHooks;

  constructor(context: EngineContext, state: PeerState, transports: PeerTransports, negotiation: Negotiation, hooks: SetHooks) {
    this.#context = context;
    this.#state = state;
    this.#transports = transports;
    this.#negotiation = negotiation;
    this.#hooks = hooks;
  }

  addTrack(track: MediaStreamTrack, streams: readonly MediaStream[]): FakeRtpSender {
    const { kind } = track;
    if (!isKind(kind)) throw new TypeError('A track is audio or video.');
    const living = this.#state.transceivers.filter((t) => !t.stopped && !t.stopping);
    if (living.some((t) => t.sender.track === track))
      throw domError('InvalidAccessError', 'A sender already exists for the track.');
    const streamIds = [...new Set(streams.map((stream) => stream.id))];
    // "The sender's track is null, its kind matches, it is not stopping, and it has never been used to send."
    const free = living.find((t) => t.kind === kind && !t.sender.track && !t.stopping && !t.everSent);
    if (free) {
      free.sender.attach(track);
      free.sender.streamIds = streamIds;
      free.setSending(true);
      free.addedByTrack = true;
      this.#negotiation.updateNeeded();
      return free.sender;
    }
    return this.#add(this.#make(kind, 'sendrecv', { track, streamIds, addedByTrack: true })).sender;
  }

  removeTrack(sender: RTCRtpSender): void {
    const t = this.#state.transceivers.find((other) => other.sender === sender);
    if (!t && !(sender instanceof FakeRtpSender)) throw new TypeError('Not a sender.');
    if (!t) throw domError('InvalidAccessError', 'The sender was not created by this peer connection.');
    if (t.stopping || !t.sender.track) return;
    t.sender.attach(null);
    if (!sends(t.wanted)) return;
    t.setSending(false);
    this.#negotiation.updateNeeded();
  }

  addTransceiver(trackOrKind: MediaStreamTrack | string, init: RTCRtpTransceiverInit): FakeTransceiver {
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    if (!isKind(kind))
      throw new TypeError(`The argument provided as parameter 1 is not a valid MediaStreamTrack kind ('audio' or 'video').`);
    const { direction = 'sendrecv', streams = [], sendEncodings } = init;
    if (direction === 'stopped') throw new TypeError('A transceiver cannot begin as "stopped".');
    const streamIds = [...new Set(streams.map((stream) => stream.id))];
    return this.#add(
      this.#make(kind, direction, { track, streamIds, addedByTrack: false, ...(sendEncodings ? { sendEncodings } : {}) }),
    );
  }

  /** For a section of a remote offer that matches none (JSEP 5.10): `recvonly`, until somebody wants to send. */
  makeRemote(kind: 'audio' | 'video'): FakeTransceiver {
    return this.#make(kind, 'recvonly', { track: null, streamIds: [], addedByTrack: false, remotelyMade: true });
  }

  #add(t: FakeTransceiver): FakeTransceiver {
    this.#state.transceivers.push(t);
    this.#negotiation.updateNeeded();
    return t;
  }

  #make(
    kind: 'audio' | 'video',
    direction: Exclude<RTCRtpTransceiverDirection, 'stopped'>,
    init: {
      track: MediaStreamTrack | null;
      streamIds: readonly string[];
      addedByTrack: boolean;
      remotelyMade?: boolean;
      sendEncodings?: RTCRtpEncodingParameters[];
    },
  ): FakeTransceiver {
    const closed = (): boolean => this.#state.closed;
    // webrtc-pc 5.2: the transport is known once the section is described.
    const transport = (): RTCDtlsTransport | null => (t.associatedMid === null ? null : this.#transports.dtls);
    const sender = new FakeRtpSender(
      {
        closed,
        chain: (operation) => this.#negotiation.chain.chain(operation),
        task: async (work) => {
          const result = await inTask(this.#context, closed, work);
          this.#transports.kickMedia();
          return result;
        },
        transceiverStopped: () => t.stopping,
        updateNegotiationNeeded: () => this.#negotiation.updateNeeded(),
        transport,
        streamsAskTwice: this.#context.personality.streamsAskTwice,
        checksTransactions: this.#context.personality.checksTransactions,
        forgetsEncodings: this.#context.personality.forgetsEncodings,
        stats: (track) => this.#hooks.stats(track),
      },
      {
        kind,
        track: init.track,
        streamIds: init.streamIds,
        id: this.#context.random.text(36),
        ssrc: this.#context.random.int(1e6, 4e9),
        ...(init.sendEncodings ? { encodings: init.sendEncodings } : {}),
      },
    );
    const track = new FakeMediaStreamTrack({ kind, label: `remote ${kind}`, settings: {} }, () => this.#context.random.text(36), {
      muted: true,
    });
    const receiver = new FakeRtpReceiver({ transport, stats: (selector) => this.#hooks.stats(selector) }, track);
    const t: FakeTransceiver = new FakeTransceiver(
      {
        closed,
        task: (work) => void this.#context.task(work),
        updateNegotiationNeeded: () => this.#negotiation.updateNeeded(),
        stopCalled: (stopped) => this.#stopped(stopped),
      },
      { kind, sender, receiver, direction, addedByTrack: init.addedByTrack, remotelyMade: init.remotelyMade ?? false },
    );
    return t;
  }

  #stopped(t: FakeTransceiver): void {
    if (t.mline === 0) this.#transports.breakChannels(this.#context.personality.stopClosesChannels);
  }
}
