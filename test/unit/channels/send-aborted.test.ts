import { expect, it } from 'vitest';
import { DataChannel } from '../../../src/channels/data-channel.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

it('a signal that was aborted before send(): the message is refused and not sent', async () => {
  const hooks = { met() {}, lost() {}, closed() {}, received() {}, warn() {} };
  const channel = new DataChannel('chat', {}, { platform: fakePlatform(new Clock()), ...hooks });
  const sent: unknown[] = [];
  const wire = { readyState: 'open', protocol: '', bufferedAmount: 0, send: (data: unknown) => sent.push(data) };
  channel.attach(wire as object as RTCDataChannel);
  await expect(channel.send('never', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  expect(sent).toEqual([]);
});
