// Who is client and who server in DTLS: RFC 8842 5, JSEP 5.3.1; seen in Chromium 156 and Firefox 153.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, negotiate, offerOf, setupOf } from '../negotiate.js';
import { verdict } from '../observe.js';

export const dtlsRole: readonly Behaviour[] = [
  behaviour(
    'dtls role: after a restart, in the answer of who offered first',
    differs({ chromium: 'passive', firefox: 'active', strict: 'passive', legacy: 'passive' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await a.setRemoteDescription(await offerOf(b, { iceRestart: true }));
      return setupOf(await answerOf(a));
    },
  ),

  behaviour(
    'dtls role: an answer that changes it',
    differs({ chromium: 'InvalidAccessError', firefox: 'resolved', strict: 'InvalidAccessError', legacy: 'InvalidAccessError' }),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      await a.setRemoteDescription(await offerOf(b, { iceRestart: true }));
      const { sdp = '' } = await answerOf(a);
      return verdict(b.setRemoteDescription({ type: 'answer', sdp: sdp.replace(/a=setup:\w+/g, 'a=setup:active') }));
    },
  ),

  behaviour(
    'dtls role: an offer that names it is answered with the other one',
    same(['active', 'passive', 'resolved']),
    async (env) => {
      const a = env.connection();
      const b = env.connection();
      a.addTransceiver('audio');
      await negotiate(a, b);
      const { sdp = '' } = await offerOf(b, { iceRestart: true });
      const role = setupOf(b.currentLocalDescription);
      await a.setRemoteDescription({ type: 'offer', sdp: sdp.replaceAll('a=setup:actpass', `a=setup:${role}`) });
      const answer = await answerOf(a);
      return [role, setupOf(answer), await verdict(b.setRemoteDescription(answer))];
    },
  ),
];
