import { createVirtualClock } from 'peer-session/testing';
import { expect, it } from 'vitest';
import { refreshPictures } from '../../../src/media/key-frames.js';
import { fakePlatform } from '../fake-platform.js';

type Call = readonly [active: (boolean | undefined)[], options: unknown];

/** A sender of one engine: `setParameters` takes its time, and voids what was read before another call. */
function peerOf(
  engine: string,
  active: (boolean | undefined)[],
  setMs: number,
): { peer: RTCPeerConnection; calls: Call[]; now: typeof active } {
  const clock = platformClock;
  const calls: Call[] = [];
  const now = [...active];
  const sender = {
    track: { kind: 'video' },
    getParameters: () => ({ encodings: now.map((on) => ({ active: on })) }),
    setParameters: (parameters: { encodings: { active?: boolean }[] }, options?: unknown) => {
      calls.push([parameters.encodings.map(({ active: on }) => on), options]);
      return new Promise<void>((resolve) => {
        clock.timer(() => {
          now.splice(0, now.length, ...parameters.encodings.map(({ active: on }) => on));
          resolve();
        }, setMs);
      });
    },
  };
  const audio = { track: { kind: 'audio' }, getParameters: () => ({}), setParameters: () => calls.push([[], 'audio']) };
  const peer = {
    localDescription: { sdp: `v=0\r\no=${engine} 1 2 IN IP4 0.0.0.0\r\n` },
    getSenders: () => [audio, sender, { track: null }],
  };
  return { peer: peer as unknown as RTCPeerConnection, calls, now };
}

let platformClock = createVirtualClock();

it('asks for key frames three times, by the option, where the engine is not Firefox', async () => {
  platformClock = createVirtualClock();
  const { peer, calls } = peerOf('-', [true, true], 1);
  refreshPictures(peer, fakePlatform(platformClock));
  await platformClock.advance(5_000);
  expect(calls).toEqual(
    Array.from({ length: 3 }, () => [[true, true], { encodingOptions: [{ keyFrame: true }, { keyFrame: true }] }]),
  );
});

it('leaves a connection alone that was closed meanwhile: Firefox throws there', async () => {
  platformClock = createVirtualClock();
  const { peer, calls } = peerOf('mozilla...THIS_IS_SDPARTA-99.0', [true], 1);
  let asked = 0;
  const closing = {
    localDescription: peer.localDescription,
    get signalingState() {
      return asked > 0 ? 'closed' : 'stable';
    },
    getSenders: () => {
      if (asked++ > 0) throw new DOMException('Peer connection is closed', 'InvalidStateError');
      return peer.getSenders();
    },
  };
  refreshPictures(closing as object as RTCPeerConnection, fakePlatform(platformClock));
  await platformClock.advance(5_000);
  expect([asked, calls.length]).toEqual([1, 2]);
});

it('stops when told so', async () => {
  platformClock = createVirtualClock();
  const { peer, calls } = peerOf('-', [true], 1);
  refreshPictures(peer, fakePlatform(platformClock))();
  await platformClock.advance(5_000);
  expect(calls).toHaveLength(1);
});

it.each([10, 450, 3_000])('switches off and on in Firefox, and never ends off, though it takes %i ms', async (setMs) => {
  platformClock = createVirtualClock();
  const { peer, calls, now } = peerOf('mozilla...THIS_IS_SDPARTA-99.0', [true, false, undefined], setMs);
  refreshPictures(peer, fakePlatform(platformClock));
  await platformClock.advance(20_000);
  expect(calls.slice(0, 2).map(([active]) => active)).toEqual([
    [false, false, false],
    [true, false, true],
  ]);
  // What the app had switched off stays off.
  expect(now).toEqual([true, false, true]);
});
