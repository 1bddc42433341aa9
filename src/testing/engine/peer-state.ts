import type { FakeMediaStream } from '../media/fake-stream.js';
import type { EngineContext } from './engine-context.js';
import { UsedExtensions } from './extension-ids.js';
import type { Sdp, SdpSection } from './sdp.js';
import type { Description } from './session-description.js';
import type { FakeTransceiver } from './transceiver.js';

/** ICE username fragment and password (RFC 8445 5.3). */
export interface Credentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** What offers and answers are made of: the internal slots of webrtc-pc 4.4.1.1 and what JSEP keeps beside them. */
export class PeerState {
  readonly context: EngineContext;
  /** Of our certificate, as in `a=fingerprint`. */
  readonly fingerprint: string;
  readonly sessionId: string;
  closed = false;
  signalingState: RTCSignalingState = 'stable';
  transceivers: FakeTransceiver[] = [];
  currentLocal: Description | null = null;
  pendingLocal: Description | null = null;
  currentRemote: Description | null = null;
  pendingRemote: Description | null = null;
  /** [[LastCreatedOffer]] and [[LastCreatedAnswer]] */
  lastOffer = '';
  lastAnswer = '';
  /** [[LocalIceCredentialsToReplace]], by ufrag */
  readonly toReplace: Set<string> = new Set();
  /** Credentials of the first offer, until a description with them came into force. */
  first: Credentials | null = null;
  /** For the answer to the pending offer. */
  answering: Credentials | null = null;
  /** A data section has to be offered for the channels that were created. */
  dataWanted: () => boolean = () => false;
  /** Of the policy `max-bundle`: one transport from the start. */
  maxBundle = false;
  dataMid: string | null = null;
  dataMline: number | null = null;
  /** Chromium's data section that a rollback broke: CORRECTNESS 0.1a. */
  dataBroken: 'no' | 'gone' | 'refused' = 'no';
  /** A local offer without restart was made since the last agreement (Firefox, CORRECTNESS 0.1c). */
  plainOfferSinceStable = false;
  /** Our role in DTLS once agreed (RFC 8842 5). */
  dtlsRole: 'client' | 'server' | null = null;
  readonly remoteStreams: Map<string, FakeMediaStream> = new Map();
  readonly usedExtensions: UsedExtensions = new UsedExtensions();
  readonly #mids = new Set<string>();
  #version = 1;
  #nextMid = 0;

  constructor(context: EngineContext) {
    this.context = context;
    const bytes = Array.from({ length: 32 }, () => context.random.int(0, 255).toString(16).padStart(2, '0').toUpperCase());
    this.fingerprint = bytes.join(':');
    this.sessionId = `${context.random.int(1e9, 2e9)}${context.random.int(1e9, 2e9)}`;
  }

  get local(): Description | null {
    return this.pendingLocal ?? this.currentLocal;
  }
  get remote(): Description | null {
    return this.pendingRemote ?? this.currentRemote;
  }

  /** The pending remote offer restarts ICE (JSEP 5.3.1). */
  get restarted(): boolean {
    return credentialsOf(this.pendingRemote)?.ufrag !== credentialsOf(this.currentRemote)?.ufrag;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  /** A mid that no description used (JSEP 5.2.1). */
  newMid(): string {
    for (;;) {
      const mid = `${this.#nextMid++}`;
      if (!this.#mids.has(mid)) return mid;
    }
  }

  seeMids(sdp: Sdp): void {
    for (const { mid } of sdp.sections) this.#mids.add(mid);
  }

  /** 4.4.2 `restartIce`: "Empty [[LocalIceCredentialsToReplace]], and populate it with all ICE credentials of the local descriptions." */
  replaceCredentials(): void {
    this.toReplace.clear();
    for (const description of [this.currentLocal, this.pendingLocal]) {
      for (const section of description?.sdp.sections ?? []) if (!section.rejected) this.toReplace.add(section.ufrag);
    }
  }

  newCredentials(): Credentials {
    return { ufrag: this.context.random.text(4), pwd: this.context.random.text(24) };
  }
}

/** The credentials of a description; with BUNDLE they are the same in all its living sections. */
export function credentialsOf(description: Description | null): Credentials | null {
  const section = livingSection(description);
  return section ? { ufrag: section.ufrag, pwd: section.pwd } : null;
}

/** The section that carries the transport: the first that is not rejected. */
export function livingSection(description: Description | null): SdpSection | null {
  return description?.sdp.sections.find((section) => !section.rejected) ?? null;
}
