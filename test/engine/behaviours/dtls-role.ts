// Who is client and who server in DTLS: RFC 8842 5, JSEP 5.3.1; seen in Chromium 156 and Firefox 153.
import { type Behaviour, behaviour, differs, type Environment, same } from '../environment.js';
import { answerOf, negotiate, offerOf, setupOf } from '../negotiate.js';
import { verdict } from '../observe.js';

/** `a` offered first, `b` restarts ICE with an offer that travels as `write` writes it, and `a` has answered. */
async function restarted(
  env: Environment,
  write: (sdp: string, role: string) => string = (sdp) => sdp,
): Promise<{ b: RTCPeerConnection; answer: RTCSessionDescriptionInit }> {
  const a = env.connection();
  const b = env.connection();
  a.addTransceiver('audio');
  await negotiate(a, b);
  const { sdp = '' } = await offerOf(b, { iceRestart: true });
  await a.setRemoteDescription({ type: 'offer', sdp: write(sdp, setupOf(b.currentLocalDescription)) });
  return { b, answer: await answerOf(a) };
}

export const dtlsRole: readonly Behaviour[] = [
  behaviour(
    'dtls role: after a restart, in the answer of who offered first',
    differs({ chromium: 'passive', firefox: 'active', strict: 'passive', legacy: 'passive' }),
    async (env) => {
      const { answer } = await restarted(env);
      return setupOf(answer);
    },
  ),

  behaviour(
    'dtls role: an answer that changes it',
    differs({ chromium: 'InvalidAccessError', firefox: 'resolved', strict: 'InvalidAccessError', legacy: 'InvalidAccessError' }),
    async (env) => {
      const { b, answer } = await restarted(env);
      return verdict(b.setRemoteDescription({ type: 'answer', sdp: `${answer.sdp}`.replace(/a=setup:\w+/g, 'a=setup:active') }));
    },
  ),

  behaviour(
    'dtls role: an offer that names it is answered with the other one',
    same(['active', 'passive', 'resolved']),
    async (env) => {
      const { b, answer } = await restarted(env, (sdp, role) => sdp.replaceAll('a=setup:actpass', `a=setup:${role}`));
      const role = setupOf(b.currentLocalDescription);
      return [role, setupOf(answer), await verdict(b.setRemoteDescription(answer))];
    },
  ),
];
