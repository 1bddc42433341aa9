import { connectionStateOf, iceConnectionStateOf } from './connection-states.js';
import { DataChannels } from './data-channels.js';
import { FakeDtlsTransport } from './dtls-transport.js';
import type { EngineContext } from './engine-context.js';
import { FakeDataChannelEvent, FakeEvent } from './fake-event.js';
import { IceAgent } from './ice-agent.js';
import { parseCandidate } from './ice-candidate.js';
import { FakeIceTransport } from './ice-transport.js';
import { LocalCandidates } from './local-candidates.js';
import { MediaFlow } from './media-flow.js';
import { credentialsOf, livingSection, type PeerState } from './peer-state.js';
import { abortError } from './rtc-error.js';
import type { Description } from './session-description.js';

interface TransportsHooks {
  dispatch(event: FakeEvent): void;
}

/** Everything below the descriptions: ICE, DTLS, SCTP and the flow of media, bundled into one transport. */
export class PeerTransports {
  readonly agent: IceAgent;
  readonly ice: FakeIceTransport;
  readonly dtls: FakeDtlsTransport;
  readonly channels: DataChannels;
  readonly candidates: LocalCandidates;
  readonly media: MediaFlow;
  iceConnectionState: RTCIceConnectionState = 'new';
  connectionState: RTCPeerConnectionState = 'new';
  readonly #context: EngineContext;
  readonly #state: PeerState;
  readonly #dispatch: (event: FakeEvent) => void;
  #cancelLoss: () => void = () => undefined;

  constructor(context: EngineContext, state: PeerState, hooks: TransportsHooks) {
    this.#context = context;
    this.#state = state;
    this.#dispatch = hooks.dispatch;
    this.agent = new IceAgent(context, {
      gathering: (ufrag) => this.candidates.gathering(ufrag),
      stateChanged: () => this.#iceChanged(),
      pairChanged: () => this.#task(() => this.ice.pairChanged()),
      data: (data, bytes) => this.dtls.receive(data, bytes),
      interfaceLost: () => this.#interfaceLost(),
    });
    this.ice = new FakeIceTransport(() => this.agent.selected, context.personality.hasSelectedPairMethod);
    this.dtls = new FakeDtlsTransport(context, this.ice, state.fingerprint, {
      send: (body, bytes) => this.agent.send(body, bytes),
      connected: () => this.#dtlsConnected(),
      ended: (how) => this.#dtlsEnded(how),
      stateChanged: () => this.#updateConnectionState(),
      app: (body) => (body.app === 'sctp' ? this.channels.receive(body.body) : this.media.receive(body.flows)),
    });
    this.channels = new DataChannels(context, {
      closed: () => state.closed,
      announced: (channel) => {
        channel.announceRemote(() => hooks.dispatch(new FakeDataChannelEvent(channel)));
      },
    });
    this.candidates = new LocalCandidates(context, state, this.ice, hooks.dispatch);
    this.media = new MediaFlow(context, state, (flows, bytes) => this.dtls.sendApp({ app: 'rtp', flows }, bytes));
  }

