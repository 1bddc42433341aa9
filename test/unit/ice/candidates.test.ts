import { beforeEach, describe, expect, it } from 'vitest';
import { LocalCandidates, RemoteCandidates } from '../../../src/ice/candidates.js';
import type { Candidate, CandidatesBody } from '../../../src/signaling/message.js';
import { Clock } from '../../../src/testing/clock.js';
import { fakePlatform } from '../fake-platform.js';

const candidate = (port: number, ufrag: string | null = 'aaaa'): Candidate => ({
  candidate: `candidate:1 1 udp 2122260223 192.0.2.1 ${port} typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: ufrag,
});
const portOf = ({ candidate: text }: { candidate?: string | undefined }): string => (text ? (text.split(' ')[5] ?? '') : 'end');
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('LocalCandidates', () => {
  let clock: Clock;
  let said: CandidatesBody[];
  let local: LocalCandidates;

  beforeEach(() => {
    clock = new Clock();
    said = [];
    local = new LocalCandidates(
      fakePlatform(clock),
      ({ candidate: text }) => !text.includes(' 6666 '),
      (body) => said.push(body),
    );
  });

  const words = (): string[] =>
    said.map(({ of, candidates, done }) => `${of}: ${candidates.map(portOf).join()}${done ? ' end' : ''}`);

  it('waits for its description, then tells all at once', () => {
    local.add(candidate(1));
    local.add(candidate(2));
    expect(words()).toEqual([]);
    local.described('o1');
    expect(words()).toEqual(['o1: 1,2']);
  });

  it('the first leaves at once, those within 20 ms follow together', async () => {
    local.described('o1');
    local.add(candidate(1));
    local.add(candidate(2));
    local.add(candidate(3));
    expect(words()).toEqual(['o1: 1']);
    await clock.advance(20);
    expect(words()).toEqual(['o1: 1', 'o1: 2,3']);
    await clock.advance(20);
    local.add(candidate(4));
    expect(words()).toEqual(['o1: 1', 'o1: 2,3', 'o1: 4']);
  });

  it('what a server found leaves at once, with what waits', () => {
    local.described('o1');
    local.add(candidate(1));
    local.add(candidate(2));
    local.add({ ...candidate(3), candidate: 'candidate:2 1 udp 1686052607 203.0.113.7 3 typ srflx raddr 0.0.0.0 rport 0' });
    expect(words()).toEqual(['o1: 1', 'o1: 2,3']);
  });

  it('the end of gathering travels with the last batch, once', async () => {
    local.described('o1');
    local.add(candidate(1));
    local.add(candidate(2));
    local.add({ candidate: '', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null }); // Firefox: the end of one section
    local.add(null);
    await clock.advance(1_000);
    expect(words()).toEqual(['o1: 1', 'o1: 2 end']);
  });

  it('an end without candidates is told too', () => {
    local.described('o1');
    local.add(null);
    expect(words()).toEqual(['o1:  end']);
  });

  it('long lists travel in messages of at most 50, the end with the last', async () => {
    for (let port = 1; port <= 120; port++) local.add(candidate(port));
    local.add(null);
    local.described('o1');
    await clock.advance(1_000);
    expect(said.map(({ candidates }) => candidates.length)).toEqual([50, 50, 20]);
    expect(said.map(({ done }) => done === true)).toEqual([false, false, true]);
  });

  it('what the filter refuses is found, and not told', () => {
    local.described('o1');
    local.add(candidate(6666));
    expect(words()).toEqual([]);
    expect(local.found.length).toBe(1);
  });

  it('a closed one says nothing', async () => {
    local.described('o1');
    local.add(candidate(1));
    local.add(candidate(2));
    local.close();
    local.add(candidate(3));
    await clock.advance(1_000);
    expect(words()).toEqual(['o1: 1']);
    expect(clock.pending).toBe(0);
  });
});

describe('RemoteCandidates', () => {
  let added: RTCIceCandidateInit[];
  let sdp: string;
  let fail: boolean;
  let remote: RemoteCandidates;
  const ports = (): string[] => added.map(portOf);

  beforeEach(() => {
    added = [];
    sdp = 'v=0\r\na=ice-ufrag:aaaa\r\n';
    fail = false;
    const peer = {
      get remoteDescription() {
        return { type: 'offer', sdp };
      },
      async addIceCandidate(init: RTCIceCandidateInit) {
        added.push(init);
        if (fail) throw new DOMException('bad candidate', 'OperationError');
      },
    };
    remote = new RemoteCandidates(peer as Partial<RTCPeerConnection> as RTCPeerConnection);
  });

  const hear = (of: string, candidates: Candidate[], done = false): void =>
    remote.add({ kind: 'candidates', of, candidates, done });

  it('holds what comes before its description, in order, and adds it then', () => {
    hear('o1', [candidate(1), candidate(2)]);
    expect(ports()).toEqual([]);
    remote.applied('o1');
    expect(ports()).toEqual(['1', '2']);
    hear('o1', [candidate(3)]);
    expect(ports()).toEqual(['1', '2', '3']);
  });

  it('adds each once', () => {
    remote.applied('o1');
    hear('o1', [candidate(1), candidate(1)]);
    hear('o1', [candidate(1)]);
    expect(ports()).toEqual(['1']);
  });

  it('what belongs to another description waits for that one', () => {
    remote.applied('o1');
    hear('o2', [candidate(1)]);
    expect(ports()).toEqual([]);
    remote.applied('o2');
    expect(ports()).toEqual(['1']);
  });

  it('the ufrag counts: a candidate of the next generation waits until that generation is there', () => {
    remote.applied('o1');
    hear('o1', [candidate(1, 'bbbb')]);
    expect(ports()).toEqual([]);
    sdp = 'v=0\r\na=ice-ufrag:bbbb\r\n';
    remote.applied('o2');
    expect(ports()).toEqual(['1']);
  });

  it('the ufrag in the text counts where the field is missing, and is put into the field', () => {
    remote.applied('o1');
    const text = `${candidate(1).candidate} generation 0 ufrag aaaa network-id 1`;
    hear('o1', [{ candidate: text, sdpMLineIndex: 0 }]);
    expect(added).toEqual([{ candidate: text, sdpMLineIndex: 0, usernameFragment: 'aaaa' }]);
    hear('o1', [{ ...candidate(2, null), candidate: text.replace('aaaa', 'zzzz') }]);
    expect(added.length).toBe(1);
  });

  it('the end follows the last candidate', () => {
    hear('o1', [candidate(1), candidate(2)], true);
    remote.applied('o1');
    expect(ports()).toEqual(['1', '2', 'end']);
  });

  it('one bad candidate ends nothing', async () => {
    remote.applied('o1');
    fail = true;
    hear('o1', [candidate(1), candidate(2)]);
    await settle(); // a rejection that nobody takes would fail the run
    expect(ports()).toEqual(['1', '2']);
  });

  it('is bounded: held and added ones', async () => {
    hear(
      'o1',
      Array.from({ length: 100 }, (_, i) => candidate(i)),
    );
    for (let n = 1; n < 10; n++)
      hear(
        'o1',
        Array.from({ length: 100 }, (_, i) => candidate(n * 100 + i)),
      );
    remote.applied('o1');
    expect(added.length).toBe(300);
    for (let n = 10; n < 20; n++)
      hear(
        'o1',
        Array.from({ length: 100 }, (_, i) => candidate(n * 100 + i)),
      );
    await settle();
    expect(added.length).toBeLessThanOrEqual(302);
  });
});
