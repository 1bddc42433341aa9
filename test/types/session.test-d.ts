// What the compiler knows of a session. Compiled by `npm run typecheck`, never run: an unused @ts-expect-error is a failure.
import {
  createSession,
  type DataChannel,
  type LocalTrack,
  type PeerSession,
  type RemoteTrack,
  type Route,
  type SessionError,
  type SessionEvents,
  type SessionSnapshot,
  type SessionState,
  type SessionStatus,
  type SignalingStatus,
  type SignalingTransport,
  type SlotName,
  type TroubleReason,
} from 'peer-session';
import { expectTypeOf } from 'vitest';

declare const session: PeerSession;
declare const transport: SignalingTransport;

// Events: each name has its own payload.
session.on('statechange', (event) =>
  expectTypeOf(event).toEqualTypeOf<{ readonly state: SessionState; readonly previous: SessionState }>(),
);
session.on('track', ({ name, track, stream }) => {
  expectTypeOf(name).toEqualTypeOf<SlotName>();
  expectTypeOf<string>().toExtend<SlotName>();
  expectTypeOf(track).toEqualTypeOf<MediaStreamTrack>();
  expectTypeOf(stream).toEqualTypeOf<MediaStream>();
});
session.on('localtrack', ({ track }) => expectTypeOf(track).toEqualTypeOf<MediaStreamTrack | null>());
session.on('signalingchange', ({ signaling }) => expectTypeOf(signaling).toEqualTypeOf<SignalingStatus>());
session.on('routechange', ({ route }) => expectTypeOf(route).toEqualTypeOf<Route>());
session.on('peerchange', ({ change }) => expectTypeOf(change).toEqualTypeOf<'joined' | 'left' | 'restarted'>());
session.once('warning', ({ error }) => expectTypeOf(error).toEqualTypeOf<SessionError>());
expectTypeOf(session.on('channel', () => undefined)).toEqualTypeOf<() => void>();
expectTypeOf<keyof SessionEvents>().toEqualTypeOf<
  | 'statechange'
  | 'localtrack'
  | 'track'
  | 'trackremoved'
  | 'trackmute'
  | 'channel'
  | 'signalingchange'
  | 'routechange'
  | 'peerchange'
  | 'warning'
>();
// @ts-expect-error there is no such event
session.on('stateChange', () => undefined);
// @ts-expect-error the payload of another event
session.on('track', ({ state }) => state);
// @ts-expect-error a payload cannot be changed
session.on('statechange', (event) => (event.state = event.previous));

// State: the status tells what else is there.
function described(state: SessionState): string {
  switch (state.status) {
    case 'idle':
    case 'fetching':
    case 'signaling':
    case 'connecting':
    case 'connected':
    case 'paused':
      expectTypeOf<keyof typeof state>().toEqualTypeOf<'status'>();
      return state.status;
    case 'reconnecting':
      expectTypeOf(state.attempt).toEqualTypeOf<number>();
      expectTypeOf(state.reason).toEqualTypeOf<TroubleReason>();
      return state.reason;
    case 'closed':
      expectTypeOf(state.by).toEqualTypeOf<'local' | 'remote'>();
      return state.reason;
    case 'failed':
      expectTypeOf(state.error).toEqualTypeOf<SessionError>();
      return state.error.hint;
    default:
      // Every status has its case.
      expectTypeOf(state).toEqualTypeOf<never>();
      return state;
  }
}
expectTypeOf(described).returns.toEqualTypeOf<string>();
expectTypeOf<SessionState['status']>().toEqualTypeOf<SessionStatus>();
// @ts-expect-error only a failed state has an error
void session.state.error;
// @ts-expect-error the state is the session's to change
session.state = { status: 'idle' };

// Snapshots, as bindings of user interface frameworks want them.
expectTypeOf(session.getSnapshot).toEqualTypeOf<() => SessionSnapshot>();
expectTypeOf(session.subscribe).parameter(0).toEqualTypeOf<() => void>();
expectTypeOf(session.subscribe).returns.toEqualTypeOf<() => void>();
expectTypeOf<SessionSnapshot['route']>().toEqualTypeOf<Route | null>();
expectTypeOf<SessionSnapshot['local']>().toEqualTypeOf<readonly LocalTrack[]>();
expectTypeOf<SessionSnapshot['remote']>().toEqualTypeOf<readonly RemoteTrack[]>();

// Calls.
expectTypeOf(createSession({ transport })).toEqualTypeOf<PeerSession>();
expectTypeOf(session.start({ signal: new AbortController().signal })).toEqualTypeOf<Promise<void>>();
expectTypeOf(session.close()).toEqualTypeOf<Promise<void>>();
expectTypeOf(session.remotePeerId).toEqualTypeOf<string | null>();
expectTypeOf(session).toExtend<AsyncDisposable>();
expectTypeOf(session.media.publish('camera', { width: 1280 })).toEqualTypeOf<Promise<LocalTrack>>();
// @ts-expect-error a negotiation is not the app's to begin
session.negotiate();

// Channels.
const channel = session.channel('chat', { ordered: false });
expectTypeOf(channel).toEqualTypeOf<DataChannel>();
expectTypeOf(channel.onMessage).parameter(0).parameter(0).toEqualTypeOf<string | ArrayBuffer>();
expectTypeOf(channel).toExtend<AsyncIterable<string | ArrayBuffer>>();
void channel.send('text');
void channel.send(new Uint8Array(2));
void channel.send(new ArrayBuffer(2));
// @ts-expect-error objects are the app's to write as text
void channel.send({ text: 'hello' });
// @ts-expect-error a channel has a name
session.channel();
