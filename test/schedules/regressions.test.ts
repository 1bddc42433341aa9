// Each of these failed once, found by `npm run soak` and cut down by it. They stay.
import { QUIET, type Schedule } from './schedule.js';
import { stayMended } from './stay-mended.js';

const FOUND: Readonly<Record<string, Partial<Schedule>>> = {
  // Candidates of the peer came before its offer, went to our own first connection, and were lost with it when that gave way.
  'crossing first offers behind two routers -> the fresh connection has the candidates': {
    seed: 376,
    place: 'cone',
    startMs: [1_153, 0],
  },
  // Nobody looked after a path that had never worked.
  'address change before the first connection -> another connection is tried': {
    seed: 89,
    endMs: 12_000,
    acts: [
      { atMs: 1, side: 'alice', act: 'ice-failure', forMs: 8_975 },
      { atMs: 2_928, side: 'bob', act: 'address-change' },
    ],
  },
  // A description that meets a closed connection was told to the app as a refusal of the browser.
  'connection killed before the answer -> rebuilt without a warning': {
    seed: 2,
    faults: { ...QUIET.faults, delayMs: [92, 600] },
    acts: [{ atMs: 610, side: 'alice', act: 'kill' }],
  },
  // channel() threw InvalidStateError into the app.
  'channel opened on a killed connection -> created on the next one': {
    seed: 32,
    faults: { ...QUIET.faults, delayMs: [1, 40] },
    acts: [
      { atMs: 997, side: 'bob', act: 'kill' },
      { atMs: 1_016, side: 'bob', act: 'freeze', forMs: 1_267 },
      { atMs: 1_102, side: 'bob', act: 'open', channel: 'p1' },
    ],
  },
  'resume() after close() -> nothing begins again': {
    seed: 49,
    acts: [
      { atMs: 3_289, side: 'alice', act: 'pause', forMs: 3_003 },
      { atMs: 3_887, side: 'alice', act: 'close', reason: 'hung-up' },
    ],
  },
  'channel closed shortly before close() -> no timer is left': {
    seed: 176,
    endMs: 12_000,
    acts: [
      { atMs: 9_933, side: 'bob', act: 'send', channel: 'r2', count: 1, bytes: 0 },
      { atMs: 10_007, side: 'bob', act: 'shut', channel: 'r2' },
    ],
  },
  // The word was lost with the path, and the next connection brought the channel back.
  'channel closed during an outage -> closed on both sides': {
    seed: 436,
    personality: ['firefox', 'chromium'],
    acts: [
      { atMs: 393, side: 'alice', act: 'send', channel: 'p2', count: 1, bytes: 0 },
      { atMs: 394, side: 'alice', act: 'network-down', forMs: 1_079 },
      { atMs: 660, side: 'bob', act: 'shut', channel: 'p2' },
    ],
  },
  'close() shortly after presence told of a newcomer -> no timer is left': {
    seed: 620,
    presence: true,
    acts: [
      { atMs: 3_443, side: 'alice', act: 'reload', forMs: 181 },
      { atMs: 3_851, side: 'alice', act: 'close', reason: 'closed' },
    ],
  },
  // The first offer of an instance that was gone was answered, and sent to the new one.
  'peer crashes and comes back while we wait for the camera -> its older offer is forgotten': {
    seed: 764,
    fetch: [false, true],
    acts: [{ atMs: 213, side: 'alice', act: 'crash', forMs: 32 }],
  },
  'a hello with an offer comes after the answer to ours -> ignored': {
    seed: 194,
    personality: ['firefox', 'chromium'],
    presence: true,
    faults: { ...QUIET.faults, delayMs: [0, 120] },
    startMs: [1_290, 0],
    fetch: [true, true],
  },
  'a page that was never heard reloads -> its goodbye is no refusal': {
    seed: 188,
    fetch: [true, false],
    acts: [{ atMs: 234, side: 'alice', act: 'reload', forMs: 399 }],
  },
  // The pairing went back to the life that was gone, and nothing of the new one was heard any more.
  'hellos of two lives of a page come in the wrong order -> paired with the one that speaks': {
    seed: 11_558,
    place: 'cone',
    presence: true,
    endMs: 8_000,
    faults: { ...QUIET.faults, repeat: 0.2548371199518442, delayMs: [21, 600], echo: 0.9596609340514988 },
    startMs: [366, 0],
    acts: [{ atMs: 846, side: 'bob', act: 'reload', forMs: 65 }],
  },
  'muted after the first offer was made, before anybody answered -> told': {
    seed: 11_958,
    endMs: 2_000,
    faults: { ...QUIET.faults, delayMs: [126, 600] },
    fetch: [true, true],
    acts: [{ atMs: 588, side: 'alice', act: 'mute', name: 'camera' }],
  },
  // Its epoch was in use for the other life already: two offers of one epoch met at the peer.
  'the same, with a track published in between -> the new pairing has an epoch of its own': {
    seed: 11_558,
    place: 'cone',
    presence: true,
    endMs: 8_000,
    faults: { loss: 0.02442664133850485, repeat: 0.2548371199518442, delayMs: [21, 600], echo: 0.9596609340514988, stranger: 0 },
    startMs: [366, 0],
    acts: [
      { atMs: 791, side: 'alice', act: 'publish', name: 'three', kind: 'audio', own: true },
      { atMs: 846, side: 'bob', act: 'reload', forMs: 65 },
    ],
  },
  // Presence told first that it was gone, and its goodbye was taken for the one of the life before.
  'peer reloads, then closes before it is connected -> closed with its word': {
    seed: 12_560,
    presence: true,
    endMs: 8_000,
    acts: [
      { atMs: 6_182, side: 'alice', act: 'ice-failure', forMs: 3_452 },
      { atMs: 6_269, side: 'bob', act: 'reload', forMs: 318 },
      { atMs: 7_840, side: 'bob', act: 'close', reason: 'closed' },
    ],
  },
  // The goodbye went to the life before, since nothing had been heard of the new one, which was asking for its camera.
  'peer reloads, and we close before its first word -> closed with our word': {
    seed: 20_580,
    presence: true,
    endMs: 8_000,
    fetch: [true, false],
    acts: [
      { atMs: 6_586, side: 'alice', act: 'reload', forMs: 677 },
      { atMs: 7_735, side: 'bob', act: 'close', reason: 'hung-up' },
    ],
  },
  // The hello with the offer that had given way came in one task with the answer, and was taken for an offer of the live connection.
  'page thaws to the answer and to an older hello -> the hello is an old word': {
    seed: 8_027,
    presence: true,
    faults: { ...QUIET.faults, delayMs: [11, 120], echo: 0.21590971783734858 },
    fetch: [false, true],
    acts: [{ atMs: 577, side: 'alice', act: 'freeze', forMs: 687 }],
  },
  // A channel that the peer had closed waited for its last messages, and nobody ended it with the session.
  'peer closes a channel on a path that dies, then close() -> no timer of it is left': {
    seed: 15_913,
    endMs: 8_000,
    faults: { ...QUIET.faults, loss: 0.15113878136035055 },
    startMs: [0, 476],
    fetch: [true, false],
    acts: [
      { atMs: 6_414, side: 'alice', act: 'address-change' },
      { atMs: 6_500, side: 'bob', act: 'send', channel: 'p1', count: 1, bytes: 0 },
      { atMs: 7_198, side: 'bob', act: 'shut', channel: 'p1' },
      { atMs: 7_306, side: 'alice', act: 'send', channel: 'p1', count: 1, bytes: 0 },
      { atMs: 7_430, side: 'alice', act: 'publish', name: 'three', kind: 'audio', own: false },
    ],
  },
  // Pairing took us back to an epoch whose offer was void already.
  'rebuilt before anybody came, then the answer to the offer before -> a new epoch, no crossing': {
    seed: 974,
    fetch: [true, false],
    acts: [
      { atMs: 322, side: 'alice', act: 'cut', forMs: 3_296 },
      { atMs: 2_738, side: 'bob', act: 'kill' },
      { atMs: 3_192, side: 'bob', act: 'restart' },
    ],
  },
  'path dies under open channels, then close() -> no timer is left': {
    seed: 363,
    personality: ['strict', 'firefox'],
    endMs: 2_000,
    acts: [
      { atMs: 1_271, side: 'bob', act: 'open', channel: 'p2' },
      { atMs: 1_372, side: 'bob', act: 'address-change' },
      { atMs: 1_928, side: 'bob', act: 'close', reason: 'hung-up' },
    ],
  },
};

stayMended('schedules that failed once', FOUND);
