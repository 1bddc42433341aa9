// Gathering and what is told of it: webrtc-pc 4.8.1, RFC 8445 5.1; CORRECTNESS 0.5, 2.3.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { lines, offerOf, ufragOf } from '../negotiate.js';
import { gathered, log, settled } from '../observe.js';

const ROLLBACK: RTCSessionDescriptionInit = { type: 'rollback', sdp: '' };

const sorted = (words: ReadonlySet<string>): string[] => [...words].sort((one, other) => one.localeCompare(other));

export const gathering: readonly Behaviour[] = [
  behaviour(
    'gathering: events in order',
    differs({
      chromium: ['gathering', 'candidate', 'complete', 'null'],
      firefox: ['gathering', 'candidate', 'end', 'complete', 'null'],
      strict: ['gathering', 'candidate', 'end', 'complete', 'null'],
    }),
    async (env) => {
      await env.capture({ audio: true });
      const pc = env.connection();
      pc.createDataChannel('x');
      const seen = log(pc, ['icecandidate', 'icegatheringstatechange'], (event) => {
        if (event.type === 'icegatheringstatechange') return pc.iceGatheringState;
        const { candidate } = event as RTCPeerConnectionIceEvent;
        return candidate === null ? 'null' : candidate.candidate === '' ? 'end' : 'candidate';
      });
      await offerOf(pc);
      await gathered(pc);
      await env.pass(50);
      return seen.filter((word, index) => word !== seen[index - 1]);
    },
  ),

  behaviour(
    'gathering: candidates stand in the local description',
    differs({ chromium: [true, 0], firefox: [true, 1], strict: [true, 1] }),
    async (env) => {
      await env.capture({ audio: true });
      const pc = env.connection();
      pc.createDataChannel('x');
      const at = lines(await offerOf(pc), /^a=candidate:/).length;
      await gathered(pc);
      await env.pass(50);
      return [lines(pc.localDescription, /^a=candidate:/).length > at, lines(pc.localDescription, /^a=end-of-candidates/).length];
    },
  ),

  behaviour(
    'gathering: what a candidate says of itself',
    differs({
      chromium: { mid: '0', index: 0, ufrag: true, inLine: true, component: 'rtp', protocols: ['tcp', 'udp'], types: ['host'] },
      firefox: { mid: '0', index: 0, ufrag: true, inLine: false, component: 'rtp', protocols: ['tcp', 'udp'], types: ['host'] },
      strict: { mid: '0', index: 0, ufrag: true, inLine: true, component: 'rtp', protocols: ['tcp', 'udp'], types: ['host'] },
    }),
    async (env) => {
      await env.capture({ audio: true });
      const pc = env.connection();
      pc.createDataChannel('x');
      const found: RTCIceCandidate[] = [];
      pc.addEventListener('icecandidate', ({ candidate }) => void (candidate?.candidate && found.push(candidate)));
      await offerOf(pc);
      await gathered(pc);
      await env.pass(50);
      const ufrag = ufragOf(pc.localDescription);
      const [first] = found;
      const all = (read: (candidate: RTCIceCandidate) => string | null): string[] =>
        sorted(new Set(found.map((candidate) => String(read(candidate)))));
      return {
        mid: first?.sdpMid,
        index: first?.sdpMLineIndex,
        ufrag: found.every(({ usernameFragment }) => usernameFragment === ufrag),
        inLine: first?.candidate.includes(`ufrag ${ufrag}`),
        component: first?.component,
        protocols: all(({ protocol }) => protocol),
        types: all(({ type }) => type),
      };
    },
  ),

  behaviour(
    'gathering: sections that gather in a first offer',
    differs({ chromium: ['0', '1', '2'], firefox: ['0', '1'], strict: ['0', '1'] }),
    async (env) => {
      await env.capture({ audio: true });
      const pc = env.connection();
      pc.addTransceiver('audio');
      pc.addTransceiver('video');
      pc.addTransceiver('video');
      const mids = new Set<string>();
      pc.addEventListener('icecandidate', ({ candidate }) => void (candidate?.candidate && mids.add(candidate.sdpMid ?? 'none')));
      await offerOf(pc);
      await gathered(pc);
      await env.pass(50);
      return sorted(mids);
    },
  ),

  behaviour('gathering: with max-bundle one section gathers', same(['0']), async (env) => {
    await env.capture({ audio: true });
    const pc = env.connection({ bundlePolicy: 'max-bundle' });
    pc.addTransceiver('audio');
    pc.addTransceiver('video');
    const mids = new Set<string>();
    pc.addEventListener('icecandidate', ({ candidate }) => void (candidate?.candidate && mids.add(candidate.sdpMid ?? 'none')));
    await offerOf(pc);
    await gathered(pc);
    await env.pass(50);
    return sorted(mids);
  }),

  behaviour(
    'gathering: the ufrag after the rollback of a first offer',
    differs({ chromium: false, firefox: true, strict: false }),
    async (env) => {
      const pc = env.connection();
      pc.addTransceiver('audio');
      const first = ufragOf(await offerOf(pc));
      await pc.setLocalDescription(ROLLBACK);
      return ufragOf(await offerOf(pc)) === first;
    },
  ),

  behaviour('gathering: createOffer alone gathers nothing', same(['new', 'have-local-offer']), async (env) => {
    const pc = env.connection();
    pc.createDataChannel('x');
    const offer = await pc.createOffer();
    await env.pass(100);
    const before = pc.iceGatheringState;
    await settled(env, pc.setLocalDescription(offer));
    return [before, pc.signalingState];
  }),

  behaviour('gathering: relay only, without a server, finds nothing', same([0, 'complete']), async (env) => {
    const pc = env.connection({ iceTransportPolicy: 'relay' });
    pc.createDataChannel('x');
    const found = log(pc, ['icecandidate'], (event) => (event as RTCPeerConnectionIceEvent).candidate?.candidate ?? '');
    await offerOf(pc);
    await gathered(pc);
    await env.pass(50);
    return [found.filter((line) => line !== '').length, pc.iceGatheringState];
  }),

  behaviour('gathering: candidates of an offer that was undone are told for the next one', same([true, true]), async (env) => {
    await env.capture({ audio: true });
    const pc = env.connection();
    pc.addTransceiver('audio');
    let told = 0;
    pc.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate) told += 1;
    });
    await offerOf(pc);
    await gathered(pc);
    await env.pass(50);
    const first = told;
    await pc.setLocalDescription(ROLLBACK);
    await offerOf(pc);
    await env.pass(300);
    return [first > 0, told > first];
  }),
];
