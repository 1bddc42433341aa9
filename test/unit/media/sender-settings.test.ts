import { describe, expect, it } from 'vitest';
import { setAgain, settingsOf, switching } from '../../../src/media/sender-settings.js';
import { type PairSide, sessionPair } from '../../../src/testing/session-pair.js';
import { simulate } from '../../../src/testing/simulate.js';
import { untilStatus } from '../pair-words.js';

const senderOf = ({ session }: PairSide, name = 'camera'): RTCRtpSender => {
  const track = session.media.get(name)?.track;
  const sender = session.connection?.getSenders().find((one) => one.track === track);
  if (!sender) throw new Error(`nothing is sent as ${name}`);
  return sender;
};
const encodingOf = (side: PairSide, name = 'camera'): RTCRtpEncodingParameters | undefined =>
  senderOf(side, name).getParameters().encodings[0];

async function limit(sender: RTCRtpSender, settings: RTCRtpEncodingParameters): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) Object.assign(encoding, settings);
  await sender.setParameters(parameters);
}

const media = { audio: true, video: true };

describe('what the app has set on a sender', () => {
  it.each([
    ['the peer is reloaded', 'peer-reload'],
    ['the network is away for long', 'network-down'],
  ] as const)('%s: it is set on the new connection, and on the one after it', async (_, incident) => {
    const pair = sessionPair({ both: { media } });
    await pair.start();
    await pair.clock.until(limit(senderOf(pair.alice), { maxBitrate: 150_000, scaleResolutionDownBy: 2 }));
    await pair.clock.until(limit(senderOf(pair.alice, 'microphone'), { maxBitrate: 16_000, active: false }));
    for (const round of [1, 2]) {
      const { connection } = pair.alice.session;
      const heal = simulate(pair.alice, 'ice-failure');
      if (incident === 'network-down') {
        const back = simulate(pair.alice, 'network-down');
        await untilStatus(pair.alice, 'reconnecting');
        await pair.clock.advance(20_000);
        back();
      }
      heal();
      if (incident === 'peer-reload') simulate(pair.bob, 'peer-reload');
      await pair.clock.advance(5_000);
      expect(pair.alice.session.state.status, `round ${round}`).toBe('connected');
      expect(pair.alice.session.connection).not.toBe(connection);
      expect(encodingOf(pair.alice)).toMatchObject({ active: true, maxBitrate: 150_000, scaleResolutionDownBy: 2 });
      expect(encodingOf(pair.alice, 'microphone')).toMatchObject({ active: false, maxBitrate: 16_000 });
      expect(encodingOf(pair.bob)).toEqual({ active: true });
    }
    await pair.close();
  });

  it('the track is taken away before the new connection and comes back after it: its slot has kept it', async () => {
    const pair = sessionPair({ both: { media } });
    await pair.start();
    await pair.clock.until(limit(senderOf(pair.alice), { maxBitrate: 150_000 }));
    await pair.alice.session.media.remove('camera');
    simulate(pair.bob, 'peer-reload');
    await pair.clock.advance(5_000);
    await pair.clock.until(pair.alice.session.media.publish('camera', true));
    await pair.clock.advance(1_000);
    expect(encodingOf(pair.alice)).toMatchObject({ maxBitrate: 150_000 });
    await pair.close();
  });

  it('nothing was set: nothing is', async () => {
    const pair = sessionPair({ both: { media } });
    await pair.start();
    let calls = 0;
    const prototype: RTCRtpSender = Object.getPrototypeOf(senderOf(pair.alice));
    const { setParameters } = prototype;
    prototype.setParameters = function set(...given: Parameters<typeof setParameters>) {
      if (given[1] === undefined) calls++; // with options a key frame is asked for
      return setParameters.apply(this, given);
    };
    simulate(pair.bob, 'peer-reload');
    await pair.clock.advance(5_000);
    prototype.setParameters = setParameters;
    expect(calls).toBe(0);
    await pair.close();
  });

  it('an engine whose senders tell nothing: the call goes on without', async () => {
    const pair = sessionPair({ both: { media } });
    await pair.start();
    const prototype: RTCRtpSender = Object.getPrototypeOf(senderOf(pair.alice));
    const { getParameters } = prototype;
    Reflect.deleteProperty(prototype, 'getParameters');
    try {
      simulate(pair.bob, 'peer-reload');
      await pair.clock.advance(5_000);
      expect(pair.alice.session.state.status).toBe('connected');
    } finally {
      prototype.getParameters = getParameters;
    }
    await pair.close();
  });
});

describe('one sender', () => {
  const sender = (parameters: object, calls: unknown[] = []): RTCRtpSender =>
    ({
      getParameters: () => structuredClone(parameters),
      setParameters: async (given: unknown) => void calls.push(given),
    }) as unknown as RTCRtpSender;

  it('is switched off for a key frame just now: what is told is what the app wants', () => {
    const one = sender({ encodings: [{ active: false }, { active: false }, { active: false }] });
    switching.set(one, [true, false, undefined]);
    expect(settingsOf(one)?.encodings.map(({ active }) => active)).toEqual([true, false, true]);
  });

  it.each([
    ['the same', { encodings: [{ active: true }] }, { encodings: [{ active: true }] }, []],
    [
      'another limit',
      { encodings: [{ active: true, maxBitrate: 5 }] },
      { transactionId: '7', encodings: [{ active: true }] },
      [{ transactionId: '7', encodings: [{ active: true, maxBitrate: 5 }] }],
    ],
    ['none that could be told', { encodings: [] }, { encodings: [{ active: true }] }, []],
    [
      'what is to suffer first',
      { encodings: [], degradationPreference: 'maintain-framerate' },
      { encodings: [] },
      [{ encodings: [], degradationPreference: 'maintain-framerate' }],
    ],
  ])('%s', async (_, kept, fresh, calls) => {
    const given: unknown[] = [];
    await setAgain(sender(fresh, given), kept as RTCRtpSendParameters);
    expect(given).toEqual(calls);
  });
});
