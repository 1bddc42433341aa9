// Candidates, ufrags and the end of candidates: webrtc-pc 4.4.2, 4.8.1; web-platform-tests addIceCandidate-timing; CORRECTNESS 2.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, lines, negotiate, offerOf, ufragOf } from '../negotiate.js';
import { verdict } from '../observe.js';

const LINE = 'candidate:1 1 udp 2113929471 192.0.2.1 9000 typ host';

async function answered(env: { connection(): RTCPeerConnection }): Promise<{ a: RTCPeerConnection; b: RTCPeerConnection }> {
  const a = env.connection();
  const b = env.connection();
  a.addTransceiver('audio');
  await b.setRemoteDescription(await offerOf(a));
  return { a, b };
}

const candidatesIn = (pc: RTCPeerConnection): string[] => lines(pc.remoteDescription, /^a=candidate:/);

export const candidates: readonly Behaviour[] = [
  behaviour('candidate: before a remote description', same('InvalidStateError'), async (env) =>
    verdict(env.connection().addIceCandidate({ candidate: LINE, sdpMid: '0' })),
  ),

  behaviour(
    'candidate: the end of candidates before a remote description',
    differs({
      chromium: ['resolved', 'resolved'],
      firefox: ['InvalidStateError', 'InvalidStateError'],
      strict: ['InvalidStateError', 'InvalidStateError'],
    }),
    async (env) => [
      await verdict(env.connection().addIceCandidate()),
      await verdict(env.connection().addIceCandidate({ candidate: '', sdpMid: '0' })),
    ],
  ),

  behaviour(
    'candidate: words that cannot be right',
    same(
      {
        'no section': 'TypeError',
        'unknown mid': 'OperationError',
        'unknown index': 'OperationError',
        garbage: 'OperationError',
        'bad port': 'OperationError',
        'bad type': 'OperationError',
      },
      {
        firefox: {
          'no section': 'TypeError',
          'unknown mid': 'OperationError',
          'unknown index': 'OperationError',
          garbage: 'OperationError',
          'bad port': 'resolved',
          'bad type': 'resolved',
        },
      },
    ),
    async (env) => {
      const { b } = await answered(env);
      return {
        'no section': await verdict(b.addIceCandidate({ candidate: LINE })),
        'unknown mid': await verdict(b.addIceCandidate({ candidate: LINE, sdpMid: 'nobody' })),
        'unknown index': await verdict(b.addIceCandidate({ candidate: LINE, sdpMLineIndex: 7 })),
        garbage: await verdict(b.addIceCandidate({ candidate: 'garbage', sdpMid: '0' })),
        'bad port': await verdict(b.addIceCandidate({ candidate: LINE.replace('9000', 'port'), sdpMid: '0' })),
        'bad type': await verdict(b.addIceCandidate({ candidate: LINE.replace('typ host', 'typ guest'), sdpMid: '0' })),
      };
    },
  ),

  behaviour(
    'candidate: words that are odd but right',
    same({
      'blocked port': 'resolved',
      'mdns name': 'resolved',
      'by index': 'resolved',
      'a= in front': 'resolved',
      end: 'resolved',
      'after the end': 'resolved',
    }),
    async (env) => {
      const { a, b } = await answered(env);
      await a.setRemoteDescription(await answerOf(b));
      return {
        'blocked port': await verdict(b.addIceCandidate({ candidate: LINE.replace('9000', '25'), sdpMid: '0' })),
        'mdns name': await verdict(b.addIceCandidate({ candidate: LINE.replace('192.0.2.1', 'f1d2c3.local'), sdpMid: '0' })),
        'by index': await verdict(b.addIceCandidate({ candidate: LINE.replace('9000', '9002'), sdpMLineIndex: 0 })),
        'a= in front': await verdict(b.addIceCandidate({ candidate: `a=${LINE.replace('9000', '9003')}`, sdpMid: '0' })),
        end: await verdict(b.addIceCandidate({ candidate: '', sdpMid: '0' })),
        'after the end': await verdict(b.addIceCandidate({ candidate: LINE.replace('9000', '9004'), sdpMid: '0' })),
      };
    },
  ),

  behaviour(
    'candidate: an unknown ufrag',
    differs({ chromium: ['resolved', 1], firefox: ['OperationError', 0], strict: ['OperationError', 0] }),
    async (env) => {
      const { b } = await answered(env);
      const outcome = await verdict(b.addIceCandidate({ candidate: LINE, sdpMid: '0', usernameFragment: 'nobody' }));
      return [outcome, candidatesIn(b).length];
    },
  ),

  behaviour(
    'candidate: an unknown ufrag on a settled connection',
    differs({ chromium: ['resolved', 1], firefox: ['OperationError', 0], strict: ['OperationError', 0] }),
    async (env) => {
      const { a, b } = await answered(env);
      await a.setRemoteDescription(await answerOf(b));
      const outcome = await verdict(a.addIceCandidate({ candidate: LINE, sdpMid: '0', usernameFragment: 'nobody' }));
      return [outcome, candidatesIn(a).length];
    },
  ),

  behaviour(
    'candidate: an unknown ufrag in the line only',
    differs({ chromium: ['resolved', 1], firefox: ['resolved', 1], strict: ['resolved', 1] }),
    async (env) => {
      const { b } = await answered(env);
      const outcome = await verdict(b.addIceCandidate({ candidate: `${LINE} generation 0 ufrag nobody`, sdpMid: '0' }));
      return [outcome, candidatesIn(b).length];
    },
  ),

  behaviour('candidate: it stands in the remote description', same([1, true]), async (env) => {
    const { a, b } = await answered(env);
    await b.addIceCandidate({ candidate: LINE, sdpMid: '0', usernameFragment: ufragOf(a.localDescription) });
    const [line] = candidatesIn(b);
    return [candidatesIn(b).length, line?.includes('192.0.2.1 9000 typ host')];
  }),

  behaviour('candidate: the same one twice', differs({ chromium: 1, firefox: 2, strict: 1 }), async (env) => {
    const { b } = await answered(env);
    await b.addIceCandidate({ candidate: LINE, sdpMid: '0' });
    await b.addIceCandidate({ candidate: LINE, sdpMid: '0' });
    return candidatesIn(b).length;
  }),

  behaviour(
    'candidate: the end of candidates waits in the chain',
    differs({ chromium: ['end', 'description'], firefox: ['description', 'end'], strict: ['description', 'end'] }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      const offer = await offerOf(a);
      const order: string[] = [];
      await Promise.all([
        b.setRemoteDescription(offer).then(() => order.push('description')),
        b.addIceCandidate().then(() => order.push('end')),
      ]);
      return order;
    },
  ),

  behaviour('candidate: waits in the chain for its description', same(['resolved', 'resolved', 1]), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    const offer = await offerOf(a);
    const applied = verdict(b.setRemoteDescription(offer));
    const added = verdict(b.addIceCandidate({ candidate: LINE, sdpMid: '0' }));
    return [await applied, await added, candidatesIn(b).length];
  }),

  behaviour(
    'candidate: of the generation before a pending restart',
    same(['resolved', 'resolved'], { firefox: ['OperationError', 'resolved'] }),
    async (env) => {
      const { a, b } = await answered(env);
      await a.setRemoteDescription(await answerOf(b));
      const old = ufragOf(b.localDescription);
      await a.setRemoteDescription(await offerOf(b, { iceRestart: true }));
      const fresh = ufragOf(a.pendingRemoteDescription);
      return [
        await verdict(a.addIceCandidate({ candidate: LINE, sdpMid: '0', usernameFragment: old })),
        await verdict(a.addIceCandidate({ candidate: LINE, sdpMid: '0', usernameFragment: fresh })),
      ];
    },
  ),

  behaviour(
    'candidate: of a generation that a restart replaced',
    differs({ chromium: 'resolved', firefox: 'OperationError', strict: 'OperationError' }),
    async (env) => {
      const { a, b } = await answered(env);
      await a.setRemoteDescription(await answerOf(b));
      const old = ufragOf(b.localDescription);
      await negotiate(b, a, { iceRestart: true });
      return verdict(a.addIceCandidate({ candidate: LINE, sdpMid: '0', usernameFragment: old }));
    },
  ),

  behaviour(
    'end of candidates: what it leaves in the remote description',
    differs({ chromium: 0, firefox: 1, strict: 1 }),
    async (env) => {
      const { a, b } = await answered(env);
      await b.addIceCandidate({ candidate: '', sdpMid: '0', usernameFragment: ufragOf(a.localDescription) });
      return lines(b.remoteDescription, /^a=end-of-candidates/).length;
    },
  ),

  behaviour('trickle: the peer says that it can', same([null, true]), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    const before = b.canTrickleIceCandidates;
    await b.setRemoteDescription(await offerOf(a));
    return [before, b.canTrickleIceCandidates];
  }),
];
