import { beforeEach, describe, expect, it } from 'vitest';
import { createResume, type Resume } from '../../../src/channels/resume.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

let clock: Clock;

/** One end. What it writes waits on the wire until the test carries it. */
class End {
  wire: Uint8Array<ArrayBuffer>[] = [];
  readonly got: (string | ArrayBuffer)[] = [];
  room = 0;
  connected = false;
  resume: Resume;

  constructor() {
    this.resume = this.#build();
  }

  #build(): Resume {
    return createResume({
      platform: fakePlatform(clock),
      message: (data) => this.got.push(data),
      write: (bytes) => this.connected && this.wire.push(bytes) > 0,
      room: () => this.room++,
    });
  }

  /** The page is reloaded: everything is forgotten. */
  reload(): void {
    this.resume.detached();
    this.wire = [];
    this.connected = false;
    this.resume = this.#build();
  }
}

let a: End;
let b: End;

function connect(): void {
  for (const end of [a, b]) end.connected = true;
  for (const end of [a, b]) end.resume.opened();
}
/** The connection dies; what was on the wire is lost. */
function cut(): void {
  for (const end of [a, b]) {
    end.connected = false;
    end.wire = [];
    end.resume.detached();
  }
}
/** Carries frames both ways until nothing is left, or so many. */
function carry(limit = Number.POSITIVE_INFINITY): void {
  for (let n = 0; n < limit && a.wire.length + b.wire.length > 0; n++) {
    const [from, to] = a.wire.length > 0 ? [a, b] : [b, a];
    const bytes = from.wire.shift();
    if (bytes) to.resume.receive(bytes.buffer);
  }
}

beforeEach(() => {
  clock = new Clock();
  a = new End();
  b = new End();
});

describe('Resume', () => {
  it('text and bytes, whole, in order, empty ones too', () => {
    connect();
    const bytes = Uint8Array.from([0, 255, 128]);
    for (const data of ['one', bytes, '', 'größer 🙂', new Uint8Array()]) a.resume.push(data);
    carry();
    expect(b.got).toEqual(['one', bytes.buffer, '', 'größer 🙂', new ArrayBuffer(0)]);
  });

  it('a message of 1 MB travels in frames of at most 64 kB and comes whole', () => {
    connect();
    const big = new Uint8Array(1024 * 1024).map((_, i) => (i * 31) >> 3);
    a.resume.push(big);
    const frames = a.wire.filter(({ byteLength }) => byteLength > 5);
    expect(Math.max(...frames.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(65_536);
    expect(frames.length).toBeGreaterThan(16);
    carry();
    expect(b.got.length).toBe(1);
    expect(Buffer.from(b.got[0] as ArrayBuffer).equals(Buffer.from(big))).toBe(true);
  });

  it('what is pushed before a connection waits for it', () => {
    a.resume.push('early');
    connect();
    carry();
    expect(b.got).toEqual(['early']);
  });

  it('is acknowledged within 100 ms, and kept until then', async () => {
    connect();
    a.resume.push('one');
    carry();
    expect(a.resume.keptBytes).toBeGreaterThan(0);
    await clock.advance(100);
    carry();
    expect(a.resume.keptBytes).toBe(0);
    expect(a.room).toBeGreaterThan(0);
  });

  it('is full at 4 MB, and has room again when the peer has them', () => {
    connect();
    const chunk = new Uint8Array(256 * 1024);
    while (!a.resume.full) a.resume.push(chunk);
    expect(a.resume.keptBytes).toBeLessThan(5 * 1024 * 1024);
    const before = a.room;
    carry();
    expect(a.resume.full).toBe(false);
    expect(a.room).toBeGreaterThan(before);
  });

  it.each([0, 1, 2, 3, 5, 8, 13, 21])('cut after %s frames: nothing lost, nothing twice, the order kept', (frames) => {
    connect();
    carry();
    const names = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    for (const name of names.slice(0, 10)) a.resume.push(name);
    for (const name of names.slice(0, 10)) b.resume.push(`back ${name}`);
    carry(frames);
    cut();
    for (const name of names.slice(10, 15)) a.resume.push(name);
    connect();
    carry(frames);
    cut();
    connect();
    for (const name of names.slice(15)) a.resume.push(name);
    carry();
    expect(b.got).toEqual(names);
    expect(a.got).toEqual(names.slice(0, 10).map((name) => `back ${name}`));
  });

  // Chromium 156: who creates a channel hears messages on it before it hears that the channel is open.
  it.each([
    ['a first connection', false],
    ['a later one', true],
  ])('%s: all that the peer says comes before open, and the way back is not silent', (_, again) => {
    if (again) {
      connect();
      a.resume.push('old');
      b.resume.push('old back');
      carry();
      cut();
    }
    for (const end of [a, b]) end.connected = true;
    a.resume.push('early');
    a.resume.opened();
    // What the other hears before it is open it can answer to nobody yet.
    b.connected = false;
    carry();
    b.connected = true;
    b.resume.opened();
    b.resume.push('back');
    carry();
    a.resume.push('later');
    carry();
    expect(b.got).toEqual(again ? ['old', 'early', 'later'] : ['early', 'later']);
    expect(a.got).toEqual(again ? ['old back', 'back'] : ['back']);
  });

  it('cut in the middle of a large message', async () => {
    connect();
    carry();
    const big = 'x'.repeat(500_000);
    a.resume.push(big);
    carry(4);
    await clock.advance(100);
    carry(2);
    cut();
    connect();
    carry();
    expect(b.got).toEqual([big]);
  });

  it('the peer reloads: what it had not acknowledged goes to its next life', async () => {
    connect();
    a.resume.push('heard');
    carry();
    await clock.advance(100);
    carry();
    a.resume.push('unheard');
    cut();
    b.reload();
    expect(a.resume.restarted()).toBe(false);
    connect();
    a.resume.push('new');
    carry();
    expect(b.got).toEqual(['heard', 'unheard', 'new']);
    b.resume.push('from the next life');
    carry();
    expect(a.got).toEqual(['from the next life']);
  });

  it('the peer reloads in the middle of a message: its rest is dropped and counted', async () => {
    connect();
    carry();
    a.resume.push('y'.repeat(400_000));
    a.resume.push('after');
    carry(3);
    await clock.advance(100);
    for (const bytes of b.wire.splice(0)) a.resume.receive(bytes.buffer);
    cut();
    b.reload();
    expect(a.resume.restarted()).toBe(true);
    connect();
    carry();
    expect(b.got).toEqual(['after']);
  });

  it('nonsense from the wire does no harm', () => {
    connect();
    carry();
    for (const bytes of [[], [1], [1, 0, 0, 0, 9, 65], [1, 255, 255, 255, 255, 65], [128, 0, 0, 0, 0]]) {
      b.resume.receive(Uint8Array.from(bytes).buffer);
    }
    a.resume.push('one');
    carry();
    expect(b.got).toEqual(['one']);
  });
});
