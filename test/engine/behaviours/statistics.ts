// getStats: webrtc-pc 8, webrtc-stats; CORRECTNESS 7.7 and 8.1.
import { type Behaviour, behaviour, same } from '../environment.js';
import { channelPair, connect, pairOf } from '../negotiate.js';
import { verdict } from '../observe.js';

type Entry = Record<string, unknown> & { type: string; id: string };

const entries = (report: RTCStatsReport): Entry[] => {
  const all: Entry[] = [];
  report.forEach((entry: Entry) => void all.push(entry));
  return all;
};
/** Which of these fields an entry has, with the type of each. */
const fields = (entry: Entry | undefined, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, typeof entry?.[name]]));

const TRANSPORT = {
  dtlsState: 'string',
  iceState: 'string',
  iceRole: 'string',
  dtlsRole: 'string',
  selectedCandidatePairId: 'string',
  bytesSent: 'number',
  bytesReceived: 'number',
};

export const statistics: readonly Behaviour[] = [
  behaviour(
    'stats: the selected pair is found, with its ends',
    same({
      transport: 'connected',
      pair: { alive: true, nominated: true },
      fields: {
        currentRoundTripTime: 'number',
        totalRoundTripTime: 'number',
        bytesSent: 'number',
        bytesReceived: 'number',
        responsesReceived: 'number',
        priority: 'number',
      },
      ends: ['host', 'host'],
      end: {
        address: 'string',
        port: 'number',
        protocol: 'string',
        priority: 'number',
        foundation: 'string',
        usernameFragment: 'string',
      },
    }),
    async (env) => {
      const { a, near, far } = await channelPair(env);
      const echoed = new Promise<void>((resolve) => near.addEventListener('message', () => resolve()));
      far.addEventListener('message', () => far.send('back'));
      near.send('there');
      await echoed;
      await env.pass(100);
      const report = await a.getStats();
      const all = entries(report);
      const transport = all.find(({ type }) => type === 'transport');
      const pair = all.find(({ id }) => id === transport?.['selectedCandidatePairId']);
      const ends = ['localCandidateId', 'remoteCandidateId'].map((key) => all.find(({ id }) => id === pair?.[key]));
      return {
        transport: transport?.['dtlsState'],
        // Chromium 156 says `in-progress` of the pair in use while a check waits for its answer.
        pair: { alive: /^(succeeded|in-progress)$/.test(String(pair?.['state'])), nominated: pair?.['nominated'] },
        fields: fields(pair, [
          'currentRoundTripTime',
          'totalRoundTripTime',
          'bytesSent',
          'bytesReceived',
          'responsesReceived',
          'priority',
        ]),
        ends: ends.map((end) => (end?.['candidateType'] === 'prflx' ? 'host' : end?.['candidateType'])),
        end: fields(ends[0], ['address', 'port', 'protocol', 'priority', 'foundation', 'usernameFragment']),
      };
    },
  ),

  behaviour(
    'stats: of the transport',
    same(TRANSPORT, { firefox: { ...TRANSPORT, bytesSent: 'undefined', bytesReceived: 'undefined' } }),
    async (env) => {
      const { a } = await channelPair(env);
      const all = entries(await a.getStats());
      return fields(
        all.find(({ type }) => type === 'transport'),
        ['dtlsState', 'iceState', 'iceRole', 'dtlsRole', 'bytesSent', 'bytesReceived', 'selectedCandidatePairId'],
      );
    },
  ),

  behaviour('stats: of a channel', same({ label: 'talk', state: 'open', id: 1, sent: [1, 5], received: [0, 0] }), async (env) => {
    const { a, near, far } = await channelPair(env);
    const arrived = new Promise<void>((resolve) => far.addEventListener('message', () => resolve()));
    near.send('12345');
    await arrived;
    await env.pass(100);
    const entry = entries(await a.getStats()).find(({ type }) => type === 'data-channel');
    return {
      label: entry?.['label'],
      state: entry?.['state'],
      id: entry?.['dataChannelIdentifier'],
      sent: [entry?.['messagesSent'], entry?.['bytesSent']],
      received: [entry?.['messagesReceived'], entry?.['bytesReceived']],
    };
  }),

  behaviour(
    'stats: of media that flows',
    same({
      out: { bytesSent: 'number', packetsSent: 'number', ssrc: 'number', kind: 'string', mid: 'string' },
      in: {
        bytesReceived: 'number',
        packetsReceived: 'number',
        packetsLost: 'number',
        jitter: 'number',
        kind: 'string',
        mid: 'string',
        trackIdentifier: 'string',
        framesDecoded: 'number',
      },
      identifier: true,
    }),
    async (env) => {
      const stream = await env.capture({ video: true });
      const pair = await pairOf(env);
      const [track] = stream.getTracks();
      if (!track) throw new Error('no track');
      pair.a.addTrack(track, stream);
      const far = new Promise<MediaStreamTrack>((resolve) => pair.b.addEventListener('track', (event) => resolve(event.track)));
      await connect(pair);
      const remote = await far;
      let inbound: Entry | undefined;
      for (let round = 0; round < 50 && !(Number(inbound?.['framesDecoded'] ?? 0) > 0); round++) {
        await env.pass(100);
        inbound = entries(await pair.b.getStats()).find(({ type }) => type === 'inbound-rtp');
      }
      const outbound = entries(await pair.a.getStats()).find(({ type }) => type === 'outbound-rtp');
      return {
        out: fields(outbound, ['bytesSent', 'packetsSent', 'ssrc', 'kind', 'mid']),
        in: fields(inbound, [
          'bytesReceived',
          'packetsReceived',
          'packetsLost',
          'jitter',
          'kind',
          'mid',
          'trackIdentifier',
          'framesDecoded',
        ]),
        identifier: inbound?.['trackIdentifier'] === remote.id,
      };
    },
  ),

  behaviour('stats: of a track that nobody sends or receives', same('InvalidAccessError'), async (env) => {
    const [track] = (await env.capture({ audio: true })).getTracks();
    return verdict(env.connection().getStats(track ?? null));
  }),
];
