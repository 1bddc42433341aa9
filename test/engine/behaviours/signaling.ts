// Signaling states: webrtc-pc 4.3.1, 4.4.1.5; JSEP 4.1; CORRECTNESS 11.3, 11.5 and 1.6.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, described, lines, negotiate, offerOf } from '../negotiate.js';
import { log, settled, states, verdict } from '../observe.js';

const WRONG = {
  'stable: local answer': 'InvalidModificationError',
  'stable: remote answer': 'InvalidStateError',
  'stable: createAnswer': 'InvalidStateError',
  'have-local-offer: createAnswer': 'InvalidStateError',
  'the answer of somebody else': 'InvalidModificationError',
  'have-remote-offer: remote answer': 'InvalidStateError',
  'have-remote-offer: local offer': 'InvalidStateError',
  'have-remote-offer: createOffer': 'InvalidStateError',
};

interface Two {
  readonly a: RTCPeerConnection;
  readonly b: RTCPeerConnection;
}

function two(env: { connection(): RTCPeerConnection }, kinds: readonly string[] = ['audio']): Two {
  const a = env.connection();
  for (const kind of kinds) a.addTransceiver(kind);
  return { a, b: env.connection() };
}

export const signaling: readonly Behaviour[] = [
  behaviour(
    'signaling: the states of both sides',
    same({ a: ['have-local-offer', 'stable'], b: ['have-remote-offer', 'stable'] }),
    async (env) => {
      const { a, b } = two(env);
      const seen = {
        a: states(a, 'signalingstatechange', () => a.signalingState),
        b: states(b, 'signalingstatechange', () => b.signalingState),
      };
      await negotiate(a, b);
      return seen;
    },
  ),

  behaviour('signaling: the event comes before the promise', same(['signalingstatechange', 'resolved']), async (env) => {
    const { a } = two(env);
    const order = log(a, ['signalingstatechange']);
    await a.setLocalDescription(await a.createOffer()).then(() => order.push('resolved'));
    return order;
  }),

  behaviour(
    'signaling: descriptions that do not fit the state',
    differs({
      chromium: { ...WRONG, 'stable: local answer': 'InvalidStateError', 'have-remote-offer: local offer': 'InvalidStateError' },
      firefox: WRONG,
      strict: WRONG,
    }),
    async (env) => {
      const { a, b } = two(env);
      const first = await offerOf(a);
      await b.setRemoteDescription(first);
      const answer = await answerOf(b);
      await a.setRemoteDescription(answer);
      const out: Record<string, string> = {
        'stable: local answer': await verdict(b.setLocalDescription(answer)),
        'stable: remote answer': await verdict(a.setRemoteDescription(answer)),
        'stable: createAnswer': await verdict(a.createAnswer()),
      };
      const made = await b.createOffer();
      const offer = await offerOf(a);
      out['have-local-offer: createAnswer'] = await verdict(a.createAnswer());
      out['the answer of somebody else'] = await verdict(a.setLocalDescription(answer));
      await b.setRemoteDescription(offer);
      out['have-remote-offer: remote answer'] = await verdict(b.setRemoteDescription(answer));
      out['have-remote-offer: local offer'] = await verdict(b.setLocalDescription(made));
      out['have-remote-offer: createOffer'] = await settled(env, b.createOffer());
      return out;
    },
  ),

  behaviour(
    'signaling: an answer to an earlier offer of the same shape is accepted',
    same(['resolved', 'stable']),
    async (env) => {
      const { a, b } = two(env);
      await negotiate(a, b);
      const stale = described(b);
      await offerOf(a, { iceRestart: true });
      return [await verdict(a.setRemoteDescription(stale)), a.signalingState];
    },
  ),

  behaviour(
    'signaling: an answer with too few sections is refused',
    same(['InvalidAccessError', 'have-local-offer']),
    async (env) => {
      const { a, b } = two(env);
      await negotiate(a, b);
      const stale = described(b);
      a.addTransceiver('video');
      await offerOf(a);
      return [await verdict(a.setRemoteDescription(stale)), a.signalingState];
    },
  ),

  behaviour('signaling: an answer of another kind is refused', same(['InvalidAccessError', 'have-local-offer']), async (env) => {
    const { a, b } = two(env);
    await b.setRemoteDescription(await offerOf(a));
    const { type, sdp = '' } = await answerOf(b);
    const other = sdp.replace('m=audio', 'm=video');
    return [await verdict(a.setRemoteDescription({ type, sdp: other })), a.signalingState];
  }),

  behaviour(
    'signaling: text that is no SDP',
    differs({
      chromium: ['OperationError', 'stable'],
      firefox: ['OperationError sdp-syntax-error', 'stable'],
      strict: ['OperationError sdp-syntax-error', 'stable'],
    }),
    async (env) => {
      const pc = env.connection();
      return [await verdict(pc.setRemoteDescription({ type: 'offer', sdp: 'nonsense' })), pc.signalingState];
    },
  ),

  behaviour('signaling: an offer without ice-ufrag is refused', same('InvalidAccessError'), async (env) => {
    const { a, b } = two(env);
    const { sdp = '' } = await offerOf(a);
    return verdict(b.setRemoteDescription({ type: 'offer', sdp: sdp.replace(/a=ice-ufrag:.*\r\n/g, '') }));
  }),

  behaviour('signaling: an offer without fingerprint is refused', same('InvalidAccessError'), async (env) => {
    const { a, b } = two(env);
    const { sdp = '' } = await offerOf(a);
    return verdict(b.setRemoteDescription({ type: 'offer', sdp: sdp.replace(/a=fingerprint:.*\r\n/g, '') }));
  }),

  behaviour('signaling: an offer that lost a section is refused', same('InvalidAccessError'), async (env) => {
    const { a, b } = two(env, ['audio', 'video']);
    await negotiate(a, b);
    const { sdp = '' } = await offerOf(a);
    const shorter = sdp.slice(0, sdp.indexOf('m=video')).replace(/a=group:BUNDLE.*\r\n/, 'a=group:BUNDLE 0\r\n');
    return verdict(b.setRemoteDescription({ type: 'offer', sdp: shorter }));
  }),

  behaviour(
    'signaling: a small change of the local text',
    differs({ chromium: 'resolved', firefox: 'resolved', strict: 'InvalidModificationError' }),
    async (env) => {
      const { a } = two(env);
      const { sdp = '' } = await a.createOffer();
      return verdict(a.setLocalDescription({ type: 'offer', sdp: sdp.replace('s=-', 's=changed') }));
    },
  ),

  behaviour('signaling: two remote offers in a row', same(['resolved', 'have-remote-offer', 2]), async (env) => {
    const { a, b } = two(env);
    await b.setRemoteDescription(await offerOf(a));
    a.addTransceiver('video');
    const second = await verdict(b.setRemoteDescription(await offerOf(a)));
    return [second, b.signalingState, b.getTransceivers().length];
  }),

  behaviour('signaling: two local offers in a row', same(['resolved', 'have-local-offer', 2]), async (env) => {
    const { a } = two(env);
    await offerOf(a);
    a.addTransceiver('video');
    await offerOf(a);
    return ['resolved', a.signalingState, lines(a.localDescription, /^m=/).length];
  }),

  behaviour(
    'signaling: a provisional answer',
    same(
      {
        b: ['have-remote-offer', 'have-local-pranswer', 'stable'],
        a: ['have-local-offer', 'have-remote-pranswer', 'stable'],
      },
      { firefox: 'NotSupportedError' },
    ),
    async (env) => {
      const { a, b } = two(env);
      const seen = {
        a: states(a, 'signalingstatechange', () => a.signalingState),
        b: states(b, 'signalingstatechange', () => b.signalingState),
      };
      await b.setRemoteDescription(await offerOf(a));
      const answer = await b.createAnswer();
      const { sdp = '' } = answer;
      const provisional = await verdict(b.setLocalDescription({ type: 'pranswer', sdp }));
      if (provisional !== 'resolved') return provisional;
      await a.setRemoteDescription({ type: 'pranswer', sdp });
      await b.setLocalDescription({ type: 'answer', sdp });
      await a.setRemoteDescription({ type: 'answer', sdp });
      return seen;
    },
  ),
];
