import type { IceTimings } from './personality.js';

/** What `iceConnectionState` says of this state of ICE (webrtc-pc 4.4.3; Chromium 156 says `disconnected` for `failed`). */
export function iceConnectionStateOf(ice: RTCIceTransportState, timings: IceTimings): RTCIceConnectionState {
  return ice === 'failed' && !timings.tellsIceFailed ? 'disconnected' : ice;
}

/** webrtc-pc 4.3.3, RTCPeerConnectionState, for the one transport that BUNDLE leaves. */
export function connectionStateOf(ice: RTCIceTransportState, dtls: RTCDtlsTransportState): RTCPeerConnectionState {
  if (ice === 'failed' || dtls === 'failed') return 'failed';
  if (ice === 'disconnected') return 'disconnected';
  const idle = (state: string): boolean => state === 'new' || state === 'closed';
  if (idle(ice) && idle(dtls)) return 'new';
  const up = (state: string): boolean => state === 'connected' || state === 'completed' || state === 'closed';
  return up(ice) && up(dtls) ? 'connected' : 'connecting';
}
