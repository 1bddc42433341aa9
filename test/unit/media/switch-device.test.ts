import { beforeEach, describe, expect, it } from 'vitest';
import { LocalMedia } from '../../../src/media/local-media.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

/** A track of a camera that knows what it was asked for. */
class Track extends EventTarget {
  readonly kind = 'video';
  enabled = true;
  live = true;
  constructor(readonly constraints: MediaTrackConstraints) {
    super();
    living.push(this);
  }
  getConstraints(): MediaTrackConstraints {
    return this.constraints;
  }
  stop(): void {
    this.live = false;
  }
}

const exactOf = ({ deviceId }: MediaTrackConstraints): string =>
  typeof deviceId === 'object' && 'exact' in deviceId ? String(deviceId.exact) : 'front';
const refusal = (name: string): Error => Object.assign(new Error('said the browser'), { name });

let living: Track[];
let slots: string[];
/** How many cameras this machine can open at once, and those that cannot be opened. */
let most: number;
let broken: string[];
let media: LocalMedia;
const live = (): string[] => living.filter((track) => track.live).map((track) => exactOf(track.constraints));

beforeEach(() => {
  living = [];
  slots = [];
  most = 9;
  broken = [];
  const getUserMedia = async ({ video }: MediaStreamConstraints): Promise<MediaStream> => {
    const constraints = video as MediaTrackConstraints;
    if (live().length >= most || broken.includes(exactOf(constraints))) throw refusal('NotReadableError');
    const track = new Track(constraints);
    return { getTracks: () => [track] } as object as MediaStream;
  };
  media = new LocalMedia({
    platform: fakePlatform(new Clock(), { mediaDevices: { getUserMedia } as object as MediaDevices }),
    changed: (name, slot) => slots.push(`${name} ${slot ? 'on' : 'gone'}`),
    warn: () => {},
  });
});

describe('switchDevice', () => {
  it('keeps the other constraints, and drops those that name the old device', async () => {
    await media.publish('camera', { width: 1280, height: { ideal: 720 }, facingMode: { exact: 'user' }, groupId: 'g' });
    const { track } = await media.switchDevice('camera', 'back');
    const { facingMode, groupId, ...kept } = track.getConstraints();
    expect(kept).toEqual({ width: 1280, height: { ideal: 720 }, deviceId: { exact: 'back' } });
    expect([facingMode, groupId]).toEqual([{}, {}]);
    expect(live()).toEqual(['back']);
  });

  it('the old picture goes on until the new one is there', async () => {
    await media.publish('camera', true);
    const [old] = living;
    const switched = media.switchDevice('camera', 'back');
    expect(old?.live).toBe(true);
    await switched;
    expect(old?.live).toBe(false);
    expect(slots).toEqual(['camera on', 'camera on']);
  });

  it('one camera at a time: lets go of the old one, then takes the new one', async () => {
    most = 1;
    await media.publish('camera', { width: 640 });
    await media.switchDevice('camera', 'back');
    expect(live()).toEqual(['back']);
    expect(slots).toEqual(['camera on', 'camera on']);
    expect(media.get('camera')?.track.getConstraints()).toMatchObject({ width: 640 });
  });

  it('the new one cannot be opened at all: the slot is empty, and says so', async () => {
    broken = ['back'];
    await media.publish('camera', true);
    await expect(media.switchDevice('camera', 'back')).rejects.toMatchObject({ code: 'media-in-use' });
    expect(live()).toEqual([]);
    expect(slots).toEqual(['camera on', 'camera gone']);
    expect(media.get('camera')).toBeUndefined();
  });

  it('a track that was handed in is never stopped', async () => {
    most = 1;
    const given = new Track({});
    await media.publish('camera', given as object as MediaStreamTrack);
    await expect(media.switchDevice('camera', 'back')).rejects.toMatchObject({ code: 'media-in-use' });
    expect(given.live).toBe(true);
    expect(media.get('camera')?.track).toBe(given);
  });

  it('an empty slot: simply that device', async () => {
    await media.switchDevice('camera', 'back');
    expect(live()).toEqual(['back']);
  });

  it('muted stays muted', async () => {
    await media.publish('camera', true);
    media.mute('camera');
    const { track, muted } = await media.switchDevice('camera', 'back');
    expect([track.enabled, muted]).toEqual([false, true]);
  });
});

describe('a call that gives way', () => {
  it.each<[name: string, newer: () => Promise<unknown>]>([
    ['publish', () => media.publish('camera', true)],
    ['remove', () => media.remove('camera')],
    ['switchDevice', () => media.switchDevice('camera', 'back')],
  ])('to %s rejects with aborted', async (_, newer) => {
    const older = media.publish('camera', true);
    const [first] = await Promise.allSettled([older, newer()]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'aborted', stage: 'usage' } });
  });
});
