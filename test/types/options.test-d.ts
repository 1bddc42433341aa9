// What the compiler lets pass as options. Compiled by `npm run typecheck`, never run: an unused @ts-expect-error is a failure.
import {
  createSession,
  defaultRecovery,
  type IceServersAnswer,
  type RecoveryContext,
  type RecoveryStep,
  type SessionOptions,
  type SignalingTransport,
} from 'peer-session';
import { fromEmitter, lossy, webSocket } from 'peer-session/transports';
import { expectTypeOf } from 'vitest';

declare const transport: SignalingTransport;
declare const track: MediaStreamTrack;
declare const stream: MediaStream;

// Only the transport is needed.
expectTypeOf<SessionOptions>().pick<'transport'>().toEqualTypeOf<{ readonly transport: SignalingTransport }>();
createSession({ transport });
// @ts-expect-error nobody can be reached without
createSession({});
// @ts-expect-error not a word of ours
createSession({ transport, initiator: true });

// Media: constraints, a stream, or tracks by slot name.
createSession({ transport, media: { audio: true, video: { width: { ideal: 1280 } } } });
createSession({ transport, media: stream });
createSession({ transport, media: { camera: track, slides: track } });
// @ts-expect-error text is no source
createSession({ transport, media: 'camera' });
// @ts-expect-error `true` is no track
createSession({ transport, media: { camera: true } });

// ICE servers: a list, or a function that fetches a list or an answer with its end.
createSession({ transport, iceServers: [{ urls: 'stun:stun.example.com' }] });
createSession({ transport, iceServers: async () => [{ urls: ['stun:stun.example.com'] }] });
createSession({
  transport,
  iceServers: async ({ reason, signal }): Promise<IceServersAnswer> => {
    expectTypeOf(reason).toEqualTypeOf<'start' | 'rebuild' | 'refresh'>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return { iceServers: [], expiresAt: new Date() };
  },
});
// @ts-expect-error one word of two
createSession({ transport, iceTransportPolicy: 'direct' });

// Options are often put together from parts that may be missing: leave them out, do not pass `undefined`.
declare const some: { readonly peerId?: string; readonly iceServers?: RTCIceServer[] };
createSession({ transport, ...some });
createSession({ transport, ...(Math.random() > 0.5 && { media: { audio: true } }) });
// @ts-expect-error with exactOptionalPropertyTypes, as for every option of this package
createSession({ transport, peerId: undefined });
// Options may be frozen, and shared.
const shared = { iceServers: [{ urls: 'stun:stun.example.com' }], timeouts: { peerMs: Number.POSITIVE_INFINITY } } as const;
declare const deep: { readonly iceServers: readonly RTCIceServer[]; readonly timeouts: (typeof shared)['timeouts'] };
createSession({ transport, ...deep });
const options: SessionOptions = { transport };
// @ts-expect-error they are not changed after
options.peerId = 'alice';

// Recovery: numbers, or a policy of one's own, which has to answer with a step.
createSession({ transport, recovery: defaultRecovery({ giveUpAfterMs: 1_000 }) });
createSession({
  transport,
  recovery: { nextStep: ({ attempt }) => (attempt > 3 ? { step: 'give-up' } : { step: 'wait', ms: 100 }) },
});
expectTypeOf<RecoveryContext['lastStep']>().toEqualTypeOf<'restart' | 'rebuild' | null>();
expectTypeOf<RecoveryStep['step']>().toEqualTypeOf<'wait' | 'restart' | 'rebuild' | 'give-up'>();
// @ts-expect-error a wait has a length
createSession({ transport, recovery: { nextStep: () => ({ step: 'wait' }) } });
// @ts-expect-error only a wait has one
expectTypeOf<RecoveryStep>({ step: 'restart', ms: 5 });

// Parts of the platform can be replaced one by one.
createSession({ transport, platform: { random: () => 0.5 } });
// @ts-expect-error not by something else
createSession({ transport, platform: { random: () => 'often' } });

// Transports.
webSocket('wss://example.com/signal', { room: 'a', protocols: async ({ signal }) => [String(signal.aborted)] });
webSocket(async () => new URL('wss://example.com/signal'), { room: 'a' });
fromEmitter({ on: () => undefined, off: () => undefined, emit: () => undefined }, { event: 'signal' });
// @ts-expect-error a room is where sessions meet
webSocket('wss://example.com/signal', {});
// @ts-expect-error an emitter can be left
fromEmitter({ on: () => undefined, emit: () => undefined });
// @ts-expect-error how much is lost has to be said
lossy(transport);
