// Rollback, explicit and implicit: webrtc-pc 4.4.1.5; JSEP 4.1.10; CORRECTNESS 11.3 and 11.4.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, connect, lines, negotiate, offerOf, pairOf } from '../negotiate.js';
import { states, verdict } from '../observe.js';

const ROLLBACK: RTCSessionDescriptionInit = { type: 'rollback', sdp: '' };

interface Two {
  readonly a: RTCPeerConnection;
  readonly b: RTCPeerConnection;
}

function two(env: { connection(): RTCPeerConnection }, kinds: readonly string[] = ['audio']): Two {
  const a = env.connection();
  for (const kind of kinds) a.addTransceiver(kind);
  return { a, b: env.connection() };
}

export const rollback: readonly Behaviour[] = [
  behaviour('rollback: of a local offer', same(['stable', null, null, ['have-local-offer', 'stable']]), async (env) => {
    const { a } = two(env);
    const seen = states(a, 'signalingstatechange', () => a.signalingState);
    await offerOf(a);
    await a.setLocalDescription(ROLLBACK);
    return [a.signalingState, a.localDescription, a.pendingLocalDescription, seen];
  }),

  behaviour(
    'rollback: in stable, and by the method of the other side',
    differs({
      chromium: ['InvalidStateError', 'InvalidStateError', 'resolved', 'resolved'],
      firefox: ['InvalidStateError', 'InvalidStateError', 'InvalidStateError', 'InvalidStateError'],
      strict: ['InvalidStateError', 'InvalidStateError', 'resolved', 'resolved'],
    }),
    async (env) => {
      const { a, b } = two(env);
      const out = [await verdict(a.setLocalDescription(ROLLBACK)), await verdict(a.setRemoteDescription(ROLLBACK))];
      const offer = await offerOf(a);
      out.push(await verdict(a.setRemoteDescription(ROLLBACK)));
      await b.setRemoteDescription(offer);
      out.push(await verdict(b.setLocalDescription(ROLLBACK)));
      return out;
    },
  ),

  behaviour(
    'rollback: of a remote offer removes its transceivers and ends nothing else',
    same({ before: 2, after: 1, state: 'stable', mid: null }),
    async (env) => {
      const { a, b } = two(env, ['audio', 'video']);
      const own = b.addTransceiver('audio');
      await b.setRemoteDescription(await offerOf(a));
      const before = b.getTransceivers().length - 1;
      await b.setRemoteDescription(ROLLBACK);
      return { before, after: b.getTransceivers().length, state: b.signalingState, mid: own.mid };
    },
  ),

  behaviour(
    'rollback: a transceiver taken by addTrack stays, without a mid',
    same({ count: 1, mid: null, direction: 'sendrecv', track: true }),
    async (env) => {
      const { a, b } = two(env);
      const stream = await env.capture({ audio: true });
      await b.setRemoteDescription(await offerOf(a));
      const [track] = stream.getTracks();
      if (track) b.addTrack(track, stream);
      await b.setRemoteDescription(ROLLBACK);
      const [kept] = b.getTransceivers();
      return {
        count: b.getTransceivers().length,
        mid: kept?.mid,
        direction: kept?.direction,
        track: kept?.sender.track === track,
      };
    },
  ),

  behaviour('rollback: takes the mid of a new transceiver away', same(['0', null]), async (env) => {
    const { a } = two(env);
    await offerOf(a);
    const [t] = a.getTransceivers();
    const before = t?.mid;
    await a.setLocalDescription(ROLLBACK);
    return [before, t?.mid];
  }),

  behaviour(
    'rollback: a remote offer undoes ours, in this order',
    same(['have-local-offer', 'stable', 'have-remote-offer'], { legacy: ['have-local-offer', 'InvalidStateError'] }),
    async (env) => {
      const { a, b } = two(env);
      b.addTransceiver('audio');
      const seen = states(a, 'signalingstatechange', () => a.signalingState);
      await offerOf(a);
      const outcome = await verdict(a.setRemoteDescription(await offerOf(b)));
      if (outcome !== 'resolved') seen.push(outcome);
      return seen;
    },
  ),

  behaviour(
    'rollback: a remote offer that is refused',
    differs({
      chromium: ['OperationError', 'have-local-offer'],
      firefox: ['OperationError sdp-syntax-error', 'stable'],
      strict: ['OperationError sdp-syntax-error', 'stable'],
      legacy: ['InvalidStateError', 'have-local-offer'],
    }),
    async (env) => {
      const { a } = two(env);
      await offerOf(a);
      return [await verdict(a.setRemoteDescription({ type: 'offer', sdp: 'nonsense' })), a.signalingState];
    },
  ),

  behaviour(
    'rollback: a remote offer that does not fit',
    differs({
      chromium: ['InvalidAccessError', 'have-local-offer'],
      firefox: ['InvalidAccessError', 'stable'],
      strict: ['InvalidAccessError', 'stable'],
      legacy: ['InvalidStateError', 'have-local-offer'],
    }),
    async (env) => {
      const { a, b } = two(env);
      b.addTransceiver('audio');
      await offerOf(a);
      const { sdp = '' } = await offerOf(b);
      const refused = verdict(a.setRemoteDescription({ type: 'offer', sdp: sdp.replace(/a=ice-ufrag:.*\r\n/g, '') }));
      return [await refused, a.signalingState];
    },
  ),

  behaviour(
    'rollback: a first offer with data undone by one without',
    differs({ chromium: 0, firefox: 1, strict: 1 }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.createDataChannel('x');
      b.addTransceiver('audio');
      await offerOf(a);
      await a.setLocalDescription({ type: 'rollback', sdp: '' });
      await negotiate(b, a);
      const { sdp = '' } = await a.createOffer();
      return sdp.includes('m=application') ? 1 : 0;
    },
  ),

  behaviour(
    'rollback: audio against video on a data-only connection',
    differs({ chromium: ['InvalidAccessError'], firefox: ['resolved'], strict: ['resolved'] }),
    async (env) => {
      const pair = await pairOf(env);
      pair.a.createDataChannel('x');
      await connect(pair);
      pair.a.addTransceiver('audio');
      pair.b.addTransceiver('video');
      await offerOf(pair.a);
      const offer = await offerOf(pair.b);
      await pair.a.setLocalDescription({ type: 'rollback', sdp: '' });
      return [await verdict(pair.a.setRemoteDescription(offer))];
    },
  ),

  behaviour(
    'rollback: a data section offered second is undone by one offered first',
    differs({ chromium: 'OperationError', firefox: 'resolved', strict: 'resolved' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      a.createDataChannel('x');
      b.createDataChannel('x');
      await offerOf(a);
      const offer = await offerOf(b);
      await a.setLocalDescription(ROLLBACK);
      await a.setRemoteDescription(offer);
      return verdict(answerOf(a));
    },
  ),

  behaviour(
    'rollback: a first offer with data is offered again',
    differs({ chromium: 0, firefox: 1, strict: 1 }),
    async (env) => {
      const pc = env.connection();
      pc.createDataChannel('x');
      await offerOf(pc);
      await pc.setLocalDescription(ROLLBACK);
      return lines(await pc.createOffer(), /^m=application/).length;
    },
  ),
];
