import { applyDescription, type MakeTransceiver } from './apply-description.js';
import { buildAnswer, buildOffer } from './build-description.js';
import { type EngineContext, inTask } from './engine-context.js';
import { FakeEvent } from './fake-event.js';
import { isNegotiationNeeded } from './negotiation-needed.js';
import { OperationsChain } from './operations-chain.js';
import { credentialsOf, type PeerState } from './peer-state.js';
import type { PeerTransports } from './peer-transports.js';
import { RemoteTrackChanges } from './remote-tracks.js';
import { rollBack, type StableSnapshot, takeSnapshot } from './rollback.js';
import { domError } from './rtc-error.js';
import type { Sdp } from './sdp.js';
import { implicitType, needsImplicitRollback, nextSignalingState, type Side } from './signaling-table.js';
import { checkCreated, readSdp, validateDescription } from './validate-description.js';
import { writeSdp } from './write-sdp.js';

interface NegotiationHooks {
  dispatch(event: FakeEvent): void;
  makeTransceiver: MakeTransceiver;
}

/** Offers, answers, rollback and the negotiation-needed flag (webrtc-pc 4.4.1.2 to 4.4.1.5, 4.7.3). */
export class Negotiation {
  readonly chain: OperationsChain;
  readonly #context: EngineContext;
  readonly #state: PeerState;
  readonly #transports: PeerTransports;
  readonly #hooks: NegotiationHooks;
  #needed = false;
  #stable: StableSnapshot | null = null;
  /** How many sections the last agreement had. */
  #sections = 0;
  /** Index of the data section of a first offer that was rolled back. */
  #undoneData: number | null = null;

  constructor(context: EngineContext, state: PeerState, transports: PeerTransports, hooks: NegotiationHooks) {
    this.#context = context;
    this.#state = state;
    this.#transports = transports;
    this.#hooks = hooks;
    this.chain = new OperationsChain(() => this.updateNeeded());
  }

  createOffer(iceRestart: boolean): Promise<RTCSessionDescriptionInit> {
    return this.chain.chain(() => {
      const { signalingState } = this.#state;
      if (signalingState !== 'stable' && signalingState !== 'have-local-offer') return this.#wrongState('createOffer');
      return this.#task(() => ({ type: 'offer', sdp: this.#createOffer(iceRestart) }));
    });
  }

  createAnswer(): Promise<RTCSessionDescriptionInit> {
    return this.chain.chain(() => {
      const { signalingState } = this.#state;
      if (signalingState !== 'have-remote-offer' && signalingState !== 'have-local-pranswer')
        return this.#wrongState('createAnswer');
      return this.#task(() => ({ type: 'answer', sdp: this.#createAnswer() }));
    });
  }

