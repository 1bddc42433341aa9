import { expect, it } from 'vitest';
import { RemoteCandidates } from '../../../src/ice/candidates.js';

it('what comes while held candidates are being added is added after them', async () => {
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
  await remote.add({ kind: 'candidates', of: 'o1', candidates });
  const applied = remote.applied('o1'); // not awaited by the connection either
  await remote.add({ kind: 'candidates', of: 'o1', candidates: [], done: true });
  await applied;
  expect(added).toEqual(['one', 'two', 'three', 'end']);
});
