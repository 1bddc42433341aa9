// The chain of operations and the end of a connection: webrtc-pc 4.4.1.2, 4.4.1.3; CORRECTNESS 11.1 and 3.13.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, described, negotiate, offerOf } from '../negotiate.js';
import { verdict } from '../observe.js';

export const operations: readonly Behaviour[] = [
  behaviour(
    'chain: operations settle in the order of their calls',
    same(['createOffer', 'setLocal', 'createOffer']),
    async (env) => {
      const pc = env.connection();
      pc.addTransceiver('audio');
      const order: string[] = [];
      const note = (name: string) => (): void => void order.push(name);
      const offer = pc.createOffer();
      await Promise.all([
        offer.then(note('createOffer')),
        offer.then((made) => {
          const set = pc.setLocalDescription(made).then(note('setLocal'));
          return Promise.all([set, pc.createOffer().then(note('createOffer'))]);
        }),
      ]);
      return order;
    },
  ),

  behaviour('chain: setLocalDescription() decides when its turn comes', same('answer', { legacy: 'TypeError' }), async (env) => {
    const { a, b } = { a: env.connection(), b: env.connection() };
    a.addTransceiver('audio');
    const offer = await offerOf(a);
    const remote = b.setRemoteDescription(offer);
    const local = b.setLocalDescription();
    try {
      await Promise.all([remote, local]);
    } catch (error) {
      return (error as Error).name;
    }
    return b.localDescription?.type;
  }),

  behaviour('chain: createAnswer called right behind setRemoteDescription', same('resolved'), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    const offer = await offerOf(a);
    const applied = b.setRemoteDescription(offer);
    const answer = verdict(b.createAnswer());
    await applied;
    return answer;
  }),

  behaviour(
    'chain: a createAnswer behind a refused offer is refused too',
    same(['OperationError', 'InvalidStateError']),
    async (env) => {
      const pc = env.connection();
      const refused = verdict(pc.setRemoteDescription({ type: 'offer', sdp: 'not a description' }));
      const [first, second] = await Promise.all([refused, verdict(pc.createAnswer())]);
      return [first?.split(' ')[0], second];
    },
  ),

  behaviour(
    'chain: localDescription read at once is that of the operation',
    same(['offer', 'rollback'], { legacy: ['offer', 'rollback'] }),
    async (env) => {
      const pc = env.connection();
      pc.addTransceiver('audio');
      const offer = await pc.createOffer();
      const first = pc.setLocalDescription(offer).then(() => pc.localDescription?.type ?? 'none');
      const second = pc.setLocalDescription({ type: 'rollback' }).then(() => pc.localDescription?.type ?? 'rollback');
      return Promise.all([first, second]);
    },
  ),

  behaviour(
    'chain: localDescription is the same object until it changes',
    differs({ chromium: [true, true], firefox: [false, false], strict: [true, true] }),
    async (env) => {
      const pc = env.connection();
      pc.createDataChannel('x');
      const offer = await pc.createOffer();
      await pc.setLocalDescription(offer);
      const before = pc.localDescription;
      const again = pc.localDescription === before;
      return [again, pc.pendingLocalDescription === pc.localDescription];
    },
  ),

  behaviour('states: an exchange leaves nothing pending', same([true, true, null, null]), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    await b.setRemoteDescription(await offerOf(a));
    const answer = await answerOf(b);
    await a.setRemoteDescription(answer);
    return [
      a.currentLocalDescription?.sdp === described(a).sdp,
      a.currentRemoteDescription?.type === 'answer',
      a.pendingLocalDescription,
      b.pendingRemoteDescription,
    ];
  }),

  behaviour('states: DTLS roles follow a=setup', same(['actpass', 'active', 'actpass', 'passive']), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    const setup = (pc: RTCPeerConnection): string | undefined => /a=setup:(\w+)/.exec(pc.localDescription?.sdp ?? '')?.[1];
    await b.setRemoteDescription(await offerOf(a));
    await a.setRemoteDescription(await answerOf(b));
    const first = [setup(a), setup(b)];
    await a.setRemoteDescription(await offerOf(b));
    const offered = setup(b);
    await b.setRemoteDescription(await answerOf(a));
    return [...first, offered, setup(a)];
  }),

  behaviour('states: a second exchange keeps mids and order', same({ a: ['0', '1'], same: true }), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    await negotiate(a, b);
    b.addTransceiver('video');
    await negotiate(b, a);
    return { a: a.getTransceivers().map(({ mid }) => mid), same: a.getTransceivers().length === b.getTransceivers().length };
  }),
];
