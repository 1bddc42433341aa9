import { memory } from 'peer-session/transports';
import { describe, expect, it } from 'vitest';
import { message, Recorder } from './recorder.js';

describe('memory', () => {
  it('carries to everybody else, or to the one named', async () => {
    const bus = memory();
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((id) => new Recorder(id).connect(bus)));
    await a?.send({ reason: 'all' });
    await a?.send({ reason: 'for b', to: 'b' });
    await a?.send({ reason: 'last' });
    await Promise.all([b?.heard('last'), c?.heard('last')]);
    expect(b?.reasons).toEqual(['all', 'for b', 'last']);
    expect(c?.reasons).toEqual(['all', 'last']);
    expect(a?.reasons).toEqual([]);
  });

  it('delivers after the sender is done, as text of its own', async () => {
    const bus = memory();
    const a = await new Recorder('a').connect(bus);
    const b = await new Recorder('b').connect(bus);
    const sent = message('a', { reason: 'before' });
    void a.channel?.send(sent);
    expect(b.reasons).toEqual([]);
    Object.assign(sent, { reason: 'after' });
    await b.heard('before');
  });

  it('tells who is there before connect settles, and the others when somebody comes or goes', async () => {
    const bus = memory();
    const a = await new Recorder('a').connect(bus);
    expect(a.told).toEqual([{ what: 'peers', present: [] }]);
    const b = new Recorder('b');
    const opening = b.connect(bus);
    expect(b.told).toEqual([{ what: 'peers', present: ['a'] }]);
    await opening;
    await a.sees('b');
    a.told.length = 0;
    await b.close();
    await a.sees();
  });

  it('keeps two values apart', async () => {
    const a = await new Recorder('a').connect(memory());
    const b = await new Recorder('b').connect(memory());
    expect([a.told, b.told]).toEqual([[{ what: 'peers', present: [] }], [{ what: 'peers', present: [] }]]);
  });

  it('keeps the newer of two with one id', async () => {
    const bus = memory();
    const old = await new Recorder('a').connect(bus);
    const young = await new Recorder('a').connect(bus);
    const b = await new Recorder('b').connect(bus);
    await expect(old.lost()).resolves.toMatchObject({ code: 'peer-id-taken', retryable: false });
    await expect(old.send()).rejects.toMatchObject({ code: 'signaling-lost' });
    await old.close();
    await young.sees('b');
    await b.send({ reason: 'hello', to: 'a' });
    await young.heard('hello');
    expect(old.reasons).toEqual([]);
  });

  it('is silent after close, which may be said twice', async () => {
    const bus = memory();
    const a = await new Recorder('a').connect(bus);
    const b = await new Recorder('b').connect(bus);
    const c = await new Recorder('c').connect(bus);
    void a.channel?.send(message('a', { reason: 'on its way' }));
    void b.channel?.close();
    void b.channel?.close();
    await c.heard('on its way');
    expect(b.reasons).toEqual([]);
    await expect(b.send()).rejects.toMatchObject({ code: 'signaling-lost' });
  });

  it('refuses to open when aborted', async () => {
    const a = new Recorder('a');
    a.life.abort();
    await expect(a.connect(memory())).rejects.toMatchObject({ code: 'aborted' });
  });
});
