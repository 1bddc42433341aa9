import { type Configuration, changeConfiguration, readConfiguration } from './configuration.js';
import { type EngineContext, inTask } from './engine-context.js';
import { FakeEventTarget } from './fake-event-target.js';
import { withCallbacks } from './legacy-callbacks.js';
import { Negotiation } from './negotiation.js';
import { PeerState } from './peer-state.js';
import { PeerTransports } from './peer-transports.js';
import { addRemoteCandidate, checkCandidateInit } from './remote-candidates.js';
import { domError } from './rtc-error.js';
import { statsReport } from './stats-report.js';
import type { FakeTransceiver } from './transceiver.js';
import { TransceiverSet } from './transceiver-set.js';

type Handler<E extends Event> = ((this: RTCPeerConnection, event: E) => unknown) | null;
type SuccessCallback = RTCSessionDescriptionCallback;
type FailureCallback = RTCPeerConnectionErrorCallback;

function isCallback(value: object | undefined): value is SuccessCallback {
  return typeof value === 'function';
}

/** webrtc-pc 4.4.2: the connection as scripts see it. What it does is in the files beside this one. */
export class FakePeerConnection extends FakeEventTarget implements RTCPeerConnection {
  onconnectionstatechange: Handler<Event> = null;
  ondatachannel: Handler<RTCDataChannelEvent> = null;
  onicecandidate: Handler<RTCPeerConnectionIceEvent> = null;
  onicecandidateerror: Handler<RTCPeerConnectionIceErrorEvent> = null;
  oniceconnectionstatechange: Handler<Event> = null;
  onicegatheringstatechange: Handler<Event> = null;
  onnegotiationneeded: Handler<Event> = null;
  onsignalingstatechange: Handler<Event> = null;
  ontrack: Handler<RTCTrackEvent> = null;
  readonly #context: EngineContext;
  readonly #state: PeerState;
  readonly #transports: PeerTransports;
  readonly #negotiation: Negotiation;
  readonly #transceivers: TransceiverSet;
  readonly #onClose: (connection: FakePeerConnection) => void;
  #configuration: Configuration;

