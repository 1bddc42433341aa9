// Transceivers and their m= sections: webrtc-pc 5.1 to 5.4, JSEP 5.2, 5.3, 5.10; CORRECTNESS 1.12, 1.13.
import { type Behaviour, behaviour, same } from '../environment.js';
import { answerOf, mlines, negotiate, offerOf, ufragOf } from '../negotiate.js';
import { log, verdict, verdictOf } from '../observe.js';

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

  behaviour(
    'track: events and streams of a remote offer',
    same({ events: ['track audio 1', 'track video 1'], streams: 1, muted: [true, true] }),
    async (env) => {
      const stream = await env.capture({ audio: true, video: true });
      const a = env.connection();
      const b = env.connection();
      const tracks: MediaStreamTrack[] = [];
      const seen = new Set<MediaStream>();
      const events = log(b, ['track'], (event) => {
        const { track, streams } = event as RTCTrackEvent;
        tracks.push(track);
        for (const one of streams) seen.add(one);
        return `track ${track.kind} ${streams.length}`;
      });
      for (const kind of ['audio', 'video'])
        for (const track of stream.getTracks()) if (track.kind === kind) a.addTrack(track, stream);
      await b.setRemoteDescription(await offerOf(a));
      return { events, streams: seen.size, muted: tracks.map(({ muted }) => muted) };
    },
  ),

  behaviour(
    'track: the event comes before the promise, once per direction',
    same(['signalingstatechange', 'track', 'resolved', 'signalingstatechange', 'again']),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      const order = log(b, ['signalingstatechange', 'track']);
      const offer = await offerOf(a);
      await b.setRemoteDescription(offer).then(() => order.push('resolved'));
      await a.setRemoteDescription(await answerOf(b));
      await b.setRemoteDescription(await offerOf(a)).then(() => order.push('again'));
      return order.filter((_, index) => index !== 4);
    },
  ),

  behaviour(
    'track: a direction that ends removes the track from its stream and mutes it',
    same({ events: ['removetrack'], left: 0, state: 'live', muted: true }),
    async (env) => {
      const stream = await env.capture({ audio: true });
      const [track] = stream.getTracks();
      if (!track) throw new Error('no track');
      const a = env.connection();
      const b = env.connection();
      let remote: MediaStream | undefined;
      b.addEventListener('track', ({ streams }) => (remote = streams[0]));
      const sender = a.addTrack(track, stream);
      await negotiate(a, b);
      if (!remote) throw new Error('no stream');
      const events = log(remote, ['addtrack', 'removetrack']);
      a.removeTrack(sender);
      await negotiate(a, b);
      const [receiver] = b.getReceivers();
      return { events, left: remote.getTracks().length, state: receiver?.track.readyState, muted: receiver?.track.muted };
    },
  ),

  behaviour(
    'replaceTrack: another kind, none, and no negotiation',
    same(['TypeError', 'resolved', 'resolved', 0]),
    async (env) => {
      const stream = await env.capture({ audio: true, video: true });
      const [audio] = stream.getAudioTracks();
      const [video] = stream.getVideoTracks();
      const a = env.connection();
      const b = env.connection();
      const { sender } = a.addTransceiver('audio');
      await negotiate(a, b);
      const needed = log(a, ['negotiationneeded']);
      const out = [
        await verdict(sender.replaceTrack(video ?? null)),
        await verdict(sender.replaceTrack(audio ?? null)),
        await verdict(sender.replaceTrack(null)),
      ];
      await env.pass(100);
      return [...out, needed.length];
    },
  ),

  behaviour(
    'sender: parameters need their transaction',
    same(['resolved', 'InvalidStateError'], { firefox: ['resolved', 'resolved'] }),
    async (env) => {
      const pc = env.connection();
      const { sender } = pc.addTransceiver('video');
      const parameters = sender.getParameters();
      const first = await verdict(sender.setParameters(parameters));
      return [first, await verdict(sender.setParameters(parameters))];
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
