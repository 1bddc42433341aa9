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
  /** m= of the data section stands where the channel was created (Firefox 153), not behind all media (Chromium 156). */
  readonly dataSectionInOrder: boolean;

  /** The first offer's ufrag comes back after its rollback, its candidates are told again (Firefox 153). */
  readonly keepsUfragAfterRollback: boolean;
  /** An empty candidate for each section, and `a=end-of-candidates` (webrtc-pc 4.8.1.3; Firefox 153). Chromium tells only `null`. */
  readonly tellsEndOfCandidates: boolean;
  /** A candidate of unknown ufrag resolves and is dropped (Chromium 156) instead of `OperationError` (webrtc-pc 4.4.2, Firefox 153). */
  readonly swallowsUnknownUfrag: boolean;
  /** The end of candidates before a remote description resolves and is lost (Chromium 156) instead of `InvalidStateError`. */
  readonly acceptsEarlyEnd: boolean;

  /** What a rollback does to the data section that was offered first: CORRECTNESS 0.1a, A2. */
  readonly dataRollback: 'fine' | 'chromium' | 'firefox';
  /** Header extension ids of an undone offer stay taken on a living transport (Chromium 156, CORRECTNESS 0.1b). */
  readonly extensionIdsSurviveRollback: boolean;
  /** A remote restart that meets our plain offer is refused, rolled back or not (Firefox 153, CORRECTNESS 0.1c). */
  readonly refusesRestartGlare: boolean;
  /** Share of rollbacks on an established connection that close its data channels (Firefox 153: 2/12, 3/6 runs). */
  readonly rollbackClosesChannels: number;
  /** Share of `stop()` calls on the section that carries BUNDLE that close the data channels (Firefox 153: 4/6 runs). */
  readonly stopClosesChannels: number;

  /** Connections in one process, closed ones included until they are collected (Chromium 156). */
  readonly maxConnections: number;
  /** Bytes one channel queues before `send` throws `OperationError` (Chromium 156: 16 MiB; Firefox 153 took 500 MB). */
  readonly sendQueueLimit: number;
  /** What `a=max-message-size` says, and the most that is sent. */
  readonly maxMessageSize: number;
  /** `sctp.maxChannels` once connected. */
  readonly maxChannels: number | null;
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
  /** Checks that never succeed: until `failed`, as the answerer and as the offerer. `Infinity`: waits in `checking`. */
  readonly checkingFailsMs: { readonly answerer: number; readonly offerer: number };
  /** The controlling side goes on from `connected` to `completed` (Chromium 156). */
  readonly tellsCompleted: boolean;
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

const CHROMIUM: Personality = {
  name: 'chromium',
  origin: '-',
  implicitDescriptions: true,
  implicitRollback: true,
  hasRestartIce: true,
  refusesMunging: false,
  dataSectionInOrder: false,
  keepsUfragAfterRollback: false,
  tellsEndOfCandidates: false,
  swallowsUnknownUfrag: true,
  acceptsEarlyEnd: true,
  dataRollback: 'chromium',
  extensionIdsSurviveRollback: true,
  refusesRestartGlare: false,
  rollbackClosesChannels: 0,
  stopClosesChannels: 0,
  maxConnections: 500,
  sendQueueLimit: 16 * 1024 * 1024,
  maxMessageSize: 262_144,
  maxChannels: 65_535,
  abortIsError: true,
  refusesLatePool: true,
  acceptsUpperCaseTransport: true,
  hasSelectedPairMethod: true,
  ice: {
    consentMs: [2000, 2600],
    disconnectedMs: 5000,
    failedMs: 15_000,
    tellsIceFailed: false,
    directRecovers: false,
    relayRecovers: true,
    failureKillsDtls: false,
    interfaceLossKillsDtls: false,
    checkingFailsMs: { answerer: Number.POSITIVE_INFINITY, offerer: Number.POSITIVE_INFINITY },
    tellsCompleted: true,
    serverTimeoutMs: 39_900,
    tlsTimeoutMs: 30_100,
    tellsTlsFailure: true,
    dnsTimeoutMs: 8000,
    unauthorizedText: 'Unauthorized.',
  },
};

const FIREFOX: Personality = {
  ...CHROMIUM,
  name: 'firefox',
  origin: 'mozilla...THIS_IS_SDPARTA-99.0',
  dataSectionInOrder: true,
  keepsUfragAfterRollback: true,
  tellsEndOfCandidates: true,
  swallowsUnknownUfrag: false,
  acceptsEarlyEnd: false,
  dataRollback: 'firefox',
  extensionIdsSurviveRollback: false,
  refusesRestartGlare: true,
  rollbackClosesChannels: 0.25,
  stopClosesChannels: 0.65,
  maxConnections: Number.POSITIVE_INFINITY,
  sendQueueLimit: Number.POSITIVE_INFINITY,
  maxMessageSize: 1_073_741_823,
  maxChannels: null,
  abortIsError: false,
  refusesLatePool: false,
  acceptsUpperCaseTransport: false,
  hasSelectedPairMethod: false,
  ice: {
    ...CHROMIUM.ice,
    consentMs: [4000, 5000],
    disconnectedMs: 4500,
    failedMs: 25_000,
    tellsIceFailed: true,
    directRecovers: false,
    relayRecovers: false,
    failureKillsDtls: true,
    interfaceLossKillsDtls: true,
    checkingFailsMs: { answerer: 5000, offerer: 11_000 },
    tellsCompleted: false,
    serverTimeoutMs: 11_100,
    tlsTimeoutMs: 4,
    tellsTlsFailure: false,
    dnsTimeoutMs: 3,
    unauthorizedText: '',
  },
};

/** The specification, and nothing else. */
const STRICT: Personality = {
  ...CHROMIUM,
  name: 'strict',
  refusesMunging: true,
  tellsEndOfCandidates: true,
  swallowsUnknownUfrag: false,
  acceptsEarlyEnd: false,
  dataRollback: 'fine',
  extensionIdsSurviveRollback: false,
  maxConnections: Number.POSITIVE_INFINITY,
  sendQueueLimit: Number.POSITIVE_INFINITY,
  abortIsError: false,
  acceptsUpperCaseTransport: false,
  ice: { ...CHROMIUM.ice, tellsIceFailed: true, directRecovers: true, relayRecovers: true },
};

/** An old libwebrtc behind a native binding: explicit descriptions only (@roamhq/wrtc, react-native before 98). */
const LEGACY: Personality = {
  ...CHROMIUM,
  name: 'legacy',
  implicitDescriptions: false,
  implicitRollback: false,
  hasRestartIce: false,
  maxConnections: Number.POSITIVE_INFINITY,
};

const PERSONALITIES: Readonly<Record<PersonalityName, Personality>> = {
  chromium: CHROMIUM,
  firefox: FIREFOX,
  strict: STRICT,
  legacy: LEGACY,
};

/** The behaviour of an engine by its name. */
export function personalityOf(name: PersonalityName): Personality {
  return PERSONALITIES[name];
}
