import { beforeEach, describe, expect, it } from 'vitest';
import { LocalMedia } from '../../../src/media/local-media.js';
import type { Platform } from '../../../src/platform.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

/** A track that knows whether it was stopped, and a stream of such. */
class Track extends EventTarget {
  enabled = true;
  stopped = false;
  constructor(
    readonly kind: 'audio' | 'video',
    readonly id: string,
  ) {
    super();
  }
  stop(): void {
    this.stopped = true;
  }
  get real(): MediaStreamTrack {
    return this as object as MediaStreamTrack;
  }
}
const streamOf = (...tracks: Track[]): MediaStream => ({ getTracks: () => tracks }) as object as MediaStream;
const camera = (id = 'c'): Track => new Track('video', id);
const microphone = (id = 'm'): Track => new Track('audio', id);

type Ask = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

let ask: Ask;
let askScreen: Ask;
let asked: MediaStreamConstraints[];
let changed: string[];
let warnings: string[];
let media: LocalMedia;

function build(parts: Partial<Platform> = {}): LocalMedia {
  const mediaDevices = {
    getUserMedia(constraints: MediaStreamConstraints) {
      asked.push(constraints);
      return ask(constraints);
    },
    getDisplayMedia: (constraints: MediaStreamConstraints) => askScreen(constraints),
  } as object as MediaDevices;
  return new LocalMedia({
    platform: fakePlatform(new Clock(), { mediaDevices, ...parts }),
    changed: (name, slot, kind) =>
      changed.push(`${name} ${kind} ${slot ? `${slot.track.id}${slot.muted ? ' muted' : ''}` : 'gone'}`),
    warn: ({ code }) => warnings.push(code),
  });
}

beforeEach(() => {
  asked = [];
  changed = [];
  warnings = [];
  ask = () => Promise.reject(new Error('nobody should ask'));
  askScreen = ask;
  media = build();
});

describe('why capture fails', () => {
  const failures: readonly (readonly [name: string, code: string])[] = [
    ['NotAllowedError', 'media-denied'],
    ['SecurityError', 'media-denied'],
    ['NotFoundError', 'media-not-found'],
    ['NotReadableError', 'media-in-use'],
    ['AbortError', 'media-in-use'],
    ['OverconstrainedError', 'media-constraints'],
    ['TypeError', 'media-constraints'],
    ['SomethingNewError', 'media-failed'],
  ];

  it.each(failures)('%s -> %s', async (name, code) => {
    const cause = Object.assign(new Error('said the browser'), { name });
    ask = () => Promise.reject(cause);
    await expect(media.publish('camera', true)).rejects.toMatchObject({ code, stage: 'fetching', cause });
    expect(media.list()).toEqual([]);
    expect(changed).toEqual([]);
  });

  it('names the constraint that cannot be met', async () => {
    ask = () => Promise.reject(Object.assign(new Error(''), { name: 'OverconstrainedError', constraint: 'width' }));
    await expect(media.publish('camera', { width: { exact: 9 } })).rejects.toThrow(/"width"/);
  });

  it.each([
    ['an insecure page', false, 'media-insecure'],
    ['no devices at all', true, 'unsupported'],
  ])('%s -> %s', async (_, secure, code) => {
    media = build({ mediaDevices: undefined, secure });
    await expect(media.publish('camera', true)).rejects.toMatchObject({ code });
  });
});

