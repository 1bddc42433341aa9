import { expect, it } from 'vitest';
import { DataChannel } from '../../../src/channels/data-channel.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';
import { Wire } from './scripted-wire.js';

it.each<[name: string, sent: number[], told: (number | null)[], lost: number[]]>([
  ['all arrived', [3], [3], []],
  ['some were lost', [3], [1], [2]],
  ['told once', [3, 0], [1, 1], [2]],
  ['lost again, on the next connection', [3, 2], [1, 2], [2, 1]],
  ['the word of it was lost, too', [3, 0], [null, 3], []],
  ['the word of it was lost, and so were messages', [3, 2], [null, 4], [1]],
  ['the peer speaks of an older channel of this name', [0, 2], [7, 2], []],
])('what the peer received over all connections so far: %s', async (_, sent, told, lost) => {
  const texts: string[] = [];
  const channel = new DataChannel(
    'chat',
    {},
    {
      platform: fakePlatform(new Clock()),
      met: () => {},
      lost: () => {},
      closed: () => {},
      received: () => {},
      warn: ({ message }) => texts.push(message),
    },
  );
  for (const [index, count] of sent.entries()) {
    const next = new Wire();
    channel.attach(next.real);
    next.open();
    for (let i = 0; i < count; i++) await channel.send('plain');
    channel.detach();
    const received = told[index];
    if (typeof received === 'number') channel.compare(received);
  }
  expect(texts.map((text) => Number.parseInt(text, 10))).toEqual(lost);
});