  /** A local description was set: its candidates are gathered, or told again. */
  localDescriptionSet(): void {
    const credentials = credentialsOf(this.#state.local);
    if (!credentials) return;
    if (this.agent.gather(credentials)) return;
    const gatherer = this.agent.gatherer(credentials.ufrag);
    if (gatherer) this.candidates.tellAgain(gatherer.candidates, gatherer.done);
  }

  /** A remote description was set: its credentials and its candidates are known. */
  remoteDescriptionSet(description: Description): void {
    const section = livingSection(description);
    if (!section) return;
    this.agent.remotes.learn({ ufrag: section.ufrag, pwd: section.pwd });
    for (const line of section.candidates) {
      const fields = parseCandidate(line);
      if (fields) this.agent.addRemote(section.ufrag, fields);
    }
    if (section.endOfCandidates) this.agent.remotes.end(section.ufrag);
  }

  /** A data section stands in a description. */
  dataOffered(): void {
    if (this.#state.dataMline !== null) this.channels.offered(this.dtls);
    else this.channels.withdrawn();
  }

  /** Firefox 153: a new section on a live connection gathers in passing, and the whole shows it. */
  gatherInPassing(): void {
    if (!this.#context.personality.gathersForNewSections || this.#state.maxBundle || this.agent.state !== 'connected') return;
    this.candidates.inPassing();
    this.#task(() => this.#show('checking'));
    this.#context.task(() => {
      if (!this.#state.closed) this.#show(this.agent.state);
    }, 5);
  }

  /** The pending offer is undone: so is what was gathered for it, unless the engine keeps it. */
  rolledBack(ufrag: string | undefined): void {
    this.dataOffered();
    const kept = ufrag === credentialsOf(this.#state.currentLocal)?.ufrag;
    if (ufrag === undefined || kept || this.#context.personality.keepsUfragAfterRollback) return;
    this.agent.forget(ufrag);
  }

  /** Offer and answer are in force. */
  agreed(controlling: boolean): void {
    const { currentLocal, currentRemote, dtlsRole } = this.#state;
    const local = credentialsOf(currentLocal);
    const remote = livingSection(currentRemote);
    if (!local || !remote || !dtlsRole) return;
    this.dtls.agree(dtlsRole, remote.fingerprint);
    this.agent.begin(local.ufrag, remote.ufrag, controlling);
    const data = currentRemote?.sdp.sections.find((section) => section.kind === 'application' && !section.rejected);
    if (data && this.#state.dataMline !== null) this.channels.negotiate(this.dtls, dtlsRole, data.maxMessageSize);
    if (this.agent.selected) this.dtls.start();
    this.kickMedia();
  }

  kickMedia(): void {
    this.media.kick(this.dtls.actual === 'connected');
  }

  /** What Firefox does to channels on some rollbacks and stops. */
  breakChannels(share: number): void {
    const open = this.channels.all.some((channel) => channel.readyState === 'open');
    if (open && this.#context.random.chance(share)) this.channels.end(undefined);
  }

  /** webrtc-pc 4.4.1.3: nothing fires here; the other side gets an alert. */
  close(): void {
    this.#cancelLoss();
    const { transportsStayAfterClose } = this.#context.personality;
    this.dtls.closeLocally(transportsStayAfterClose);
    this.channels.closeLocally();
    this.media.stop();
    this.agent.close();
    if (!transportsStayAfterClose) this.ice.closeLocally();
    this.iceConnectionState = 'closed';
    this.connectionState = 'closed';
  }

  #iceChanged(): void {
    const { state } = this.agent;
    const { ice } = this.#context.personality;
    if (state === 'connected') {
      this.dtls.start();
    }
    if (state === 'failed' && ice.failureKillsDtls) this.dtls.end('closed');
    this.#task(() => this.#show(state));
  }

  #show(state: RTCIceTransportState): void {
    const shown = iceConnectionStateOf(state, this.#context.personality.ice);
    this.ice.setState(shown === 'disconnected' ? 'disconnected' : state);
    if (this.iceConnectionState !== shown) {
      this.iceConnectionState = shown;
      this.#dispatch(new FakeEvent('iceconnectionstatechange'));
    }
    this.#updateConnectionState(state);
  }

  #updateConnectionState(ice: RTCIceTransportState = this.agent.state): void {
    const next = connectionStateOf(ice, this.dtls.state);
    if (this.#state.closed || this.connectionState === next) return;
    this.connectionState = next;
    this.#dispatch(new FakeEvent('connectionstatechange'));
  }

  #dtlsConnected(): void {
    this.channels.start();
    this.kickMedia();
  }

  #dtlsEnded(how: 'closed' | 'failed'): void {
    this.media.stop();
    this.channels.end(how === 'closed' && this.#context.personality.abortIsError ? abortError() : undefined);
  }

  #interfaceLost(): void {
    if (!this.#context.personality.ice.interfaceLossKillsDtls) return;
    // Firefox 153: `dtls: failed` within 0.2 s (CORRECTNESS 3.4).
    this.#cancelLoss = this.#context.quiet(() => this.dtls.end('failed'), 150);
  }

  #task(fn: () => void): void {
    this.#context.task(() => {
      if (!this.#state.closed) fn();
    });
  }
}
