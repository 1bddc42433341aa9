// ICE restart: webrtc-pc 4.4.2, JSEP 5.2; web-platform-tests RTCPeerConnection-restartIce; CORRECTNESS 0.1c, 1.8.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, connect, negotiate, offerOf, pairOf, ufragOf } from '../negotiate.js';
import { count, log, next, states, verdict, verdictOf } from '../observe.js';

const ROLLBACK: RTCSessionDescriptionInit = { type: 'rollback', sdp: '' };
/** Long enough for every task that stands in line. */
const SOON = 100;

export const restart: readonly Behaviour[] = [
  behaviour(
    'restart: asks once, gives new credentials, is over with the answer',
    same({ needed: 1, changed: [true, true], again: 0 }, { legacy: 'TypeError' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await env.pass(SOON);
      const before = [ufragOf(a.localDescription), ufragOf(b.localDescription)];
      const needed = count(a, 'negotiationneeded');
      try {
        a.restartIce();
      } catch (error) {
        return (error as Error).name;
      }
      await env.pass(SOON);
      const asked = needed.value;
      await negotiate(a, b);
      await env.pass(SOON);
      const after = [ufragOf(a.localDescription), ufragOf(b.localDescription)];
      return { needed: asked, changed: after.map((ufrag, index) => ufrag !== before[index]), again: needed.value - asked };
    },
  ),

  behaviour(
    'restart: before the first exchange',
    differs({ chromium: [1, true], firefox: [0, true], strict: [0, true], legacy: 'TypeError' }),
    async (env) => {
      const a = env.connection();
      const needed = count(a, 'negotiationneeded');
      try {
        a.restartIce();
      } catch (error) {
        return (error as Error).name;
      }
      await env.pass(SOON);
      return [needed.value, a.signalingState === 'stable'];
    },
  ),

  behaviour(
    'restart: survives a rollback',
    same({ first: true, second: true, needed: 2 }, { legacy: 'TypeError' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await env.pass(SOON);
      const old = ufragOf(a.localDescription);
      const needed = count(a, 'negotiationneeded');
      try {
        a.restartIce();
      } catch (error) {
        return (error as Error).name;
      }
      await env.pass(SOON);
      const first = ufragOf(await offerOf(a)) !== old;
      await a.setLocalDescription(ROLLBACK);
      await env.pass(SOON);
      return { first, second: ufragOf(await a.createOffer()) !== old, needed: needed.value };
    },
  ),

  behaviour(
    'restart: asked for while a remote offer waits, the answer keeps the old credentials',
    same({ answer: false, needed: 1, later: true }, { legacy: 'TypeError' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await env.pass(SOON);
      const old = ufragOf(a.localDescription);
      await a.setRemoteDescription(await offerOf(b));
      const needed = count(a, 'negotiationneeded');
      try {
        a.restartIce();
      } catch (error) {
        return (error as Error).name;
      }
      const answer = await answerOf(a);
      await b.setRemoteDescription(answer);
      await env.pass(SOON);
      return { answer: ufragOf(answer) !== old, needed: needed.value, later: ufragOf(await a.createOffer()) !== old };
    },
  ),

  behaviour(
    'restart: a remote restart satisfies it',
    same({ needed: [1, 1], changed: true }, { legacy: 'TypeError' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await env.pass(SOON);
      const old = ufragOf(a.localDescription);
      const needed = count(a, 'negotiationneeded');
      try {
        a.restartIce();
      } catch (error) {
        return (error as Error).name;
      }
      await env.pass(SOON);
      const before = needed.value;
      await negotiate(b, a, { iceRestart: true });
      await env.pass(SOON);
      return { needed: [before, needed.value], changed: ufragOf(a.localDescription) !== old };
    },
  ),

  behaviour('restart: createOffer({ iceRestart: true }) does not survive a rollback', same([true, false]), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    await negotiate(a, b);
    const old = ufragOf(a.localDescription);
    const first = ufragOf(await offerOf(a, { iceRestart: true })) !== old;
    await a.setLocalDescription(ROLLBACK);
    return [first, ufragOf(await a.createOffer()) !== old];
  }),

  behaviour('restart: a plain offer and answer keep their credentials', same([true, true]), async (env) => {
    const a = env.connection();
    const b = env.connection();
    a.addTransceiver('audio');
    await negotiate(a, b);
    const before = [ufragOf(a.localDescription), ufragOf(b.localDescription)];
    a.addTransceiver('video');
    await negotiate(a, b);
    return [ufragOf(a.localDescription) === before[0], ufragOf(b.localDescription) === before[1]];
  }),

  behaviour(
    'restart: a remote restart against our plain offer',
    differs({
      chromium: ['resolved', 'have-remote-offer'],
      firefox: ['InvalidAccessError', 'stable'],
      strict: ['resolved', 'have-remote-offer'],
      legacy: ['InvalidStateError', 'have-local-offer'],
    }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await offerOf(a);
      return [await verdict(a.setRemoteDescription(await offerOf(b, { iceRestart: true }))), a.signalingState];
    },
  ),

  behaviour(
    'restart: the same after an explicit rollback',
    differs({ chromium: 'resolved', firefox: 'InvalidAccessError', strict: 'resolved' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await offerOf(a);
      await a.setLocalDescription(ROLLBACK);
      return verdict(a.setRemoteDescription(await offerOf(b, { iceRestart: true })));
    },
  ),

  behaviour('restart: a live connection stays connected', same({ connection: [], ice: [], state: 'connected' }), async (env) => {
    const pair = await pairOf(env);
    pair.a.createDataChannel('x');
    await connect(pair);
    const { a, b } = pair;
    const connection = states(a, 'connectionstatechange', () => a.connectionState);
    const ice = states(a, 'iceconnectionstatechange', () => a.iceConnectionState);
    const done = next(a, 'icegatheringstatechange', () => a.iceGatheringState === 'complete');
    await negotiate(a, b, { iceRestart: true });
    await done;
    await env.pass(500);
    return { connection, ice, state: a.connectionState };
  }),

  behaviour('restart: the order of gathering states', same(['gathering', 'complete', 'gathering', 'complete']), async (env) => {
    const pair = await pairOf(env);
    const { a, b } = pair;
    a.createDataChannel('x');
    const seen = log(a, ['icegatheringstatechange'], () => a.iceGatheringState);
    const first = next(a, 'icegatheringstatechange', () => a.iceGatheringState === 'complete');
    await connect(pair);
    await first;
    const second = next(a, 'icegatheringstatechange', () => a.iceGatheringState === 'complete');
    await negotiate(a, b, { iceRestart: true });
    await second;
    return seen;
  }),

  behaviour(
    'restart: createOffer({ iceRestart: false }) does not cancel it',
    same(true, { legacy: 'TypeError' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      const old = ufragOf(a.localDescription);
      const asked = verdictOf(() => a.restartIce());
      return asked === 'returned' ? ufragOf(await a.createOffer({ iceRestart: false })) !== old : asked;
    },
  ),
];
