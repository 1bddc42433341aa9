import { domError, rtcError } from './rtc-error.js';

/** What a sender needs of its connection. */
export interface SenderHooks {
  closed(): boolean;
  /** Runs one after the other with offers and answers (webrtc-pc 4.4.1.2). */
  chain<T>(operation: () => Promise<T>): Promise<T>;
  /** Queues a task and waits for it. */
  task<T>(work: () => T): Promise<T>;
  transceiverStopped(): boolean;
  updateNegotiationNeeded(): void;
  readonly streamsAskTwice: boolean;
  /** `setParameters` needs a fresh `getParameters`. */
  readonly checksTransactions: boolean;
  /** There are no encodings when the connection is closed. */
  readonly forgetsEncodings: boolean;
  transport(): RTCDtlsTransport | null;
  stats(track: MediaStreamTrack | null): Promise<RTCStatsReport>;
}

/** webrtc-pc 5.2. */
export class FakeRtpSender implements RTCRtpSender {
  readonly kind: 'audio' | 'video';
  readonly ssrc: number;
  readonly dtmf: RTCDTMFSender | null = null;
  transform: RTCRtpSenderTransform | null = null;
  /** [[AssociatedMediaStreamIds]]: what `a=msid` says. */
  streamIds: readonly string[];
  /** The track id that `a=msid` says: of the first track, or one of its own (JSEP 5.2.1). */
  readonly trackId: string;
  /** Exchanges that `setStreams` still asks for: Chromium 156 wants a second one. */
  streamsAsk = 0;
  /** Counted by the transport, read by `getStats()`. */
  bytesSent = 0;
  packetsSent = 0;
  readonly #hooks: SenderHooks;
  #track: MediaStreamTrack | null;
  #encodings: RTCRtpEncodingParameters[];
  #transactionId = '';

  constructor(
    hooks: SenderHooks,
    init: {
      kind: 'audio' | 'video';
      track: MediaStreamTrack | null;
      streamIds: readonly string[];
      id: string;
      ssrc: number;
      encodings?: RTCRtpEncodingParameters[];
    },
  ) {
    this.kind = init.kind;
    this.ssrc = init.ssrc;
    this.#hooks = hooks;
    this.#track = init.track;
    this.streamIds = init.streamIds;
    this.trackId = init.track?.id ?? init.id;
    this.#encodings = init.encodings ?? [{ active: true }];
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }
  get transport(): RTCDtlsTransport | null {
    return this.#hooks.transport();
  }

  /** Set by `addTrack`, `removeTrack` and `stop`, which need no task. */
  attach(track: MediaStreamTrack | null): void {
    this.#track = track;
  }

  /** 5.2 `replaceTrack`: chained; same kind only; no negotiation. */
  replaceTrack(withTrack: MediaStreamTrack | null): Promise<void> {
    if (withTrack && withTrack.kind !== this.kind) {
      return Promise.reject(new TypeError(`A ${this.kind} sender cannot send a ${withTrack.kind} track.`));
    }
    return this.#hooks.chain(() => {
      if (this.#hooks.transceiverStopped()) {
        return Promise.reject(domError('InvalidStateError', 'The transceiver is stopped.'));
      }
      return this.#hooks.task(() => this.attach(withTrack));
    });
  }

  /** 5.2 `setStreams`. */
  setStreams(...streams: MediaStream[]): void {
    if (this.#hooks.closed()) throw domError('InvalidStateError', 'The RTCPeerConnection is closed.');
    this.streamIds = [...new Set(streams.map((stream) => stream.id))];
    this.streamsAsk = this.#hooks.streamsAskTwice ? 2 : 0;
    this.#hooks.updateNegotiationNeeded();
  }

  getParameters(): RTCRtpSendParameters {
    this.#transactionId = `${Number(this.#transactionId) + 1}`;
    return {
      transactionId: this.#transactionId,
      encodings: this.#hooks.closed() && this.#hooks.forgetsEncodings ? [] : this.#encodings.map((encoding) => ({ ...encoding })),
      headerExtensions: [],
      rtcp: { cname: `${this.ssrc}`, reducedSize: true },
      codecs: [],
    };
  }

  /** 5.2 `setParameters`: needs the transaction of the last `getParameters()`. */
  setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    if (this.#hooks.transceiverStopped()) return Promise.reject(domError('InvalidStateError', 'The transceiver is stopped.'));
    if (this.#transactionId === '' && this.#hooks.checksTransactions)
      return Promise.reject(domError('InvalidStateError', 'Call getParameters() first.'));
    if (this.#transactionId !== '' && parameters.transactionId !== this.#transactionId) {
      return Promise.reject(domError('InvalidModificationError', 'These parameters are out of date.'));
    }
    if (parameters.encodings.length !== this.#encodings.length) {
      return Promise.reject(domError('InvalidModificationError', 'The number of encodings cannot change.'));
    }
    if (parameters.encodings.some(({ scaleResolutionDownBy = 1 }) => scaleResolutionDownBy < 1)) {
      return Promise.reject(new RangeError('scaleResolutionDownBy must be at least 1.'));
    }
    return this.#hooks.task(() => {
      if (this.#hooks.closed()) throw rtcError('hardware-encoder-error', 'The connection is closed.');
      this.#encodings = parameters.encodings.map((encoding) => ({ ...encoding }));
      this.#transactionId = '';
    });
  }

  /** Whether something flows: a live track (muted or disabled ones send silence), an active encoding. */
  get flowing(): boolean {
    return this.#track?.readyState === 'live' && this.#encodings.some((encoding) => encoding.active !== false);
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#hooks.stats(this.#track);
  }
}
