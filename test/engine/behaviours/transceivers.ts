// Transceivers and their m= sections: webrtc-pc 5.1 to 5.4, JSEP 5.2, 5.3, 5.10; CORRECTNESS 1.12, 1.13.
import { type Behaviour, behaviour, same } from '../environment.js';
import { answerOf, mlines, negotiate, offerOf, ufragOf } from '../negotiate.js';
import { verdictOf } from '../observe.js';

const facts = (t: RTCRtpTransceiver | undefined): unknown[] => [t?.mid, t?.direction, t?.currentDirection];

export const transceivers: readonly Behaviour[] = [
  behaviour(
    'transceiver: mid and directions through an exchange',
    same([
      [null, 'sendrecv', null],
      ['0', 'sendrecv', null],
      ['0', 'sendrecv', 'sendonly'],
      ['0', 'recvonly', 'recvonly'],
    ]),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      const t = a.addTransceiver('audio');
      const out = [facts(t)];
      const offer = await offerOf(a);
      out.push(facts(t));
      await b.setRemoteDescription(offer);
      await a.setRemoteDescription(await answerOf(b));
      out.push(facts(t), facts(b.getTransceivers()[0]));
      return out;
    },
  ),

  behaviour('transceiver: the mid is there with setLocalDescription, not with createOffer', same([null, '0']), async (env) => {
    const pc = env.connection();
    const t = pc.addTransceiver('audio');
    const offer = await pc.createOffer();
    const before = t.mid;
    await pc.setLocalDescription(offer);
    return [before, t.mid];
  }),

  behaviour(
    'transceiver: the direction of an answer is what both want',
    same({ sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' }),
    async (env) => {
      const out: Record<string, unknown> = {};
      for (const direction of ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const) {
        const a = env.connection();
        const b = env.connection();
        a.addTransceiver('audio', { direction });
        await b.setRemoteDescription(await offerOf(a));
        const [t] = b.getTransceivers();
        if (t) t.direction = 'sendrecv';
        await a.setRemoteDescription(await answerOf(b));
        out[direction] = b.getTransceivers()[0]?.currentDirection;
      }
      return out;
    },
  ),

  behaviour(
    'transceiver: one of addTrack takes the section of a remote offer, one of addTransceiver does not',
    same({ addTrack: 1, addTransceiver: 2 }),
    async (env) => {
      const stream = await env.capture({ audio: true });
      const [track] = stream.getTracks();
      if (!track) throw new Error('no track');
      const countAfter = async (add: (pc: RTCPeerConnection) => unknown): Promise<number> => {
        const a = env.connection();
        const b = env.connection();
        a.addTransceiver('audio');
        add(b);
        await b.setRemoteDescription(await offerOf(a));
        return b.getTransceivers().length;
      };
      return {
        addTrack: await countAfter((pc) => pc.addTrack(track, stream)),
        addTransceiver: await countAfter((pc) => pc.addTransceiver('audio')),
      };
    },
  ),

  behaviour('transceiver: addTrack reuses one that never sent', same([1, 'sendrecv']), async (env) => {
    const stream = await env.capture({ audio: true });
    const [track] = stream.getTracks();
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    await b.setRemoteDescription(await offerOf(a));
    if (track) b.addTrack(track, stream);
    const [t] = b.getTransceivers();
    return [b.getTransceivers().length, t?.direction];
  }),

  behaviour('transceiver: addTrack and removeTrack, twice, make two sections', same(['audio 9', 'audio 9']), async (env) => {
    const stream = await env.capture({ audio: true });
    const [track] = stream.getTracks();
    const a = env.connection();
    const b = env.connection();
    for (let round = 0; round < 2 && track; round++) {
      const sender = a.addTrack(track, stream);
      await negotiate(a, b);
      a.removeTrack(sender);
      await negotiate(a, b);
    }
    return mlines(a.localDescription).map((line) => line.replace(/ \d+$/, ' 9'));
  }),

  behaviour(
    'transceiver: the same track twice is refused',
    same(['InvalidAccessError', 'TypeError', 'InvalidStateError']),
    async (env) => {
      const stream = await env.capture({ audio: true });
      const [track] = stream.getTracks();
      if (!track) throw new Error('no track');
      const pc = env.connection();
      pc.addTrack(track, stream);
      const t = pc.addTransceiver('audio');
      t.stop();
      return [
        verdictOf(() => pc.addTrack(track, stream)),
        verdictOf(() => pc.addTransceiver('smell')),
        verdictOf(() => {
          t.direction = 'inactive';
        }),
      ];
    },
  ),

  behaviour('bundle: all senders share one DTLS transport', same(true), async (env) => {
    const a = env.connection();
    const b = env.connection();
    const audio = a.addTransceiver('audio');
    const video = a.addTransceiver('video');
    a.createDataChannel('x');
    await negotiate(a, b);
    return (
      audio.sender.transport === video.sender.transport &&
      a.sctp?.transport === audio.sender.transport &&
      ufragOf(a.localDescription) !== ''
    );
  }),
];
