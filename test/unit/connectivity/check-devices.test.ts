import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkDevices } from '../../../src/connectivity/check-devices.js';
import type { DevicesReport } from '../../../src/connectivity/connectivity-report.js';
import { runStep } from '../../../src/connectivity/run-step.js';
import { browserPlatform, type Platform } from '../../../src/platform.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function check(platform: Partial<Platform>, ask = false): Promise<DevicesReport> {
  const report = runStep({ ...browserPlatform(), ...platform }, 1000, undefined, (step) => checkDevices(step, ask));
  await vi.runAllTimersAsync();
  return report;
}

/** Devices by kind, and what `getUserMedia` does. */
function devices(kinds: string[], open?: (wish: MediaStreamConstraints) => Promise<MediaStream>) {
  const getUserMedia = vi.fn(open ?? (() => Promise.reject(new Error('not to be called'))));
  const mediaDevices: unknown = { enumerateDevices: async () => kinds.map((kind) => ({ kind })), getUserMedia };
  return { mediaDevices: mediaDevices as MediaDevices, getUserMedia };
}

/** What `navigator.permissions` says, by name; a name that is missing is not known to the browser. */
function permissions(states: Record<string, string>): void {
  const query = async ({ name }: { name: string }): Promise<{ state: string }> => {
    const state = states[name];
    if (state === undefined) throw new TypeError(name);
    return { state };
  };
  vi.stubGlobal('navigator', { permissions: { query } });
}

const stop = vi.fn();
const stream: unknown = { getTracks: () => [{ stop }, { stop }] };
const both = ['videoinput', 'audioinput', 'audiooutput'];
const failing = (name: string) => () => Promise.reject(new DOMException('the words of the browser', name));

describe('checkDevices', () => {
  it('looks, and does not ask', async () => {
    permissions({ camera: 'prompt', microphone: 'granted' });
    const { mediaDevices, getUserMedia } = devices([...both, 'audioinput']);
    expect(await check({ mediaDevices })).toEqual({
      cameras: 1,
      microphones: 2,
      cameraPermission: 'prompt',
      microphonePermission: 'granted',
      problem: null,
    });
    expect(getUserMedia).not.toHaveBeenCalled();
  });

  it('opens and closes what there is, if asked to', async () => {
    stop.mockClear();
    const { mediaDevices, getUserMedia } = devices(both, async () => stream as MediaStream);
    expect(await check({ mediaDevices }, true)).toMatchObject({ cameras: 1, problem: null });
    expect(getUserMedia).toHaveBeenCalledExactlyOnceWith({ video: true, audio: true });
    expect(stop).toHaveBeenCalledTimes(2);
  });

  it.each([
    [['audioinput'], { video: false, audio: true }],
    [['videoinput'], { video: true, audio: false }],
    [[], { video: false, audio: true }],
  ])('with %j asks for %j', async (kinds, wish) => {
    const { mediaDevices, getUserMedia } = devices(kinds, async () => stream as MediaStream);
    await check({ mediaDevices }, true);
    expect(getUserMedia).toHaveBeenCalledWith(wish);
  });

  it.each([
    ['NotAllowedError', 'media-denied'],
    ['SecurityError', 'media-denied'],
    ['NotFoundError', 'media-not-found'],
    ['NotReadableError', 'media-in-use'],
    ['AbortError', 'media-in-use'],
    ['TypeError', 'media-failed'],
  ])('%s -> %s', async (name, code) => {
    const { mediaDevices } = devices(both, failing(name));
    const message = 'Camera and microphone cannot be opened: the words of the browser';
    expect(await check({ mediaDevices }, true)).toMatchObject({ cameras: 1, problem: { code, message } });
  });

  it('a question that nobody answers ends with the step; an answer that comes late opens nothing', async () => {
    stop.mockClear();
    const { mediaDevices } = devices(
      both,
      // Virtual time, as in the whole file: later than the step waits.
      () => new Promise((resolve) => setTimeout(() => resolve(stream as MediaStream), 5000)),
    );
    expect(await check({ mediaDevices }, true)).toMatchObject({ problem: { code: 'media-failed', message: /not answered/ } });
    expect(stop).toHaveBeenCalledTimes(2);
  });

  it.each<[string, Partial<Platform>, Record<string, string>, string | undefined]>([
    ['an insecure page', { mediaDevices: undefined, secure: false }, {}, 'media-insecure'],
    ['no capture here', { mediaDevices: undefined, secure: true }, {}, 'unsupported'],
    ['nothing plugged in', { mediaDevices: devices([]).mediaDevices }, {}, 'media-not-found'],
    ['camera denied', { mediaDevices: devices(both).mediaDevices }, { camera: 'denied', microphone: 'granted' }, 'media-denied'],
    ['microphone denied', { mediaDevices: devices(both).mediaDevices }, { microphone: 'denied' }, 'media-denied'],
    ['permissions not told', { mediaDevices: devices(both).mediaDevices }, {}, undefined],
  ])('%s', async (_, platform, states, code) => {
    permissions(states);
    expect((await check(platform)).problem?.code).toBe(code);
  });

  it('a browser that fails to list devices is a problem, not an error', async () => {
    const mediaDevices: unknown = { enumerateDevices: failing('InvalidStateError') };
    expect((await check({ mediaDevices: mediaDevices as MediaDevices })).problem).toMatchObject({ code: 'media-failed' });
  });
});
