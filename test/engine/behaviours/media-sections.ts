// m= sections: JSEP 5.2, 5.3; webrtc-pc 5.4 `stop`; CORRECTNESS 1.12.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, lines, mlines, negotiate, offerOf } from '../negotiate.js';
import { log, next, verdict } from '../observe.js';

export const mediaSections: readonly Behaviour[] = [
  behaviour(
    'stop: before it was ever negotiated',
    same({
      at: [1, 'stopped', null, 'live'],
      soon: [1, 'stopped', null, 'ended'],
      offered: 0,
      after: [1, 'stopped', null, 'ended'],
      needed: 0,
    }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('video');
      const t = a.addTransceiver('audio');
      const read = (): unknown[] => [
        a.getTransceivers().length - 1,
        t.direction,
        t.currentDirection,
        t.receiver.track.readyState,
      ];
      await env.pass(100);
      const needed = log(a, ['negotiationneeded']);
      t.stop();
      const at = read();
      await env.pass(100);
      const soon = read();
      await negotiate(a, b);
      return { at, soon, offered: mlines(a.localDescription).length - 1, after: read(), needed: needed.length };
    },
  ),

  behaviour(
    'stop: what it does until the next exchange',
    same({ direction: 'stopped', current: 'sendonly', listed: 1, track: 'live', after: 0, later: 'stopped', far: 0 }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      const t = a.addTransceiver('audio');
      await negotiate(a, b);
      t.stop();
      const first = {
        direction: t.direction,
        current: t.currentDirection,
        listed: a.getTransceivers().length,
        track: t.receiver.track.readyState,
      };
      await negotiate(a, b);
      return { ...first, after: a.getTransceivers().length, later: t.currentDirection, far: b.getTransceivers().length };
    },
  ),

  behaviour(
    'stop: the section is rejected, then used again by its own kind',
    same([['audio 0', 'video 9'], ['audio 9', 'video 9'], true]),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      const t = a.addTransceiver('audio');
      a.addTransceiver('video');
      await negotiate(a, b);
      const mid = t.mid;
      t.stop();
      await negotiate(a, b);
      const rejected = mlines(a.localDescription);
      const fresh = a.addTransceiver('audio');
      await negotiate(a, b);
      return [rejected.map(port9), mlines(a.localDescription).map(port9), fresh.mid !== mid];
    },
  ),

  behaviour(
    'stop: the rejected section taken by another kind',
    differs({ chromium: ['video', 'video'], firefox: ['audio', 'video', 'video'], strict: ['video', 'video'] }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      const t = a.addTransceiver('audio');
      a.addTransceiver('video');
      await negotiate(a, b);
      t.stop();
      await negotiate(a, b);
      a.addTransceiver('video');
      await negotiate(a, b);
      return mlines(a.localDescription).map((line) => line.split(' ')[0]);
    },
  ),

  behaviour(
    'stop: by the answerer, before it answers',
    same({ answer: ['audio 9'], a: 'inactive', listed: [1, 1], needed: 1, later: ['audio 0'] }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      const t = a.addTransceiver('audio');
      await b.setRemoteDescription(await offerOf(a));
      b.getTransceivers()[0]?.stop();
      const needed = next(b, 'negotiationneeded');
      const answer = await answerOf(b);
      await a.setRemoteDescription(answer);
      await needed;
      const later = mlines(await b.createOffer());
      return {
        needed: 1,
        later,
        answer: mlines(answer).map(port9),
        a: t.currentDirection,
        listed: [a.getTransceivers().length, b.getTransceivers().length],
      };
    },
  ),

  behaviour(
    'offer: ports of a first offer of three kinds',
    differs({
      chromium: ['audio 9', 'video 9', 'application 9'],
      firefox: ['audio 9', 'video 0', 'application 0'],
      strict: ['audio 9', 'video 0', 'application 0'],
    }),
    async (env) => {
      const pc = env.connection({ bundlePolicy: 'max-bundle' });
      pc.addTransceiver('audio');
      pc.addTransceiver('video');
      pc.createDataChannel('x');
      return mlines(await pc.createOffer()).map(port9);
    },
  ),

  behaviour(
    'offer: ports with the policy balanced',
    differs({
      chromium: ['audio 9', 'audio 9', 'application 9'],
      firefox: ['audio 9', 'audio 0', 'application 9'],
      strict: ['audio 9', 'audio 0', 'application 9'],
    }),
    async (env) => {
      const pc = env.connection();
      pc.addTransceiver('audio');
      pc.addTransceiver('audio');
      pc.createDataChannel('x');
      return mlines(await pc.createOffer()).map(port9);
    },
  ),

  behaviour(
    'offer: where the data section stands',
    same({ first: ['audio', 'application'], after: ['application', 'audio'] }),
    async (env) => {
      const kinds = (pc: RTCPeerConnection): Promise<(string | undefined)[]> =>
        pc.createOffer().then((offer) => mlines(offer).map((line) => line.split(' ')[0]));
      const early = env.connection();
      early.createDataChannel('x');
      early.addTransceiver('audio');
      const first = await kinds(early);
      const a = env.connection();
      const b = env.connection();
      a.createDataChannel('x');
      await negotiate(a, b);
      a.addTransceiver('audio');
      return { first, after: await kinds(a) };
    },
  ),

  behaviour('offer: an empty connection offers nothing', same([0, 'resolved', 'have-local-offer']), async (env) => {
    const pc = env.connection();
    const offer = await pc.createOffer();
    const set = await verdict(pc.setLocalDescription(offer));
    return [mlines(offer).length, set, pc.signalingState];
  }),

  behaviour('offer: the version counts up, the session id stays', same([true, true]), async (env) => {
    const pc = env.connection();
    pc.addTransceiver('audio');
    const origin = (description: { sdp?: string | undefined }): string[] => lines(description, /^o=/)[0]?.split(' ') ?? [];
    const first = origin(await offerOf(pc));
    pc.addTransceiver('audio');
    const second = origin(await offerOf(pc));
    return [first[1] === second[1], Number(second[2]) > Number(first[2])];
  }),

  behaviour('offer: sections of one bundle share their credentials', same([true, true]), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    a.addTransceiver('video');
    await negotiate(a, b);
    const all = (pc: RTCPeerConnection): boolean => new Set(lines(pc.localDescription, /^a=ice-ufrag/)).size === 1;
    return [all(a), all(b)];
  }),

  behaviour('offer: its origin', same('o=-', { firefox: 'o=mozilla' }), async (env) => {
    const pc = env.connection();
    pc.addTransceiver('audio');
    return /^o=(-|mozilla)/m.exec((await pc.createOffer()).sdp ?? '')?.[0];
  }),
];

/** The port says only whether a section lives. */
function port9(line: string): string {
  return line.replace(/ [1-9]\d*$/, ' 9');
}
