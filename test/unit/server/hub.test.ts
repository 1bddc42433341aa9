import { createHub } from 'peer-session/server';
import { describe, expect, it } from 'vitest';
import { HubClient } from './hub-client.js';

describe('createHub', () => {
  it('welcomes with room, id and the others, and tells these', () => {
    const hub = createHub();
    const a = new HubClient().join(hub, 'a');
    const b = new HubClient().join(hub, 'b');
    expect(a.heard).toEqual([
      { type: 'welcome', room: 'room', peerId: 'a', peers: [] },
      { type: 'peers', peers: ['b'] },
    ]);
    expect(b.heard).toEqual([{ type: 'welcome', room: 'room', peerId: 'b', peers: ['a'] }]);
    b.member.closed();
    b.member.closed();
    expect(a.present).toEqual([]);
    expect(a.heard).toHaveLength(3);
  });

  it('forwards to the one named, or to the room, and never back', () => {
    const hub = createHub();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => new HubClient().join(hub, id)) as [HubClient, HubClient, HubClient];
    const stranger = new HubClient().join(hub, 'b', 'another room');
    const before = [a, b, c, stranger].map(({ heard }) => heard.length);
    a.say({ v: 1, kind: 'bye', to: 'b' });
    a.say({ v: 1, kind: 'hello' });
    expect([a, b, c, stranger].map(({ heard }, i) => heard.length - (before[i] ?? 0))).toEqual([0, 2, 1, 0]);
    expect(b.heard.slice(-2)).toEqual([
      { v: 1, kind: 'bye', to: 'b', from: 'a' },
      { v: 1, kind: 'hello', from: 'a' },
    ]);
  });

  it('stamps the sender itself, and leaves the rest as it is', () => {
    const hub = createHub();
    const a = new HubClient().join(hub, 'a');
    const b = new HubClient().join(hub, 'b');
    a.say('{"from":"b","from":"c","offer":{"from":"x","sdp":"v=0\\r\\n"},"__proto__":{"from":"p"},"n":[1,null,"\\u2028"]}');
    expect(JSON.stringify(b.last)).toBe(
      '{"from":"a","offer":{"from":"x","sdp":"v=0\\r\\n"},"__proto__":{"from":"p"},"n":[1,null,"\u2028"]}',
    );
    expect(a.errors).toEqual([]);
  });

  it('answers a ping, and takes a pong', () => {
    const a = new HubClient().join(createHub(), 'a');
    a.say({ type: 'ping' });
    a.say({ type: 'pong' });
    expect(a.heard.slice(1)).toEqual([{ type: 'pong' }]);
  });

  it.each([
    ['an older attempt of the same client', 'client.3', 'client.2', 4410],
    ['a newer attempt of the same client', 'client.3', 'client.4', undefined],
    ['the first attempt of a reloaded page', 'client.3', 'another.1', undefined],
    ['a client that does not count', 'client.3', '', undefined],
    ['nonsense', 'client.3', 'client.x', undefined],
    ['a client after one that does not count', '', 'client.1', undefined],
  ])('%s comes to a place that is taken', (_, present, late, code) => {
    const hub = createHub();
    const there = new HubClient().join(hub, 'a', 'room', present);
    const comes = new HubClient().join(hub, 'a', 'room', late);
    expect(comes.closedWith?.[0]).toBe(code);
    expect(there.closedWith?.[0]).toBe(code === undefined ? 4409 : undefined);
    expect(hub.stats()).toEqual({ rooms: 1, peers: 1 });
  });

  it('keeps the newest of those with one peer id', () => {
    const hub = createHub();
    const old = new HubClient().join(hub, 'a');
    const b = new HubClient().join(hub, 'b');
    const young = new HubClient().join(hub, 'a');
    expect(old.closedWith).toEqual([4409, 'replaced by a newer connection with the same peer id']);
    expect([young.present, b.present, hub.stats()]).toEqual([['b'], ['a'], { rooms: 1, peers: 2 }]);
    old.say({ v: 1, kind: 'bye' });
    old.member.closed();
    expect(b.last).toEqual({ type: 'peers', peers: ['a'] });
    b.say({ v: 1, kind: 'hello', to: 'a' });
    expect(young.last).toEqual({ v: 1, kind: 'hello', to: 'a', from: 'b' });
  });

  it.each([
    ['not JSON', '{', 'bad-message'],
    ['no object', '7', 'bad-message'],
    ['null', 'null', 'bad-message'],
    ['a list', '[{}]', 'bad-message'],
    ['an address that is no text', '{"to":{"a":1}}', 'bad-message'],
    ['null for an address', '{"to":null}', 'bad-message'],
    ['a frame of its own making', '{"type":"peers","peers":["mallory"]}', 'bad-message'],
    ['an inherited name for an address', '{"to":"__proto__"}', 'unknown-peer'],
    ['somebody who is not there', '{"to":"nobody"}', 'unknown-peer'],
  ])('tells the sender of %s, and nobody else', (_, text, code) => {
    const hub = createHub();
    const a = new HubClient().join(hub, 'a');
    const b = new HubClient().join(hub, 'b');
    const before = b.heard.length;
    a.say(text);
    expect(a.errors).toEqual([code]);
    expect(a.last?.['message']).toEqual(expect.any(String));
    expect(b.heard.length).toBe(before);
    a.say({ v: 1, kind: 'hello' });
    expect(b.last).toEqual({ v: 1, kind: 'hello', from: 'a' });
  });

  it('survives an endless nest', () => {
    const hub = createHub();
    const a = new HubClient().join(hub, 'a');
    const b = new HubClient().join(hub, 'b');
    const before = b.heard.length;
    a.say(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
    // Newer engines write a nest of any depth, and then it is a message like any other.
    expect(a.errors.length + (b.heard.length - before)).toBe(1);
    expect([a.closedWith, b.closedWith]).toEqual([undefined, undefined]);
  });

  it('takes text only', () => {
    const a = new HubClient().join(createHub(), 'a');
    for (const data of [new ArrayBuffer(4), new Uint8Array(4), null, undefined, 7]) a.member.receive(data);
    expect(a.errors).toEqual(Array(5).fill('bad-message'));
  });

  it.each([
    ['', 'a'],
    ['room', ''],
    ['x'.repeat(129), 'a'],
    ['room', 'x'.repeat(129)],
    ['ro\nom', 'a'],
    ['room', 'a\0'],
    ['room', ' a'],
    ['room', 'a '],
    ['room', '\u202ea'],
    ['room', '\ud800'],
    ['room', undefined as never],
  ])('refuses the room %j with the peer %j', (room, peerId) => {
    const hub = createHub();
    const a = new HubClient().join(hub, peerId, room);
    expect(a.closedWith?.[0]).toBe(4400);
    a.say({ v: 1, kind: 'hello' });
    a.member.closed();
    expect(hub.stats()).toEqual({ rooms: 0, peers: 0 });
  });

  it.each(['a', 'ä b', 'アリス', '🦊', 'a@b.example/c?d=1#e', '__proto__', 'x'.repeat(128)])('takes the name %j', (name) => {
    const hub = createHub();
    expect(new HubClient().join(hub, name, name).closedWith).toBeUndefined();
    expect(new HubClient().join(hub, 'other', name).present).toEqual([name]);
  });

  it('closes everybody, and whoever comes later', () => {
    const hub = createHub();
    const clients = ['a', 'b', 'c'].map((id) => new HubClient().join(hub, id));
    hub.close(1012, 'the server restarts');
    clients.push(new HubClient().join(hub, 'd'));
    expect(clients.map(({ closedWith }) => closedWith)).toEqual(Array(4).fill([1012, 'the server restarts']));
    expect(clients[2]?.heard).toHaveLength(1);
    expect(hub.stats()).toEqual({ rooms: 0, peers: 0 });
  });

  it('survives sockets that throw', () => {
    const hub = createHub();
    const broken = (): never => {
      throw new Error('InvalidStateError');
    };
    hub.join({ send: broken, close: broken }, { room: 'room', peerId: 'broken' });
    hub.join({ send: broken, close: broken }, { room: '', peerId: 'broken' });
    const a = new HubClient().join(hub, 'a');
    a.say({ v: 1, kind: 'hello' });
    hub.join({ send: broken, close: broken }, { room: 'room', peerId: 'broken' });
    expect(a.closedWith).toBeUndefined();
    expect(hub.stats().peers).toBe(2);
  });

  it('keeps nothing of thousands who came and went', () => {
    const hub = createHub();
    const stays = new HubClient().join(hub, 'stays', 'room 0');
    for (let i = 0; i < 5_000; i++) {
      const client = new HubClient().join(hub, `peer ${i % 50}`, `room ${i % 7}`);
      if (i % 3 === 0) new HubClient().join(hub, `peer ${i % 50}`, `room ${i % 7}`).member.closed();
      client.member.closed();
    }
    expect(hub.stats()).toEqual({ rooms: 1, peers: 1 });
    expect(stays.present).toEqual([]);
  });
});
