/** The engines that the fake can play. */
export type PersonalityName = 'chromium' | 'firefox' | 'strict' | 'legacy';

/** Where engines differ. Each line says what it does and where it was seen. */
export interface Personality {
  readonly name: PersonalityName;
  /** First word of `o=`. */
  readonly origin: string;

  /** `setLocalDescription()` without arguments exists (webrtc-pc 4.4.2); node-webrtc and engines before Chromium 80 lack it. */
  readonly implicitDescriptions: boolean;
  /** A remote offer undoes ours (webrtc-pc 4.4.1.5); libwebrtc before 98 as in react-native-webrtc#782 refuses. */
  readonly implicitRollback: boolean;
  /** `restartIce()` exists. */
  readonly hasRestartIce: boolean;
  /** `setLocalDescription` insists on the text that was created (webrtc-pc 4.4.1.5); browsers let small changes pass. */
  readonly refusesMunging: boolean;
  /** A section with port 0 is used again by any kind of media (JSEP 5.2.2, Chromium 156) or by its own only (Firefox 153). */
  readonly recyclesAnyKind: boolean;
  /** New sections that shall be bundled are offered with port 0 and `a=bundle-only` (JSEP 5.2.1, Firefox 153); Chromium 156 says 9. */
  readonly offersBundleOnly: boolean;
  /** A data section is offered though all channels are closed (webrtc-pc 4.7.3 "has created any", Firefox 153), not in Chromium 156. */
  readonly offersClosedChannels: boolean;
  /** Each side's `rollback` goes through its own method (Firefox 153); webrtc-pc 4.4.1.5 and Chromium 156 take either. */
  readonly rollbackBySide: boolean;
  /** A remote offer that is refused leaves our own offer pending (Chromium 156); the others rolled it back before they looked. */
  readonly checksBeforeRollback: boolean;
  /** A new section on a live connection gathers in passing and shows `checking`, unless max-bundle (Firefox 153). */
  readonly gathersForNewSections: boolean;
  /** Provisional answers exist (not in Firefox 153). */
  readonly hasProvisionalAnswers: boolean;
  /** Text that is no SDP is an `RTCError` with its line (webrtc-pc 4.4.1.5, Firefox 153), or a plain `OperationError` (Chromium 156). */
  readonly tellsSyntaxErrors: boolean;
  /** What was created is forgotten with the answer (webrtc-pc 4.4.1.5, Firefox 153), and cannot be applied once more. */
  readonly forgetsCreated: boolean;
  /** `localDescription` is another object at each reading (Firefox 153). */
  readonly freshDescriptions: boolean;
  /** `restartIce()` before the first offer asks for negotiation (Chromium 156). */
  readonly restartAsksEarly: boolean;

  /** Who offered first answers a restart as `active`, whatever was agreed (Firefox 153), instead of keeping its role (RFC 8842 5.3). */
  readonly restartForgetsRole: boolean;
  /** An answer that changes the DTLS role is refused (Chromium 156), not in Firefox 153. */
  readonly refusesRoleChange: boolean;

  /** The first offer's ufrag comes back after its rollback, its candidates are told again (Firefox 153). */
  readonly keepsUfragAfterRollback: boolean;
  /** An empty candidate for each section, and `a=end-of-candidates` (webrtc-pc 4.8.1.3; Firefox 153). Chromium 156 tells only `null`. */
  readonly tellsEndOfCandidates: boolean;
  /** `generation 0 ufrag X` stands in candidate lines (Chromium 156). */
  readonly ufragInCandidates: boolean;
  /** The same candidate twice stands twice in the description (Firefox 153). */
  readonly appendsDuplicates: boolean;
  /** A candidate of unknown ufrag resolves and is of no use (Chromium 156) instead of `OperationError` (webrtc-pc 4.4.2, Firefox 153). */
  readonly swallowsUnknownUfrag: boolean;
  /** The end of the peer's candidates resolves at once, at any time, and is lost (Chromium 156). */
  readonly ignoresRemoteEnd: boolean;
  /** While a restart is pending, candidates of the generation in use are refused (Firefox 153). */
  readonly forgetsUsedUfrag: boolean;
  /** A line with a wrong port or type resolves and is of no use (Firefox 153) instead of `OperationError` (webrtc-pc 4.4.2). */
  readonly acceptsBadCandidates: boolean;

  /** What a rollback does to the data section that was offered first: CORRECTNESS 0.1a, A2. */
  readonly dataRollback: 'fine' | 'chromium';
  /** Header extension ids of an undone offer stay taken on a living transport, and break it (Chromium 156, CORRECTNESS 0.1b). */
  readonly extensionIdsSurviveRollback: boolean;
  /** A remote restart that meets our plain offer is refused, rolled back or not (Firefox 153, CORRECTNESS 0.1c). */
  readonly refusesRestartGlare: boolean;
  /** Share of rollbacks on an established connection that close its data channels (Firefox 153: 7/34 runs). */
  readonly rollbackClosesChannels: number;
  /** Share of `stop()` calls on the section that carries BUNDLE that close the data channels (Firefox 153: 11/14 runs). */
  readonly stopClosesChannels: number;

