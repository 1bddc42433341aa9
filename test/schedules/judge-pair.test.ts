// The judge itself: what a page that died took with it is forgiven, and nothing beside it.
import { expect, it } from 'vitest';
import type { AppReport, ChannelReport } from './app.js';
import { judgeConverged, judgeMessages, type PairReport } from './judge-pair.js';

const EMPTY: ChannelReport = {
  state: 'open',
  sent: 0,
  handed: [],
  refused: [],
  arrived: [],
  reportedLost: 0,
  met: true,
  shut: false,
};

const app = (life: string, r1: Partial<ChannelReport>): AppReport => ({
  life,
  state: { status: 'connected' },
  started: 'resolved',
  local: [],
  remote: [],
  heard: [],
  channels: { r1: { ...EMPTY, ...r1 } },
  warnings: [],
  unexpected: [],
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Alice has sent on a resuming channel; each life of Bob has received a part. */
function pairOf(sent: number, reportedLost: number, runs: readonly (readonly number[])[]): PairReport {
  const alice = app('alice1', { sent, handed: upTo(sent), reportedLost });
  const lives = runs.map((run, index) => app(`bob${index + 1}`, { arrived: run.map((n) => ({ from: 'alice1', n })) }));
  const bob = lives.pop() as AppReport;
  return { alice, bob, past: lives };
}

it.each<[name: string, sent: number, told: number, runs: number[][], right: boolean]>([
  ['all in one life', 3, 0, [[1, 2, 3]], true],
  ['the last is missing', 3, 0, [[1, 2]], false],
  ['the last is missing and told, but nobody died', 3, 1, [[1, 2]], false],
  ['one in the middle is missing and told, but nobody died', 3, 1, [[1, 3]], false],
  ['the next life goes on', 3, 0, [[1, 2], [3]], true],
  [
    'the next life repeats what was not acknowledged',
    3,
    0,
    [
      [1, 2],
      [2, 3],
    ],
    true,
  ],
  ['torn by a death, told, and the next life goes on behind it', 4, 1, [[1, 2], [4]], true],
  ['torn by a death, told, and it was the last', 3, 1, [[1, 2], []], true],
  ['torn by a death, and not told', 4, 0, [[1, 2], [4]], false],
  ['the last is torn by a death, and not told', 3, 0, [[1, 2], []], false],
  ['two missing after one death', 5, 1, [[1, 2], [5]], false],
  ['two missing and told after one death', 5, 2, [[1, 2], [5]], false],
  ['the last two missing after one death', 4, 1, [[1, 2], []], false],
  ['not the one that was next when it died', 4, 1, [[1, 2], [3]], false],
  ['two torn by two deaths', 5, 2, [[1, 2], [], [5]], true],
  ['one torn by each of two deaths', 6, 2, [[1, 2], [4], [6]], true],
  ['two missing where one of the two deaths tore nothing', 6, 2, [[1, 2], [3], [6]], false],
  ['told of one that an earlier life had', 3, 1, [[1, 2], [], [3]], true],
  ['more told than died', 3, 2, [[1, 2], [3]], false],
])('a resuming channel: %s', (_, sent, told, runs, right) => {
  const pair = pairOf(sent, told, runs);
  expect([judgeConverged(pair).length === 0, judgeMessages(pair).length === 0]).toEqual([right, right]);
});
