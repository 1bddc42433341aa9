// Schedules that failed once in who is paired with whom, and in which epoch, found by `npm run soak` and cut down by it. They stay.
import { QUIET, type Schedule } from './schedule.js';
import { stayMended } from './stay-mended.js';

const FOUND: Readonly<Record<string, Partial<Schedule>>> = {
  // It was called anew in an epoch in which another life of it had been called, with an offer of a connection that was gone.
  'a crash, a reload, and the next life hears a call for the last one -> no crossing': {
    seed: 58_611,
    presence: true,
    endMs: 8_000,
    faults: {
      loss: 0,
      repeat: 0.12662627501413226,
      delayMs: [107, 600],
      echo: 0.3131270718295127,
      stranger: 0.21141163958236575,
    },
    fetch: [false, true],
    acts: [
      { atMs: 1_128, side: 'alice', act: 'publish', name: 'two', kind: 'video', own: true },
      { atMs: 1_209, side: 'bob', act: 'crash', forMs: 1_592 },
      { atMs: 3_825, side: 'bob', act: 'reload', forMs: 1_747 },
    ],
  },
  // A repeat of what it had said before it left passed for its return, and when it did return its time was over.
  'reload over a lossy channel that repeats -> paired again': {
    seed: 53_768,
    endMs: 12_000,
    faults: { loss: 0.18423848699312656, repeat: 0.3603813929948956, delayMs: [0, 5], echo: 0, stranger: 0.41708034358453006 },
    acts: [
      { atMs: 1_214, side: 'alice', act: 'address-change' },
      { atMs: 1_228, side: 'bob', act: 'reload', forMs: 69 },
    ],
  },
  // The answer to an offer that was taken back: the new epoch of the two had no offer.
  'both lose their channels around the first offer -> the next one is said': {
    seed: 2_194,
    endMs: 2_000,
    faults: { ...QUIET.faults, delayMs: [9, 40] },
    startMs: [211, 0],
    fetch: [false, true],
    acts: [
      { atMs: 520, side: 'alice', act: 'cut', forMs: 1_338 },
      { atMs: 1_348, side: 'bob', act: 'cut', forMs: 622 },
    ],
  },
  // A late word of the life that had crashed took the place of the next one, and passed for a sign that it lived.
  'a crash, and words of the two lives come in the wrong order -> paired with the living one': {
    seed: 39_031,
    presence: true,
    endMs: 2_000,
    faults: { ...QUIET.faults, loss: 0.27450424446724353, repeat: 0.15361049876082689, delayMs: [74, 600] },
    acts: [
      { atMs: 156, side: 'alice', act: 'network-down', forMs: 944 },
      { atMs: 235, side: 'bob', act: 'publish', name: 'microphone', kind: 'audio', own: true },
      { atMs: 1_274, side: 'bob', act: 'crash', forMs: 15 },
    ],
  },
  // The last word of a page that was not paired again yet passed for a stranger's.
  'reload, and close() before the two are paired again -> closed with the same reason': {
    seed: 63_134,
    presence: true,
    endMs: 2_000,
    fetch: [true, true],
    acts: [
      { atMs: 1_185, side: 'alice', act: 'reload', forMs: 148 },
      { atMs: 1_754, side: 'alice', act: 'close', reason: 'closed' },
    ],
  },
  // Closed under us before the first exchange was complete: no event, and a promise that never settles.
  'connection killed twice before the first answer -> the next offer finds out': {
    seed: 82_614,
    place: 'cone',
    endMs: 2_000,
    faults: { loss: 0.23459097063168882, repeat: 0.37812927388586104, delayMs: [8, 40], echo: 0, stranger: 0.3887790087610483 },
    startMs: [306, 0],
    acts: [
      { atMs: 80, side: 'bob', act: 'freeze', forMs: 1_436 },
      { atMs: 325, side: 'alice', act: 'kill' },
      { atMs: 1_527, side: 'alice', act: 'kill' },
    ],
  },
  // It had been called and had answered, but crashed before there was a call; its next life heard the same offer, and answered it too.
  'a crash before the first call, and the next life hears the offer to the last one -> no crossing': {
    seed: 301_191,
    place: 'symmetric',
    endMs: 4_000,
    faults: { ...QUIET.faults, delayMs: [38, 200] },
    acts: [
      { atMs: 120, side: 'bob', act: 'freeze', forMs: 2_794 },
      { atMs: 1_348, side: 'alice', act: 'crash', forMs: 433 },
      { atMs: 3_079, side: 'alice', act: 'publish', name: 'one', kind: 'video', own: false },
    ],
  },
  // Gave up with `ice-failed` at the second change, though ICE had found a path each time.
  'one side changes its network twice before the first connection stands -> it is tried again': {
    seed: 3_008_774,
    personality: ['firefox', 'firefox'],
    place: 'symmetric',
    endMs: 2_000,
    faults: { loss: 0, repeat: 0.1427969830459915, delayMs: [21, 120], echo: 0, stranger: 0.03160470083821565 },
    fetch: [true, false],
    acts: [
      { atMs: 770, side: 'bob', act: 'address-change' },
      { atMs: 1_274, side: 'bob', act: 'address-change' },
    ],
  },
};

stayMended('pairings that failed once', FOUND);
