import { expect, it } from 'vitest';
import { RemoteCandidates } from '../../../src/ice/candidates.js';

it('what comes while held candidates are being added is added after them', () => {
  const added: string[] = [];
  const peer = {
    remoteDescription: { type: 'offer', sdp: 'v=0\r\na=ice-ufrag:aaaa\r\n' },
    async addIceCandidate({ candidate }: RTCIceCandidateInit) {
      added.push(candidate === '' ? 'end' : `${candidate}`);
    },
  };
  const remote = new RemoteCandidates(peer as object as RTCPeerConnection);
  const candidates = ['one', 'two', 'three'].map((candidate) => ({
    candidate,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: 'aaaa',
  }));
  remote.add({ kind: 'candidates', of: 'o1', candidates });
  expect(added).toEqual([]);
  remote.applied('o1');
  remote.add({ kind: 'candidates', of: 'o1', candidates: [], done: true });
  expect(added).toEqual(['one', 'two', 'three', 'end']);
});
