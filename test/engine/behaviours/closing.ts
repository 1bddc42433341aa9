// The end of a connection: webrtc-pc 4.4.1.3; CORRECTNESS 3.9 and 3.13.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { channelPair, connect, pairOf } from '../negotiate.js';
import { log, next, settled, verdictOf } from '../observe.js';

const ALL_EVENTS = [
  'signalingstatechange',
  'icegatheringstatechange',
  'iceconnectionstatechange',
  'connectionstatechange',
  'negotiationneeded',
  'icecandidate',
  'track',
];

const CLOSED = {
  signaling: 'closed',
  ice: 'closed',
  connection: 'closed',
  senders: 0,
  receivers: 0,
  transceivers: 1,
  track: 'live',
  later: 'ended',
};

export const closing: readonly Behaviour[] = [
  behaviour('close: what is under way never settles', same(['pending', 'pending', 'pending']), async (env) => {
    const pc = env.connection();
    pc.addTransceiver('audio');
    const offer = await pc.createOffer();
    const set = pc.setLocalDescription(offer);
    const made = pc.createOffer();
    const back = pc.setLocalDescription({ type: 'rollback' });
    pc.close();
    return Promise.all([set, made, back].map((promise) => settled(env, promise)));
  }),

  behaviour(
    'close: later calls',
    same({
      createOffer: 'InvalidStateError',
      createAnswer: 'InvalidStateError',
      setLocalDescription: 'InvalidStateError',
      setRemoteDescription: 'InvalidStateError',
      addIceCandidate: 'InvalidStateError',
      addTransceiver: 'InvalidStateError',
      createDataChannel: 'InvalidStateError',
      setConfiguration: 'InvalidStateError',
      close: 'returned',
      getStats: 'resolved',
    }),
    async (env) => {
      const pc = env.connection();
      pc.addTransceiver('audio');
      const offer = await pc.createOffer();
      pc.close();
      return {
        createOffer: await settled(env, pc.createOffer()),
        createAnswer: await settled(env, pc.createAnswer()),
        setLocalDescription: await settled(env, pc.setLocalDescription(offer)),
        setRemoteDescription: await settled(env, pc.setRemoteDescription(offer)),
        addIceCandidate: await settled(env, pc.addIceCandidate({ candidate: '', sdpMid: '0' })),
        addTransceiver: verdictOf(() => pc.addTransceiver('audio')),
        createDataChannel: verdictOf(() => pc.createDataChannel('late')),
        setConfiguration: verdictOf(() => pc.setConfiguration({})),
        close: verdictOf(() => pc.close()),
        getStats: await settled(env, pc.getStats()),
      };
    },
  ),

  behaviour('close: restartIce() is silent', same(['returned', 0], { legacy: ['TypeError', 0] }), async (env) => {
    const pc = env.connection();
    const heard = log(pc, ALL_EVENTS);
    pc.close();
    const call = verdictOf(() => pc.restartIce());
    await env.pass(100);
    return [call, heard.length];
  }),

  behaviour('close: no event fires on the closed connection', same([]), async (env) => {
    const pair = await pairOf(env);
    pair.a.addTransceiver('audio');
    await connect(pair);
    const heard = log(pair.a, ALL_EVENTS);
    pair.a.close();
    await env.pass(200);
    return heard;
  }),

  behaviour(
    'close: the attributes afterwards',
    differs({ chromium: { ...CLOSED, senders: 1, receivers: 1 }, firefox: CLOSED, strict: CLOSED }),
    async (env) => {
      const pair = await pairOf(env);
      const { receiver } = pair.a.addTransceiver('audio');
      await connect(pair);
      pair.a.close();
      const at = receiver.track.readyState;
      await env.pass(100);
      return {
        signaling: pair.a.signalingState,
        ice: pair.a.iceConnectionState,
        connection: pair.a.connectionState,
        senders: pair.a.getSenders().length,
        receivers: pair.a.getReceivers().length,
        transceivers: pair.a.getTransceivers().length,
        track: at,
        later: receiver.track.readyState,
      };
    },
  ),

  behaviour(
    'close: transports under it',
    differs({
      chromium: ['closed closed closed', 'closed closed closed'],
      firefox: ['connected connected connected', 'connected connected connected'],
      strict: ['closed closed closed', 'closed closed closed'],
    }),
    async (env) => {
      const { a } = await channelPair(env);
      const { sctp } = a;
      const read = (): string => `${sctp?.transport.state} ${sctp?.transport.iceTransport.state} ${sctp?.state}`;
      a.close();
      const at = read();
      await env.pass(200);
      return [at, read()];
    },
  ),

  behaviour(
    'close: the other side hears of it through DTLS at once',
    same({ dtls: 'closed', connection: 'connected' }),
    async (env) => {
      const { a, b, far } = await channelPair(env);
      const transport = b.sctp?.transport;
      if (!transport) throw new Error('no transport');
      const ended = next(transport, 'statechange', () => transport.state === 'closed');
      a.close();
      await ended;
      if (far.readyState !== 'closed') await next(far, 'close');
      return { dtls: transport.state, connection: b.connectionState };
    },
  ),

  behaviour(
    'close: local channels',
    differs({
      chromium: { at: 'open', events: ['closing', 'close'], later: 'closed' },
      firefox: { at: 'open', events: ['close'], later: 'closed' },
      strict: { at: 'closed', events: [], later: 'closed' },
    }),
    async (env) => {
      const { a, near } = await channelPair(env);
      const heard = log(near, ['closing', 'error', 'close']);
      a.close();
      const at = near.readyState;
      await env.pass(200);
      return { at, events: heard, later: near.readyState };
    },
  ),

  behaviour(
    'close: a local channel that never opened',
    differs({ chromium: ['connecting', 'closed', 1], firefox: ['connecting', 'closed', 1], strict: ['closed', 'closed', 0] }),
    async (env) => {
      const pc = env.connection();
      const channel = pc.createDataChannel('x');
      const heard = log(channel, ['closing', 'error', 'close']);
      pc.close();
      const at = channel.readyState;
      await env.pass(200);
      return [at, channel.readyState, heard.length];
    },
  ),

  behaviour(
    'close: channels of the other side',
    differs({
      chromium: ['error sctp-failure 12', 'close closed'],
      firefox: ['closing', 'close closed'],
      strict: ['close closed'],
    }),
    async (env) => {
      const { a, far } = await channelPair(env);
      const heard = log(far, ['closing', 'error', 'close'], (event) => {
        const error = 'error' in event ? (event.error as RTCError) : null;
        if (error) return `error ${error.errorDetail} ${error.sctpCauseCode}`;
        return event.type === 'close' ? `close ${far.readyState}` : event.type;
      });
      const closed = next(far, 'close');
      a.close();
      await closed;
      // About once in a hundred the reset of the streams overtakes the abort in Chromium, which tells `closing` before the error then.
      return heard.filter((what, at) => what !== 'closing' || !heard[at + 1]?.startsWith('error'));
    },
  ),

  behaviour('close: remote tracks of the closed side end, with an event', same(['ended']), async (env) => {
    const pair = await pairOf(env);
    const { receiver } = pair.a.addTransceiver('audio');
    await connect(pair);
    const heard = log(receiver.track, ['ended', 'mute', 'unmute']);
    pair.a.close();
    await env.pass(200);
    return heard;
  }),

  behaviour('close: getStats() has one entry left, or what there was', same('one', { firefox: 'more' }), async (env) => {
    const { a } = await channelPair(env);
    a.close();
    return (await a.getStats()).size === 1 ? 'one' : 'more';
  }),
];
