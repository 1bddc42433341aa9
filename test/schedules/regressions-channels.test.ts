// Schedules that failed once for their channels, found by `npm run soak` and cut down by it. They stay.
import type { Schedule } from './schedule.js';
import { stayMended } from './stay-mended.js';

const FOUND: Readonly<Record<string, Partial<Schedule>>> = {
  // What the peer had received was forgotten as soon as it was told, and the word of it was lost with the second connection.
  'connection killed, and the next one as it opens -> what arrived is not told as lost': {
    seed: 76_496,
    acts: [
      { atMs: 1_390, side: 'alice', act: 'send', channel: 'p2', count: 1, bytes: 0 },
      { atMs: 1_438, side: 'alice', act: 'kill' },
      { atMs: 1_457, side: 'alice', act: 'kill' },
    ],
  },
  // Closed between two connections; the peer had made it on the new one, and its stream was given to another before it was free.
  'channel closed between two connections, then another is opened -> that one opens': {
    seed: 91_162,
    place: 'symmetric',
    endMs: 2_000,
    acts: [
      { atMs: 1_247, side: 'bob', act: 'open', channel: 'r2' },
      { atMs: 1_275, side: 'alice', act: 'kill' },
      { atMs: 1_341, side: 'bob', act: 'shut', channel: 'r2' },
      { atMs: 1_402, side: 'alice', act: 'freeze', forMs: 1_394 },
      { atMs: 1_491, side: 'bob', act: 'send', channel: 'p1', count: 1, bytes: 0 },
      { atMs: 1_553, side: 'bob', act: 'network-down', forMs: 4_801 },
    ],
  },
  // The word that it was closed overtook its opening; the peer opened it behind that, and kept it.
  'channel opened and closed while the network is down -> the peer does not keep it': {
    seed: 65_417,
    acts: [
      { atMs: 2_466, side: 'alice', act: 'network-down', forMs: 740 },
      { atMs: 2_966, side: 'alice', act: 'open', channel: 'r1' },
      { atMs: 3_295, side: 'alice', act: 'shut', channel: 'r1' },
    ],
  },
  // Its stream was free on one side, and not yet on the other: the new channel came in under the old one.
  'channel closed shortly before an outage, another opened after it -> nothing mixes': {
    seed: 87_365,
    place: 'cone',
    endMs: 8_000,
    acts: [
      { atMs: 5_722, side: 'alice', act: 'open', channel: 'r1' },
      { atMs: 5_735, side: 'bob', act: 'shut', channel: 'r1' },
      { atMs: 5_748, side: 'alice', act: 'ice-failure', forMs: 330 },
      { atMs: 6_352, side: 'bob', act: 'send', channel: 'r2', count: 1, bytes: 0 },
    ],
  },
  // The page had acknowledged its beginning. No other can have it whole, and the app is told.
  'peer crashes in the middle of a long message -> that one is told as lost, all others arrive': {
    seed: 46_840,
    place: 'cone',
    endMs: 8_000,
    acts: [
      { atMs: 7_546, side: 'alice', act: 'send', channel: 'r2', count: 8, bytes: 194_878 },
      { atMs: 7_686, side: 'bob', act: 'crash', forMs: 196 },
    ],
  },
};

stayMended('channels that failed once', FOUND);
