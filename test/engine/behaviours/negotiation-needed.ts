// negotiationneeded: webrtc-pc 4.7.3; web-platform-tests RTCPeerConnection-onnegotiationneeded.
import { type Behaviour, behaviour, same } from '../environment.js';
import { answerOf, negotiate, offerOf } from '../negotiate.js';
import { count, next } from '../observe.js';

const ROLLBACK: RTCSessionDescriptionInit = { type: 'rollback', sdp: '' };
/** Long enough for every task that stands in line. */
const SOON = 100;

export const negotiationNeeded: readonly Behaviour[] = [
  behaviour('negotiationneeded: once for several changes, in a task of its own', same([0, 1]), async (env) => {
    const pc = env.connection();
    const needed = count(pc, 'negotiationneeded');
    const first = next(pc, 'negotiationneeded');
    pc.addTransceiver('audio');
    pc.addTransceiver('video');
    pc.createDataChannel('x');
    const sync = needed.value;
    await first;
    await env.pass(SOON);
    return [sync, needed.value];
  }),

  behaviour('negotiationneeded: not again until it was satisfied', same(1), async (env) => {
    const pc = env.connection();
    const needed = count(pc, 'negotiationneeded');
    pc.addTransceiver('audio');
    await env.pass(SOON);
    pc.addTransceiver('audio');
    await env.pass(SOON);
    return needed.value;
  }),

  behaviour('negotiationneeded: waits for stable', same([1, 1, 2]), async (env) => {
    const a = env.connection();
    const b = env.connection();
    const needed = count(a, 'negotiationneeded');
    a.addTransceiver('audio');
    await env.pass(SOON);
    const out = [needed.value];
    const offer = await offerOf(a);
    a.addTransceiver('video');
    await env.pass(SOON);
    out.push(needed.value);
    await b.setRemoteDescription(offer);
    await a.setRemoteDescription(await answerOf(b));
    await env.pass(SOON);
    return [...out, needed.value];
  }),

  behaviour('negotiationneeded: waits until the chain is empty', same([0, 1]), async (env) => {
    const pc = env.connection();
    const needed = count(pc, 'negotiationneeded');
    const first = next(pc, 'negotiationneeded');
    const offer = pc.createOffer();
    pc.addTransceiver('audio');
    await offer;
    const during = needed.value;
    await first;
    return [during, needed.value];
  }),

  behaviour('negotiationneeded: comes again after a rollback', same([1, 2]), async (env) => {
    const pc = env.connection();
    const needed = count(pc, 'negotiationneeded');
    pc.addTransceiver('audio');
    await env.pass(SOON);
    const before = needed.value;
    await offerOf(pc);
    await pc.setLocalDescription(ROLLBACK);
    await env.pass(SOON);
    return [before, needed.value];
  }),

  behaviour(
    'negotiationneeded: what asks for it on a settled connection',
    same({ direction: 1, back: 1, channel: 1, second: 0, replace: 0, stop: 1 }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      const stream = await env.capture({ audio: true });
      const [track] = stream.getTracks();
      const t = a.addTransceiver('audio');
      await negotiate(a, b);
      await env.pass(SOON);
      const asks = async (change: () => unknown): Promise<number> => {
        const needed = count(a, 'negotiationneeded');
        await change();
        await env.pass(SOON);
        if (needed.value > 0) {
          await negotiate(a, b);
          await env.pass(SOON);
        }
        return needed.value;
      };
      return {
        direction: await asks(() => (t.direction = 'inactive')),
        back: await asks(() => (t.direction = 'sendrecv')),
        channel: await asks(() => a.createDataChannel('x')),
        second: await asks(() => a.createDataChannel('y')),
        replace: await asks(() => t.sender.replaceTrack(track ?? null)),
        stop: await asks(() => t.stop()),
      };
    },
  ),

  behaviour('negotiationneeded: a direction the answer already has asks for nothing', same(0), async (env) => {
    const a = env.connection();
    const b = env.connection();
    const t = a.addTransceiver('audio', { direction: 'sendrecv' });
    await negotiate(a, b);
    await env.pass(SOON);
    const needed = count(b, 'negotiationneeded');
    const [far] = b.getTransceivers();
    if (far) far.direction = 'recvonly';
    await env.pass(SOON);
    return needed.value + Number(t.currentDirection !== 'sendonly');
  }),

  behaviour('negotiationneeded: setStreams()', same([1, 1, 1], { chromium: [1, 2, 2], legacy: [1, 2, 2] }), async (env) => {
    const a = env.connection();
    const b = env.connection();
    const stream = await env.capture({ audio: true });
    const [track] = stream.getTracks();
    if (!track) throw new Error('no track');
    const { sender } = a.addTransceiver(track);
    await negotiate(a, b);
    await env.pass(SOON);
    const needed = count(a, 'negotiationneeded');
    const out: number[] = [];
    sender.setStreams(stream);
    for (let round = 0; round < 3; round++) {
      await env.pass(SOON);
      out.push(needed.value);
      await negotiate(a, b);
    }
    return out;
  }),

  behaviour('negotiationneeded: stop() alone', same([1, 1, 'stopped']), async (env) => {
    const a = env.connection();
    const b = env.connection();
    const t = a.addTransceiver('audio');
    a.addTransceiver('video');
    await negotiate(a, b);
    await env.pass(SOON);
    const needed = count(a, 'negotiationneeded');
    t.stop();
    await env.pass(SOON);
    const asked = needed.value;
    await negotiate(a, b);
    await env.pass(SOON);
    return [asked, needed.value, t.currentDirection];
  }),
];