  constructor(context: EngineContext, configuration: RTCConfiguration, onClose: (connection: FakePeerConnection) => void) {
    super();
    this.#context = context;
    this.#onClose = onClose;
    this.#configuration = readConfiguration(configuration, context.personality);
    this.#state = new PeerState(context);
    const dispatch = (event: Event): void => {
      if (!this.#state.closed) this.dispatchEvent(event);
    };
    this.#transports = new PeerTransports(context, this.#state, { dispatch });
    this.#negotiation = new Negotiation(context, this.#state, this.#transports, {
      dispatch,
      makeTransceiver: (kind) => this.#transceivers.makeRemote(kind),
    });
    this.#transceivers = new TransceiverSet(context, this.#state, this.#transports, this.#negotiation, {
      stats: (track) => this.getStats(track),
    });
    this.#state.dataWanted = () => this.#transports.channels.wanted;
    this.#configure();
    // legacy: the method is not there at all, and code that asks for it sees so.
    if (!context.personality.hasRestartIce) Object.defineProperty(this, 'restartIce', { value: undefined });
  }

  get signalingState(): RTCSignalingState {
    return this.#state.signalingState;
  }
  get iceGatheringState(): RTCIceGatheringState {
    return this.#transports.candidates.gatheringState;
  }
  get iceConnectionState(): RTCIceConnectionState {
    return this.#transports.iceConnectionState;
  }
  get connectionState(): RTCPeerConnectionState {
    return this.#transports.connectionState;
  }
  get localDescription(): RTCSessionDescription | null {
    return this.#state.local?.shown ?? null;
  }
  get currentLocalDescription(): RTCSessionDescription | null {
    return this.#state.currentLocal?.shown ?? null;
  }
  get pendingLocalDescription(): RTCSessionDescription | null {
    return this.#state.pendingLocal?.shown ?? null;
  }
  get remoteDescription(): RTCSessionDescription | null {
    return this.#state.remote?.shown ?? null;
  }
  get currentRemoteDescription(): RTCSessionDescription | null {
    return this.#state.currentRemote?.shown ?? null;
  }
  get pendingRemoteDescription(): RTCSessionDescription | null {
    return this.#state.pendingRemote?.shown ?? null;
  }
  get canTrickleIceCandidates(): boolean | null {
    return this.#state.remote?.sdp.trickle ?? null;
  }
  get sctp(): RTCSctpTransport | null {
    return this.#transports.channels.transport;
  }

  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>;
  createOffer(success: SuccessCallback, failure: FailureCallback, options?: RTCOfferOptions): Promise<void>;
  createOffer(first?: RTCOfferOptions | SuccessCallback, failure?: FailureCallback, options?: RTCOfferOptions): Promise<unknown> {
    const given = isCallback(first) ? options : first;
    const offer = this.#negotiation.createOffer(given?.iceRestart === true);
    return isCallback(first) && failure ? withCallbacks(offer, first, failure) : offer;
  }

  createAnswer(options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit>;
  createAnswer(success: SuccessCallback, failure: FailureCallback): Promise<void>;
  createAnswer(first?: RTCAnswerOptions | SuccessCallback, failure?: FailureCallback): Promise<unknown> {
    const answer = this.#negotiation.createAnswer();
    return isCallback(first) && failure ? withCallbacks(answer, first, failure) : answer;
  }

  setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void>;
  setLocalDescription(
    description: RTCLocalSessionDescriptionInit,
    success: VoidFunction,
    failure: FailureCallback,
  ): Promise<void>;
  setLocalDescription(
    description?: RTCLocalSessionDescriptionInit,
    success?: VoidFunction,
    failure?: FailureCallback,
  ): Promise<void> {
    if (description === undefined && !this.#context.personality.implicitDescriptions) {
      return Promise.reject(new TypeError('1 argument required, but only 0 present.'));
    }
    const done = this.#negotiation.setLocal(description ?? {});
    return success && failure ? withCallbacks(done, success, failure) : done;
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>;
  setRemoteDescription(description: RTCSessionDescriptionInit, success: VoidFunction, failure: FailureCallback): Promise<void>;
  setRemoteDescription(description: RTCSessionDescriptionInit, success?: VoidFunction, failure?: FailureCallback): Promise<void> {
    const done = this.#negotiation.setRemote(description);
    return success && failure ? withCallbacks(done, success, failure) : done;
  }

  addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void>;
  addIceCandidate(candidate: RTCIceCandidateInit | null, success: VoidFunction, failure: FailureCallback): Promise<void>;
  addIceCandidate(candidate?: RTCIceCandidateInit | null, success?: VoidFunction, failure?: FailureCallback): Promise<void> {
    try {
      checkCandidateInit(candidate);
    } catch (error) {
      return Promise.reject(error);
    }
    const { signalingState } = this.#state;
    const lost = this.#context.personality.ignoresRemoteEnd && !candidate?.candidate && signalingState !== 'closed';
    const done = lost
      ? Promise.resolve()
      : this.#negotiation.chain.chain(() =>
          inTask(
            this.#context,
            () => this.#state.closed,
            () => addRemoteCandidate(this.#context, this.#state, this.#transports, candidate ?? {}),
            0,
          ),
        );
    return success && failure ? withCallbacks(done, success, failure) : done;
  }

  restartIce(): void {
    if (this.#state.closed) return;
    this.#state.replaceCredentials();
    const early = this.#context.personality.restartAsksEarly && this.#state.local === null;
    this.#negotiation.updateNeeded(early);
  }

  getConfiguration(): RTCConfiguration {
    return { ...this.#configuration.values };
  }

  setConfiguration(configuration: RTCConfiguration = {}): void {
    this.#checkOpen();
    const described = this.#state.local !== null;
    this.#configuration = changeConfiguration(this.#configuration, configuration, described, this.#context.personality);
    this.#configure();
  }

  addTrack(track: MediaStreamTrack, ...streams: MediaStream[]): RTCRtpSender {
    this.#checkOpen();
    return this.#transceivers.addTrack(track, streams);
  }
  removeTrack(sender: RTCRtpSender): void {
    this.#checkOpen();
    this.#transceivers.removeTrack(sender);
  }
  addTransceiver(trackOrKind: MediaStreamTrack | string, init: RTCRtpTransceiverInit = {}): RTCRtpTransceiver {
    this.#checkOpen();
    return this.#transceivers.addTransceiver(trackOrKind, init);
  }
  getTransceivers(): RTCRtpTransceiver[] {
    return [...this.#state.transceivers];
  }
  getSenders(): RTCRtpSender[] {
    return this.#listed().map((t) => t.sender);
  }
  getReceivers(): RTCRtpReceiver[] {
    return this.#listed().map((t) => t.receiver);
  }

  createDataChannel(label: string, init: RTCDataChannelInit = {}): RTCDataChannel {
    this.#checkOpen();
    const channel = this.#transports.channels.create(label, init);
    // "If channel is the first one, update the negotiation-needed flag" (6.2).
    this.#negotiation.updateNeeded();
    return channel;
  }

  getStats(selector: MediaStreamTrack | null = null): Promise<RTCStatsReport> {
    const known = [...this.getSenders(), ...this.getReceivers()].filter((end) => end.track === selector);
    if (selector && known.length !== 1)
      return Promise.reject(domError('InvalidAccessError', 'There is no sender or receiver for the track.'));
    // Not `inTask`: it answers on a closed connection too (CORRECTNESS 3.13).
    return new Promise((resolve) => {
      this.#context.task(() => resolve(statsReport(this.#context, this.#state, this.#transports, selector)), 1);
    });
  }

  /** webrtc-pc 4.4.1.3: silent on this side. */
  close(): void {
    if (this.#state.closed) return;
    this.#state.closed = true;
    this.#state.signalingState = 'closed';
    this.#negotiation.chain.close();
    this.#transports.close();
    for (const t of this.#state.transceivers) t.finishStop();
    this.#onClose(this);
  }

  #listed(): FakeTransceiver[] {
    const all = this.#state.closed && this.#context.personality.listsAfterClose;
    return this.#state.transceivers.filter((t) => all || !t.stopped);
  }

  #checkOpen(): void {
    if (this.#state.closed) throw domError('InvalidStateError', "The RTCPeerConnection's signalingState is 'closed'.");
  }

  #configure(): void {
    const { values, servers } = this.#configuration;
    this.#transports.agent.servers = servers;
    this.#transports.agent.relayOnly = values.iceTransportPolicy === 'relay';
    this.#state.maxBundle = values.bundlePolicy === 'max-bundle';
  }
}