describe('slots', () => {
  it('fetches by the name: sound for microphone and …audio, else a picture', async () => {
    ask = async ({ audio }) => streamOf(audio ? microphone() : camera());
    await media.publish('microphone', true);
    await media.publish('camera', { width: 640 });
    await media.publish('room-audio', true);
    expect(asked).toEqual([{ audio: true }, { video: { width: 640 } }, { audio: true }]);
    expect(changed).toEqual(['microphone audio m', 'camera video c', 'room-audio audio m']);
    expect(media.get('camera')).toMatchObject({ name: 'camera', muted: false, owned: true });
  });

  it('a track that is handed in is not stopped, one that was fetched is', async () => {
    const [given, fetched] = [camera('given'), camera('fetched')];
    await media.publish('camera', given.real);
    ask = async () => streamOf(fetched);
    await media.publish('camera', true);
    expect(given.stopped).toBe(false);
    await media.remove('camera');
    expect(fetched.stopped).toBe(true);
    expect(changed).toEqual(['camera video given', 'camera video fetched', 'camera video gone']);
    await media.remove('camera');
    expect(changed.length).toBe(3);
  });

  it('of two wishes for one slot the later wins, whichever is answered first', async () => {
    const answers: ((stream: MediaStream) => void)[] = [];
    ask = () => new Promise((resolve) => answers.push(resolve));
    const [first, second] = [media.publish('camera', true).catch(() => 'gave way'), media.publish('camera', true)];
    const [early, late] = [camera('early'), camera('late')];
    answers[1]?.(streamOf(late));
    expect((await second).track.id).toBe('late');
    answers[0]?.(streamOf(early));
    expect(await first).toBe('gave way');
    expect(early.stopped).toBe(true);
    expect(late.stopped).toBe(false);
    expect(media.get('camera')?.track.id).toBe('late');
  });

  it('what was removed while it was being fetched does not come', async () => {
    let answer = (_: MediaStream): void => {};
    ask = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const published = media.publish('camera', true).catch(() => 'gave way');
    await media.remove('camera');
    const track = camera();
    answer(streamOf(track));
    expect(await published).toBe('gave way');
    expect(track.stopped).toBe(true);
    expect(media.list()).toEqual([]);
  });

  it('an aborted wish rejects at once, and its track is stopped when it comes', async () => {
    let answer = (_: MediaStream): void => {};
    ask = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const abort = new AbortController();
    const published = media.publish('camera', true, { signal: abort.signal });
    abort.abort();
    await expect(published).rejects.toMatchObject({ code: 'aborted' });
    const track = camera();
    answer(streamOf(track));
    await new Promise((resolve) => setImmediate(resolve));
    expect(track.stopped).toBe(true);
  });

  it('mute and unmute: once each, kept over a new track', async () => {
    const [one, two] = [camera('one'), camera('two')];
    await media.publish('camera', one.real);
    media.mute('camera');
    media.mute('camera');
    expect(one.enabled).toBe(false);
    await media.publish('camera', two.real);
    expect(two.enabled).toBe(false);
    media.unmute('camera');
    expect(two.enabled).toBe(true);
    expect(changed).toEqual(['camera video one', 'camera video one muted', 'camera video two muted', 'camera video two']);
    media.mute('nothing');
    expect(changed.length).toBe(4);
  });

  it('a track that ends by itself leaves its slot: with a warning, a screen without', async () => {
    const track = camera();
    await media.publish('camera', track.real);
    track.dispatchEvent(new Event('ended'));
    expect(media.get('camera')).toBeUndefined();
    expect(warnings).toEqual(['media-ended']);
    askScreen = async () => streamOf(camera('s'), microphone('sa'));
    const screen = await media.shareScreen();
    expect(media.list().map(({ name }) => name)).toEqual(['screen', 'screen-audio']);
    screen.track.dispatchEvent(new Event('ended'));
    expect(media.list()).toEqual([]);
    expect(warnings).toEqual(['media-ended']);
  });

  it('close() stops what is owned, and nothing can be published afterwards', async () => {
    const [given, fetched] = [microphone('given'), camera('fetched')];
    ask = async () => streamOf(fetched);
    await media.publish('camera', true);
    await media.publish('microphone', given.real);
    media.close();
    expect([given.stopped, fetched.stopped]).toEqual([false, true]);
    await expect(media.publish('camera', true)).rejects.toMatchObject({ code: 'closed' });
    await expect(media.publish('microphone', given.real)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('publishAll', () => {
  it('constraints: both at once, in their slots', async () => {
    ask = async () => streamOf(microphone(), camera());
    await media.publishAll({ audio: true, video: true });
    expect(asked).toEqual([{ audio: true, video: true }]);
    expect(media.list().map(({ name, owned }) => [name, owned])).toEqual([
      ['microphone', true],
      ['camera', true],
    ]);
  });

  it('a stream: by kind, not owned', async () => {
    await media.publishAll(streamOf(camera(), microphone()));
    expect(media.list().map(({ name, owned }) => [name, owned])).toEqual([
      ['camera', false],
      ['microphone', false],
    ]);
  });

  it('tracks by name: as named', async () => {
    await media.publishAll({ board: camera().real, voice: microphone().real });
    expect(media.list().map(({ name }) => name)).toEqual(['board', 'voice']);
  });
});
