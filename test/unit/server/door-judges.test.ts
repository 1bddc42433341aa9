import { describe, expect, it } from 'vitest';
import { judgeAuthorization } from '../../../src/server/admit.js';
import { judgeOrigin } from '../../../src/server/origins.js';
import { mimeOf, placeOf } from '../../../src/server/static-files.js';

describe('judgeOrigin', () => {
  it.each([
    // origin, host, allowed -> passes
    [undefined, 'h', undefined, true],
    [undefined, 'h', [], true],
    ['https://h', 'h:8080', undefined, true],
    ['http://H:5173', 'h:8080', undefined, true],
    ['http://[::1]:1', '[::1]:2', undefined, true],
    ['https://evil.example', 'h', undefined, false],
    ['https://h.evil.example', 'h', undefined, false],
    ['https://evil.example', 'h', '*', true],
    ['null', 'h', undefined, false],
    ['null', undefined, undefined, false],
    ['https://a.example', 'h', ['https://a.example/'], true],
    ['https://A.example', 'h', ['https://a.example'], true],
    ['https://a.example:444', 'h', ['https://a.example'], false],
    ['http://a.example', 'h', ['https://a.example'], false],
    ['http://h', 'h', ['https://a.example'], false],
  ] as const)('%s to %s, allowed %j: %s', (origin, host, allowed, passes) => {
    expect(judgeOrigin(origin, host, allowed)).toBe(passes);
  });
});

describe('judgeAuthorization', () => {
  const asked = { room: 'r', peerId: 'p', attempt: 'client.1' };
  it.each([
    [true, asked],
    [{}, asked],
    [{ room: 'other' }, { ...asked, room: 'other' }],
    [{ peerId: 'p' }, asked],
    [{ peerId: 'q' }, { code: 4401, reason: 'not authorized for this peer id' }],
    [false, { code: 4401, reason: 'not authorized' }],
    [undefined, { code: 4401, reason: 'not authorized' }],
    [null, { code: 4401, reason: 'not authorized' }],
    ['yes', { code: 4401, reason: 'not authorized' }],
  ])('%j -> %j', (answer, admission) => expect(judgeAuthorization(answer as boolean, asked)).toEqual(admission));

  it('names a client that gave no name', () => {
    expect(judgeAuthorization({ peerId: 'q' }, { ...asked, peerId: '' })).toEqual({ ...asked, peerId: 'q' });
  });
});

describe('placeOf', () => {
  const folders = { '/': 'demo', '/dist/': 'dist', '/docs': 'docs' };
  it.each([
    ['/', { folder: 'demo', segments: [], isFolder: true }],
    ['/a.html', { folder: 'demo', segments: ['a.html'], isFolder: false }],
    ['/a/b/', { folder: 'demo', segments: ['a', 'b'], isFolder: true }],
    ['/a%20b', { folder: 'demo', segments: ['a b'], isFolder: false }],
    ['/dist/x.js', { folder: 'dist', segments: ['x.js'], isFolder: false }],
    ['/dist', { folder: 'dist', segments: [], isFolder: false }],
    ['/docs/', { folder: 'docs', segments: [], isFolder: true }],
    ['/distant', { folder: 'demo', segments: ['distant'], isFolder: false }],
    ['/../secret', undefined],
    ['/a/../../secret', undefined],
    ['/%2e%2e/secret', undefined],
    ['/..%2fsecret', undefined],
    ['/a%5c..%5csecret', undefined],
    ['/.env', undefined],
    ['/a//b', undefined],
    ['//a', undefined],
    ['/a%00.html', undefined],
    ['/c:/secret', undefined],
    ['/%', undefined],
    ['/%ff', undefined],
  ])('%s', (path, place) => expect(placeOf(path, folders)).toEqual(place));

  it('is nowhere without folders', () => expect(placeOf('/', {})).toBeUndefined());
});

describe('mimeOf', () => {
  it.each([
    ['a.html', 'text/html; charset=utf-8'],
    ['a.min.JS', 'text/javascript; charset=utf-8'],
    ['a.svg', 'image/svg+xml'],
    ['a', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
  ])('%s -> %s', (file, mime) => expect(mimeOf(file)).toBe(mime));
});