  /** webrtc-pc 4.4.2: without a type or a text the engine makes what fits when its turn comes. */
  setLocal(init: RTCLocalSessionDescriptionInit): Promise<void> {
    return this.chain.chain(() => {
      const type = init.type ?? implicitType(this.#state.signalingState);
      if (type === 'rollback' || init.sdp) return this.#set('local', type, init.sdp ?? '');
      if (nextSignalingState(this.#state.signalingState, 'local', type) === null) return this.#wrongState('setLocalDescription');
      return this.#task(() => (type === 'offer' ? this.#createOffer(false) : this.#createAnswer())).then((sdp) =>
        this.#set('local', type, sdp),
      );
    });
  }

  setRemote(init: RTCSessionDescriptionInit): Promise<void> {
    return this.chain.chain(() => this.#set('remote', init.type, init.sdp ?? ''));
  }

  /** webrtc-pc 4.7.3 "update the negotiation-needed flag". */
  updateNeeded(anyway = false): void {
    if (!this.chain.empty) {
      this.chain.updateOnEmpty = true;
      return;
    }
    this.#context.task(() => {
      if (this.#state.closed) return;
      if (!this.chain.empty) {
        this.chain.updateOnEmpty = true;
        return;
      }
      if (this.#state.signalingState !== 'stable') return;
      const needed = anyway || isNegotiationNeeded(this.#state);
      const fire = needed && !this.#needed;
      this.#needed = needed;
      if (fire) this.#hooks.dispatch(new FakeEvent('negotiationneeded'));
    });
  }

  #createOffer(iceRestart: boolean): string {
    this.#state.lastOffer = writeSdp(buildOffer(this.#state, iceRestart));
    return this.#state.lastOffer;
  }

  #createAnswer(): string {
    this.#state.lastAnswer = writeSdp(buildAnswer(this.#state));
    return this.#state.lastAnswer;
  }

  #wrongState(method: string): Promise<never> {
    return this.#task(() => {
      throw domError('InvalidStateError', `Failed to execute '${method}': called in wrong state: ${this.#state.signalingState}`);
    });
  }

  #set(side: Side, type: RTCSdpType, text: string): Promise<void> {
    return this.#task(() => this.#apply(side, type, text));
  }

  #apply(side: Side, type: RTCSdpType, text: string): void {
    const state = this.#state;
    const { personality } = this.#context;
    if (type === 'pranswer' && !personality.hasProvisionalAnswers)
      throw domError('NotSupportedError', 'pranswer not yet implemented');
    if (side === 'local' && type !== 'rollback') checkCreated(state, type, text);
    const undo = needsImplicitRollback(state.signalingState, side, type) && personality.implicitRollback;
    const next = nextSignalingState(undo ? 'stable' : state.signalingState, side, type);
    if (next === null) {
      const what = `Failed to set ${side} ${type} sdp: Called in wrong state: ${state.signalingState}`;
      throw domError('InvalidStateError', what);
    }
    if (type === 'rollback') {
      if (personality.rollbackBySide && (side === 'local') !== (state.signalingState === 'have-local-offer')) {
        throw domError('InvalidStateError', `Cannot roll back the other side in ${state.signalingState}`);
      }
      this.#rollBack();
      return;
    }
    if (undo && !personality.checksBeforeRollback) this.#rollBack();
    const sdp = readSdp(text, personality);
    validateDescription(state, side, type, sdp);
    if (undo && personality.checksBeforeRollback) this.#rollBack();
    if (side === 'remote' && type === 'offer') this.#judgeData(sdp);
    if (side === 'local' && type === 'answer' && state.dataBroken === 'refused') {
      throw domError('OperationError', 'Failed to set local answer sdp: Failed to start SCTP transport.');
    }
    if (state.signalingState === 'stable') this.#stable = takeSnapshot(state);
    const changes = new RemoteTrackChanges(state);
    applyDescription(state, side, type, sdp, changes, this.#hooks.makeTransceiver);
    this.#noteOffer(side, type, sdp);
    this.#transportsFollow(side, next);
    this.#enter(next, changes);
    if (next === 'stable') {
      // "Clear the negotiation-needed flag and update the negotiation-needed flag" (4.4.1.5).
      this.#needed = false;
      this.updateNeeded();
    }
  }

  #transportsFollow(side: Side, next: RTCSignalingState): void {
    const { remote } = this.#state;
    this.#transports.dataOffered();
    if (side === 'local') this.#transports.localDescriptionSet();
    else if (remote) this.#transports.remoteDescriptionSet(remote);
    if (next !== 'stable') return;
    this.#undoneData = null;
    this.#transports.agreed(side === 'remote');
    const fresh = (this.#state.currentLocal?.sdp.sections ?? []).length > this.#sections;
    this.#sections = this.#state.currentLocal?.sdp.sections.length ?? 0;
    if (side === 'remote' && fresh) this.#transports.gatherInPassing();
  }

  #enter(next: RTCSignalingState, changes: RemoteTrackChanges): void {
    const changed = this.#state.signalingState !== next;
    this.#state.signalingState = next;
    if (changed) this.#hooks.dispatch(new FakeEvent('signalingstatechange'));
    changes.fire((event) => this.#hooks.dispatch(event));
  }

  #rollBack(): void {
    const state = this.#state;
    const { personality } = this.#context;
    const ufrag = credentialsOf(state.pendingLocal)?.ufrag;
    const changes = new RemoteTrackChanges(state);
    if (state.pendingLocal && !state.currentLocal) this.#undoneData = state.dataMline;
    // Chromium 156 offers it no more; a remote offer with the section at the same place heals it.
    if (this.#undoneData !== null && personality.dataRollback === 'chromium') state.dataBroken = 'gone';
    if (this.#stable) rollBack(state, this.#stable, changes);
    this.#transports.rolledBack(ufrag);
    if (state.currentLocal) this.#transports.breakChannels(personality.rollbackClosesChannels);
    this.#enter('stable', changes);
    this.#needed = false;
    this.updateNeeded();
  }

  /** CORRECTNESS 0.1a and A2: what Chromium does to a data section that it offered first, and undid. */
  #judgeData(sdp: Sdp): void {
    if (this.#context.personality.dataRollback !== 'chromium' || this.#undoneData === null) return;
    const index = sdp.sections.findIndex((section) => section.kind === 'application' && !section.rejected);
    if (index === this.#undoneData) this.#state.dataBroken = 'no';
    else this.#state.dataBroken = index >= 0 && index < this.#undoneData ? 'refused' : 'gone';
  }

  #noteOffer(side: Side, type: RTCSdpType, sdp: Sdp): void {
    if (side !== 'local' || type !== 'offer') return;
    const restarts = sdp.sections.find((section) => !section.rejected)?.ufrag !== credentialsOf(this.#state.currentLocal)?.ufrag;
    this.#state.plainOfferSinceStable = !restarts;
  }

  #task<T>(work: () => T): Promise<T> {
    return inTask(this.#context, () => this.#state.closed, work);
  }
}
