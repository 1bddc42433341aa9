// Tracks on both sides: webrtc-pc 5.2, 5.3, 5.7, 9.3; CORRECTNESS 5.5, 5.7.
import { type Behaviour, behaviour, same } from '../environment.js';
import { answerOf, connect, negotiate, offerOf, pairOf } from '../negotiate.js';
import { log, next, until, verdict } from '../observe.js';

export const tracks: readonly Behaviour[] = [
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

  behaviour(
    'sender: what was set on it, before and after its connection is closed',
    same([150_000, 150_000], { chromium: [150_000, 'no encoding'], legacy: [150_000, 'no encoding'] }),
    async (env) => {
      const pc = env.connection();
      const { sender } = pc.addTransceiver('video');
      const told = (): unknown => {
        const [encoding] = sender.getParameters().encodings;
        return encoding ? encoding.maxBitrate : 'no encoding';
      };
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) encoding.maxBitrate = 150_000;
      await sender.setParameters(parameters);
      const before = told();
      pc.close();
      return [before, told()];
    },
  ),

  behaviour('track: nothing that the sender does mutes it on the other side', same({ muted: [], state: 'live' }), async (env) => {
    const stream = await env.capture({ audio: true });
    const pair = await pairOf(env);
    const [track] = stream.getTracks();
    if (!track) throw new Error('no track');
    const sender = pair.a.addTrack(track, stream);
    const arrives = next<RTCTrackEvent>(pair.b, 'track');
    const done = connect(pair);
    const { track: remote } = await arrives;
    await done;
    await until(remote, 'unmute', () => !remote.muted);
    const muted = log(remote, ['mute', 'ended']);
    track.enabled = false;
    await env.pass(150);
    await sender.replaceTrack(null);
    await env.pass(150);
    track.stop();
    await env.pass(150);
    return { muted, state: remote.readyState };
  }),
];
