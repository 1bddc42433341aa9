import type { Sdp, SdpSection } from './sdp.js';

const AUDIO = [
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
];
const VIDEO = [
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 goog-remb',
  'a=rtcp-fb:96 transport-cc',
  'a=rtcp-fb:96 ccm fir',
  'a=rtcp-fb:96 nack',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
];
const FORMATS = { audio: '111 0 8', video: '96 97', application: 'webrtc-datachannel' } as const;

/** The order of lines is Chromium's (seen in 156); any order that RFC 8866 section 5 allows would do. */
function writeSection(section: SdpSection): string[] {
  const { kind } = section;
  const media = kind !== 'application';
  const port = section.rejected || section.bundleOnly ? 0 : 9;
  const lines = [
    `m=${kind} ${port} ${media ? 'UDP/TLS/RTP/SAVPF' : 'UDP/DTLS/SCTP'} ${FORMATS[kind]}`,
    'c=IN IP4 0.0.0.0',
    ...(media ? ['a=rtcp:9 IN IP4 0.0.0.0'] : []),
    ...section.candidates.map((candidate) => `a=${candidate}`),
    ...(section.endOfCandidates ? ['a=end-of-candidates'] : []),
  ];
  // RFC 9429 5.2.2 and 5.3.1: of a section with port 0 nothing matters but its kind and its place.
  if (section.rejected) return [...lines, ...(section.mid ? [`a=mid:${section.mid}`] : []), ...(media ? ['a=inactive'] : [])];
  lines.push(
    `a=ice-ufrag:${section.ufrag}`,
    `a=ice-pwd:${section.pwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${section.fingerprint}`,
    `a=setup:${section.setup}`,
    `a=mid:${section.mid}`,
  );
  if (section.bundleOnly) lines.push('a=bundle-only');
  if (!media) {
    lines.push('a=sctp-port:5000');
    if (section.maxMessageSize !== null) lines.push(`a=max-message-size:${section.maxMessageSize}`);
    return lines;
  }
  lines.push(...section.extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`), `a=${section.direction}`);
  if (section.trackId !== null) {
    const streams = section.streams.length > 0 ? section.streams : ['-'];
    lines.push(...streams.map((stream) => `a=msid:${stream} ${section.trackId}`));
  }
  lines.push('a=rtcp-mux', 'a=rtcp-rsize', ...(kind === 'audio' ? AUDIO : VIDEO));
  if (section.ssrc !== null) lines.push(`a=ssrc:${section.ssrc} cname:${section.ufrag}${section.ssrc}`);
  return lines;
}

/** Prints a description (RFC 8866, RFC 9429 5.2). */
export function writeSdp(sdp: Sdp): string {
  const lines = [
    'v=0',
    `o=${sdp.origin} ${sdp.sessionId} ${sdp.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    ...(sdp.bundle.length > 0 ? [`a=group:BUNDLE ${sdp.bundle.join(' ')}`] : []),
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS',
    ...sdp.sections.flatMap(writeSection),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
