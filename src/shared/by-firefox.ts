/** Whether this is Firefox, or the peer is: its descriptions name it in the origin. A closed connection, where Firefox throws, has none. */
export const byFirefox = (
  peer: RTCPeerConnection | undefined,
  whose: 'localDescription' | 'remoteDescription' = 'localDescription',
): boolean => peer?.signalingState !== 'closed' && /^o=mozilla/m.test(peer?.[whose]?.sdp ?? '');