  /** Connections in one process, closed ones included until they are collected (Chromium 156). */
  readonly maxConnections: number;
  /** Bytes one channel queues before `send` throws `OperationError` (Chromium 156: 16 MiB; Firefox 153 took 500 MB). */
  readonly sendQueueLimit: number;
  /** What `a=max-message-size` says, and the most that is sent. */
  readonly maxMessageSize: number;
  /** `sctp.maxChannels` once connected. */
  readonly maxChannels: number | null;
  /** Messages for a negotiated channel that is not there yet are kept for it (Firefox 153), or dropped (Chromium 156). */
  readonly keepsEarlyMessages: boolean;
  /** A Blob is read first while later messages overtake it (Chromium 156, CORRECTNESS 6.8). */
  readonly blobsFallBehind: boolean;
  /** `send` on a channel that closes does nothing (Firefox 153) instead of `InvalidStateError` (webrtc-pc 6.2). */
  readonly sendsWhileClosing: boolean;
  /** `closing` of a channel whose transport ended: of the peer's doing (Firefox 153), of our own (Chromium 156). */
  readonly tellsClosing: 'remote' | 'local' | 'never';
  /** With their own connection channels close in a task, and tell so (both browsers); webrtc-pc 4.4.1.3 closes them at once, silently. */
  readonly channelsCloseLate: boolean;
  /** DTLS, ICE and SCTP of a closed connection keep their last state, and `getStats` its entries (Firefox 153). */
  readonly transportsStayAfterClose: boolean;
  /** After `setStreams` a second exchange is asked for when the first is done (Chromium 156). */
  readonly streamsAskTwice: boolean;
  /** `setParameters` needs a fresh `getParameters` (webrtc-pc 5.2, Chromium 156), not in Firefox 153. */
  readonly checksTransactions: boolean;
  /** Senders of a closed connection have no encodings (Chromium 156) instead of what was set on them (webrtc-pc 5.2, Firefox 153). */
  readonly forgetsEncodings: boolean;
  /** A pair in use is `in-progress` in `getStats` while a check of it waits for its answer (Chromium 156, seen in 1 of 10 readings). */
  readonly checksShowInPairs: boolean;
  /** Entries of type `transport` count bytes (not in Firefox 153). */
  readonly transportCountsBytes: boolean;
  /** Senders and receivers of a closed connection are still listed (Chromium 156). */
  readonly listsAfterClose: boolean;
  /** The close of a peer is told as an `error` event too, with SCTP cause 12 (Chromium 156, CORRECTNESS 3.9). */
  readonly abortIsError: boolean;
  /** The pool size after the first description throws (webrtc-pc 4.4.1.8; Chromium 156) or is ignored (Firefox 153). */
  readonly refusesLatePool: boolean;
  /** `turn:x?transport=UDP` (Chromium 156 accepts, Firefox 153 throws `SyntaxError`). */
  readonly acceptsUpperCaseTransport: boolean;
  /** `iceTransport.getSelectedCandidatePair` exists (Chromium 156, not Firefox 153). */
  readonly hasSelectedPairMethod: boolean;

  readonly ice: IceTimings;
}

/** CORRECTNESS 3.1 to 3.5, A3 to A5: measured in network namespaces with both browsers. */
export interface IceTimings {
  /** Between two pings of the selected pair, shortest and longest. */
  readonly consentMs: readonly [number, number];
  /** From the first ping that stays unanswered to `disconnected`. */
  readonly disconnectedMs: number;
  /** From the same moment to `failed`. */
  readonly failedMs: number;
  /** `iceConnectionState` says `failed` too. Chromium's stays `disconnected` (crbug 982793). */
  readonly tellsIceFailed: boolean;
  /** A direct pair that failed comes back by itself when its path does. Relayed ones do in Chromium (A4). */
  readonly directRecovers: boolean;
  readonly relayRecovers: boolean;
  /** ICE failure ends DTLS and SCTP, for ever (Firefox 153, w3c/webrtc-pc#3133). */
  readonly failureKillsDtls: boolean;
  /** The loss of the interface ends DTLS at once (Firefox 153, CORRECTNESS 3.4). */
  readonly interfaceLossKillsDtls: boolean;
  /** Until `failed` where no candidate of the peer makes a pair (Firefox 153: 5.0 s; Chromium 156 stays `new`). */
  readonly noPairFailsMs: number;
  /** Until `failed` where no pair answers (Firefox 153: 11.1 s; Chromium 156: 15.05 s, `iceConnectionState` says `disconnected`). */
  readonly noAnswerFailsMs: number;
  /** A STUN or TURN server over UDP that does not answer holds gathering up for so long (A5). */
  readonly serverTimeoutMs: number;
  /** The same for TURN over TLS, and whether 701 is told at its end (Firefox says nothing, CORRECTNESS 2.11). */
  readonly tlsTimeoutMs: number;
  readonly tellsTlsFailure: boolean;
  /** A server name that does not resolve (A5). */
  readonly dnsTimeoutMs: number;
  /** Text of a 401 (Firefox's is empty). */
  readonly unauthorizedText: string;
}
