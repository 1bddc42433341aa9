// Configuration: webrtc-pc 4.2.1, 4.4.1.8; CORRECTNESS 7.1, 7.2.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { offerOf } from '../negotiate.js';
import { verdictOf } from '../observe.js';

const server = (urls: string | string[], rest: Partial<RTCIceServer> = {}): RTCConfiguration => ({
  iceServers: [{ urls, ...rest }],
});

const ADDRESSES = {
  good: 'returned',
  upper: 'SyntaxError',
  empty: 'SyntaxError',
  none: 'SyntaxError',
  http: 'SyntaxError',
  slashes: 'SyntaxError',
  'stun query': 'SyntaxError',
  port: 'SyntaxError',
  'no credential': 'InvalidAccessError',
};

export const configuration: readonly Behaviour[] = [
  behaviour(
    'configuration: addresses of servers',
    differs({ chromium: { ...ADDRESSES, upper: 'returned' }, firefox: ADDRESSES, strict: ADDRESSES }),
    async (env) => {
      const user = { username: 'u', credential: 'c' };
      const make = (configuration: RTCConfiguration): string => verdictOf(() => env.connection(configuration));
      return {
        good: make(server(['stun:s.example', 'turn:t.example:3478?transport=tcp', 'turns:t.example'], user)),
        upper: make(server('turn:t.example?transport=UDP', user)),
        empty: make(server('')),
        none: make(server([])),
        http: make(server('http://s.example')),
        slashes: make(server('stun://s.example')),
        'stun query': make(server('stun:s.example?transport=udp')),
        port: make(server('stun:s.example:99999')),
        'no credential': make(server('turn:t.example')),
      };
    },
  ),

  behaviour(
    'configuration: what may change later',
    differs({
      chromium: {
        servers: 'returned',
        policy: 'returned',
        bundle: 'InvalidModificationError',
        pool: 'returned',
        late: 'InvalidModificationError',
        bad: 'SyntaxError',
      },
      firefox: {
        servers: 'returned',
        policy: 'returned',
        bundle: 'InvalidModificationError',
        pool: 'returned',
        late: 'returned',
        bad: 'SyntaxError',
      },
      strict: {
        servers: 'returned',
        policy: 'returned',
        bundle: 'InvalidModificationError',
        pool: 'returned',
        late: 'InvalidModificationError',
        bad: 'SyntaxError',
      },
    }),
    async (env) => {
      const pc = env.connection();
      const set = (configuration: RTCConfiguration): string => verdictOf(() => pc.setConfiguration(configuration));
      const out = {
        servers: set(server('stun:s.example')),
        policy: set({ iceTransportPolicy: 'relay' }),
        bundle: set({ bundlePolicy: 'max-bundle' }),
        pool: set({ iceCandidatePoolSize: 1 }),
        bad: set(server('nonsense:x')),
      };
      pc.addTransceiver('audio');
      await offerOf(pc);
      return { ...out, late: set({ iceCandidatePoolSize: 2 }) };
    },
  ),

  behaviour('configuration: setConfiguration({}) forgets the servers', same([1, 0]), async (env) => {
    const pc = env.connection(server('stun:s.example'));
    const before = pc.getConfiguration().iceServers?.length;
    pc.setConfiguration({});
    return [before, pc.getConfiguration().iceServers?.length ?? 0];
  }),
];
