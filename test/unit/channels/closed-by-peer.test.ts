import { beforeEach, expect, it } from 'vitest';
import { type Channels, createChannels } from '../../../src/channels/channels.js';
import type { DataChannel } from '../../../src/channels/data-channel.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';
import { Wire } from './scripted-wire.js';

let clock: Clock;
let channels: Channels;
let control: Wire;
let announced: string[];
let got: unknown[];
let peer: { signalingState: string; ondatachannel?: (event: { channel: object }) => void };

beforeEach(() => {
  clock = new Clock();
  control = new Wire();
  announced = [];
  got = [];
  peer = Object.assign({ signalingState: 'stable' }, { createDataChannel: () => control });
  channels = createChannels({
    platform: fakePlatform(clock),
    instance: () => 'them',
    announced: (name) => announced.push(name),
    heard: () => {},
    proved: () => {},
    lost: () => announced.push('lost'),
    bye: () => {},
    warn: () => {},
  });
  channels.attach(peer as object as RTCPeerConnection, false);
  control.open();
});

/** The peer's channel `chat` comes. */
function come(): { wire: Wire; channel: DataChannel } {
  const wire = Object.assign(new Wire(), { label: 'chat' });
  wire.readyState = 'open';
  peer.ondatachannel?.({ channel: wire });
  const channel = channels.open('chat');
  channel.onMessage((data) => got.push(data));
  return { wire, channel };
}

const hear = (word: object): void => control.onmessage?.({ data: JSON.stringify(word) });
/** What was said since the channel came, but for the counts. */
const said = (): unknown[] => control.sent.map((word) => JSON.parse(String(word))).filter(({ counts }) => !counts);

it('the stream is closed when all that was sent is here, and the word is answered when it has closed', () => {
  const { wire, channel } = come();
  wire.onmessage?.({ data: 'one' });
  hear({ close: 'chat', sent: 2 });
  expect([wire.closed, channel.state]).toEqual([false, 'open']);
  wire.onmessage?.({ data: 'two' });
  expect([wire.closed, channel.state, said()]).toEqual([true, 'closed', []]);
  wire.onclose?.();
  expect([got, said(), announced]).toEqual([['one', 'two'], [{ closed: 'chat' }], ['chat']]);
});

it.each([
  ['nothing was sent', { sent: 0 }],
  ['there was no stream over there', {}],
])('at once where %s', (_, more) => {
  const { wire } = come();
  hear({ close: 'chat', ...more });
  expect(wire.closed).toBe(true);
});

it('the word may come before the channel itself', () => {
  hear({ close: 'chat', sent: 1 });
  expect([announced, said()]).toEqual([[], []]);
  const { wire } = come();
  wire.onmessage?.({ data: 'one' });
  wire.onclose?.();
  expect([wire.closed, got, said(), announced]).toEqual([true, ['one'], [{ closed: 'chat' }], ['chat']]);
});

it('what never comes holds nothing up for longer than 10 s behind the last that did', async () => {
  const { wire } = come();
  hear({ close: 'chat', sent: 3 });
  await clock.advance(9_999);
  wire.onmessage?.({ data: 'one' });
  await clock.advance(9_999);
  expect(wire.closed).toBe(false);
  await clock.advance(1);
  expect([wire.closed, got]).toEqual([true, ['one']]);
});

it('a channel that never comes is answered after 10 s; nothing is left behind', async () => {
  hear({ close: 'chat', sent: 1 });
  await clock.advance(10_000);
  expect([said(), announced]).toEqual([[{ closed: 'chat' }], []]);
  hear({ close: 'other', sent: 1 });
  channels.close();
  expect(clock.pending).toBe(0);
});

it('closed by the app meanwhile: what is still to come is for nobody', () => {
  const { wire, channel } = come();
  hear({ close: 'chat', sent: 5 });
  channel.close();
  expect(wire.closed).toBe(true);
  wire.onclose?.();
  expect(said()).toEqual([{ closed: 'chat' }]);
});

it('closed by both: the word of each is the answer to that of the other', async () => {
  const { wire, channel } = come();
  await Promise.all([channel.send('ours'), clock.advance(20)]);
  channel.close();
  expect([wire.closed, said()]).toEqual([false, [{ close: 'chat', sent: 1 }]]);
  hear({ close: 'chat', sent: 4 });
  expect(wire.closed).toBe(true);
  wire.onclose?.();
  expect([said().length, announced]).toEqual([1, ['chat']]);
});

it('closed by the app: the peer closes the stream, and that is no loss', () => {
  const { wire, channel } = come();
  channel.close();
  wire.readyState = 'closed';
  wire.onclose?.();
  hear({ closed: 'chat' });
  const again = channels.open('chat');
  expect([again === channel, again.state]).toEqual([false, 'connecting']);
  expect(said()).toEqual([
    { close: 'chat', sent: 0 },
    { open: 'chat', options: {} },
  ]);
  expect(announced).toEqual(['chat']);
});

it('a word that is said twice leaves one timer', () => {
  const before = clock.pending;
  for (let i = 0; i < 2; i++) hear({ close: 'chat', sent: 1 });
  expect(clock.pending).toBe(before + 1);
});
