import { domError } from './rtc-error.js';
import type { FakeRtpReceiver } from './rtp-receiver.js';
import type { FakeRtpSender } from './rtp-sender.js';
import type { SdpDirection } from './sdp.js';
import { directionOf, receives, sends } from './sdp.js';

/** What a transceiver needs of its connection. */
export interface TransceiverHooks {
  closed(): boolean;
  /** Queues a task. */
  task(work: () => void): void;
  updateNegotiationNeeded(): void;
  /** `stop()` was called by the script. */
  stopCalled(transceiver: FakeTransceiver): void;
}

/** webrtc-pc 5.4, with its internal slots in the open for the engine. */
export class FakeTransceiver implements RTCRtpTransceiver {
  readonly kind: 'audio' | 'video';
  readonly sender: FakeRtpSender;
  readonly receiver: FakeRtpReceiver;
  /** Made or taken by `addTrack`: may be matched to a section of a remote offer (JSEP 5.10). */
  addedByTrack: boolean;
  /** Made by a remote offer: a rollback removes it again. */
  readonly remotelyMade: boolean;
  /** [[JsepMid]] of an offer that was created, not yet applied. */
  offeredMid: string | null = null;
  /** Index of its m= section. */
  mline: number | null = null;
  associatedMid: string | null = null;
  /** [[CurrentDirection]] */
  current: SdpDirection | null = null;
  /** [[FiredDirection]] */
  fired: SdpDirection | null = null;
  /** [[Stopping]] and [[Stopped]] */
  stopping = false;
  stopped = false;
  /** It has sent at some time: `addTrack` leaves it alone (webrtc-pc 5.1). */
  everSent = false;
  readonly #hooks: TransceiverHooks;
  #direction: SdpDirection;

  constructor(
    hooks: TransceiverHooks,
    init: {
      kind: 'audio' | 'video';
      sender: FakeRtpSender;
      receiver: FakeRtpReceiver;
      direction: SdpDirection;
      addedByTrack: boolean;
      remotelyMade: boolean;
    },
  ) {
    this.#hooks = hooks;
    this.kind = init.kind;
    this.sender = init.sender;
    this.receiver = init.receiver;
    this.#direction = init.direction;
    this.addedByTrack = init.addedByTrack;
    this.remotelyMade = init.remotelyMade;
  }

  get mid(): string | null {
    return this.associatedMid;
  }

  get currentDirection(): RTCRtpTransceiverDirection | null {
    return this.stopped ? 'stopped' : this.current;
  }

  get direction(): RTCRtpTransceiverDirection {
    return this.stopping ? 'stopped' : this.#direction;
  }
  set direction(direction: RTCRtpTransceiverDirection) {
    if (this.#hooks.closed() || this.stopping) throw domError('InvalidStateError', 'The transceiver is stopped.');
    if (direction === 'stopped') throw new TypeError('"stopped" is reached by stop().');
    if (direction === this.#direction) return;
    this.#direction = direction;
    this.#hooks.updateNegotiationNeeded();
  }

  /** The wanted direction whatever `stop()` did. */
  get wanted(): SdpDirection {
    return this.#direction;
  }

  /** Sets the sending half, without the checks of the attribute. */
  setSending(send: boolean): void {
    this.#direction = directionOf(send, receives(this.#direction));
  }

  setCodecPreferences(_codecs: RTCRtpCodec[]): void {
    // Codecs are no subject of this engine: every description offers the same ones.
  }

  /** 5.4: stops at once on this side; the section goes with the next offer. */
  stop(): void {
    if (this.#hooks.closed()) throw domError('InvalidStateError', 'The RTCPeerConnection is closed.');
    if (this.stopping) return;
    this.stopSendingAndReceiving();
    this.#hooks.stopCalled(this);
    this.#hooks.updateNegotiationNeeded();
  }

  /** 5.4 "stop sending and receiving". The track ends in a task (mediacapture-main 4.3.1; both browsers). */
  stopSendingAndReceiving(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.#hooks.task(() => this.receiver.track.end());
  }

  /** 5.4 "stop the RTCRtpTransceiver". */
  finishStop(): void {
    this.stopSendingAndReceiving();
    this.stopped = true;
    this.current = null;
  }

  /** A negotiated direction came into force. */
  setCurrent(direction: SdpDirection): void {
    this.current = direction;
    if (sends(direction)) this.everSent = true;
  }
}
