import type { Extension, Sdp, SdpDirection, SdpSection } from './sdp.js';

/** A description that is no SDP, with the line where that was seen. */
export class SdpSyntaxError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

type Draft = { -readonly [K in keyof SdpSection]: SdpSection[K] };
type Session = Pick<Draft, 'ufrag' | 'pwd' | 'fingerprint' | 'setup'> & { direction: SdpDirection };

const DIRECTIONS: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const SETUPS: readonly string[] = ['actpass', 'active', 'passive'];

function isDirection(text: string): text is SdpDirection {
  return DIRECTIONS.includes(text);
}

function isSetup(text: string): text is SdpSection['setup'] {
  return SETUPS.includes(text);
}

/** Attributes that may stand in a section or, for all sections, at the top (RFC 8839 5.4, RFC 8122 5, RFC 4145 4). */
function readCommon(target: Session | Draft, name: string, value: string): boolean {
  if (name === 'ice-ufrag') target.ufrag = value;
  else if (name === 'ice-pwd') target.pwd = value;
  else if (name === 'fingerprint') target.fingerprint = value.split(' ')[1] ?? '';
  else if (name === 'setup' && isSetup(value)) target.setup = value;
  else if (isDirection(name)) target.direction = name;
  else return false;
  return true;
}

function readAttribute(section: Draft, name: string, value: string): void {
  if (readCommon(section, name, value)) return;
  if (name === 'mid') section.mid = value;
  else if (name === 'candidate') section.candidates = [...section.candidates, `candidate:${value}`];
  else if (name === 'end-of-candidates') section.endOfCandidates = true;
  else if (name === 'bundle-only') section.bundleOnly = true;
  else if (name === 'max-message-size') section.maxMessageSize = Number(value);
  else if (name === 'ssrc') section.ssrc ??= Number(value.split(' ')[0]);
  else if (name === 'msid') {
    const [stream = '-', track] = value.split(' ');
    if (stream !== '-' && !section.streams.includes(stream)) section.streams = [...section.streams, stream];
    section.trackId = track ?? section.trackId ?? '';
  } else if (name === 'extmap') {
    const [id = '', uri = ''] = value.split(' ');
    const extension: Extension = { id: Number.parseInt(id, 10), uri };
    section.extensions = [...section.extensions, extension];
  }
}

function startSection(value: string, session: Session, line: number): Draft {
  const [kind, port] = value.split(' ');
  if ((kind !== 'audio' && kind !== 'video' && kind !== 'application') || !/^\d+$/.test(port ?? '')) {
    throw new SdpSyntaxError(`Not a media section: m=${value}`, line);
  }
  return {
    ...session,
    kind,
    mid: '',
    rejected: port === '0',
    bundleOnly: false,
    streams: [],
    trackId: null,
    extensions: [],
    ssrc: null,
    maxMessageSize: null,
    candidates: [],
    endOfCandidates: false,
  };
}

/** Reads a description, ours or a browser's. Unknown lines are skipped (RFC 8866 section 5). */
export function parseSdp(text: string): Sdp {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== 'v=0') throw new SdpSyntaxError('Expect line: v=0', 1);
  const session: Session = { ufrag: '', pwd: '', fingerprint: '', setup: 'actpass', direction: 'sendrecv' };
  const sections: Draft[] = [];
  let origin: string[] = [];
  let bundle: string[] = [];
  let trickle = false;
  lines.forEach((line, index) => {
    if (line === '') return;
    const match = /^([a-z])=(.*)$/.exec(line);
    if (!match) throw new SdpSyntaxError(`Invalid SDP line: ${line.slice(0, 80)}`, index + 1);
    const [, letter = '', value = ''] = match;
    const section = sections.at(-1);
    if (letter === 'm') sections.push(startSection(value, session, index + 1));
    else if (letter === 'o' && !section) origin = value.split(' ');
    else if (letter === 'a') {
      const colon = value.indexOf(':');
      const name = colon < 0 ? value : value.slice(0, colon);
      const rest = colon < 0 ? '' : value.slice(colon + 1).trim();
      if (name === 'ice-options' && rest.split(' ').includes('trickle')) trickle = true;
      else if (name === 'group' && rest.startsWith('BUNDLE')) bundle = rest.split(' ').slice(1).filter(Boolean);
      else if (section) readAttribute(section, name, rest);
      else readCommon(session, name, rest);
    }
  });
  if (origin.length < 6) throw new SdpSyntaxError('Expect line: o=', 2);
  // RFC 9143 6: port 0 with `a=bundle-only` is alive.
  for (const section of sections) if (section.bundleOnly) section.rejected = false;
  return { origin: origin[0] ?? '-', sessionId: origin[1] ?? '0', version: Number(origin[2]), bundle, trickle, sections };
}
