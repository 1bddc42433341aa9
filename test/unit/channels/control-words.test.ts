import { describe, expect, it } from 'vitest';
import { createChannels } from '../../../src/channels/channels.js';
import { Clock } from '../../../src/testing/clock.js';
import { sessionPair } from '../../../src/testing/session-pair.js';
import { fakePlatform } from '../fake-platform.js';
import { spy, statusesOf, warningsOf } from '../pair-words.js';

describe('the control channel', () => {
  it('noise on it harms nothing', async () => {
    const pair = sessionPair();
    const controls: RTCDataChannel[] = [];
    spy(pair.bob, 'peer-session', controls);
    await pair.start();
    // DTLS proves the path; the control channel opens a moment later.
    await pair.clock.advance(100);
    const words = [
      '',
      'null',
      '7',
      '[]',
      '"x"',
      '{',
      '{"ping":"x"}',
      '{"open":5}',
      '{"close":{}}',
      '{"close":"nobody"}',
      '{"close":"nobody","sent":"x"}',
      '{"close":"nobody","sent":-7}',
      '{"close":"nobody","sent":3}',
      '{"counts":7}',
      '{"counts":{"chat":"x"}}',
      '{"future":1}',
    ];
    for (const word of words) controls.at(-1)?.send(word);
    await pair.clock.advance(3000);
    expect(statusesOf(pair.alice)).toEqual(['signaling', 'connecting', 'connected']);
    expect(warningsOf(pair.alice)).toEqual([]);
    await pair.close();
  });

  it('words that come before the browser says that it is open are answered when it is', async () => {
    const heard: string[] = [];
    const channels = createChannels({
      platform: fakePlatform(new Clock()),
      instance: () => 'b1',
      announced: () => {},
      heard: () => heard.push('heard'),
      proved: () => heard.push('proved'),
      lost: () => {},
      bye: () => {},
      warn: () => {},
    });
    const control = { readyState: 'connecting', send: (word: string) => heard.push(word) } as unknown as RTCDataChannel;
    const peer = { signalingState: 'stable', createDataChannel: () => control } as unknown as RTCPeerConnection;
    channels.attach(peer, false);
    control.onmessage?.(new MessageEvent('message', { data: '{"close":"nobody"}' }));
    expect(heard).toEqual(['heard']);
    Object.assign(control, { readyState: 'open' });
    control.onopen?.(new Event('open'));
    expect(heard).toEqual(['heard', '{"counts":{}}', 'proved', 'heard', '{"closed":"nobody"}']);
  });
});
