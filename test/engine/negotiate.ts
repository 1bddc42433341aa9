import type { Environment } from './environment.js';
import { reaches } from './observe.js';

/** An offer in force, made in two steps: engines without an argument-less `setLocalDescription` can do it too. */
export async function offerOf(pc: RTCPeerConnection, options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
  await pc.setLocalDescription(await pc.createOffer(options));
  return described(pc);
}

/** An answer in force. */
export async function answerOf(pc: RTCPeerConnection): Promise<RTCSessionDescriptionInit> {
  await pc.setLocalDescription(await pc.createAnswer());
  return described(pc);
}

/** The local description, as it stands now. */
export function described(pc: RTCPeerConnection): RTCSessionDescriptionInit {
  const { localDescription } = pc;
  if (!localDescription) throw new Error('There is no local description.');
  return { type: localDescription.type, sdp: localDescription.sdp };
}

/** One round of offer and answer. */
export async function negotiate(from: RTCPeerConnection, to: RTCPeerConnection, options?: RTCOfferOptions): Promise<void> {
  await to.setRemoteDescription(await offerOf(from, options));
  await from.setRemoteDescription(await answerOf(to));
}

/** Sends each candidate to the other side, as soon as its description is there. */
export function trickle(from: RTCPeerConnection, to: RTCPeerConnection): void {
  let held: RTCIceCandidate[] = [];
  const flush = (): void => {
    const known = to.remoteDescription?.sdp ?? '';
    const due = held.filter(({ usernameFragment }) => known.includes(`a=ice-ufrag:${usernameFragment}\r`));
    held = held.filter((candidate) => !due.includes(candidate));
    for (const candidate of due) void to.addIceCandidate(candidate).catch(() => undefined);
  };
  from.addEventListener('icecandidate', ({ candidate }) => {
    if (!candidate) return;
    held.push(candidate);
    flush();
  });
  to.addEventListener('signalingstatechange', flush);
}

export interface Pair {
  readonly a: RTCPeerConnection;
  readonly b: RTCPeerConnection;
}

/** Two connections whose candidates reach each other. Capture was allowed, so that addresses are real ones. */
export async function pairOf(env: Environment, configuration?: RTCConfiguration): Promise<Pair> {
  await env.capture({ audio: true });
  const a = env.connection(configuration);
  const b = env.connection(configuration);
  trickle(a, b);
  trickle(b, a);
  return { a, b };
}

/** Negotiates and waits for the path. */
export async function connect({ a, b }: Pair): Promise<void> {
  await negotiate(a, b);
  await Promise.all([reaches(a, 'connected'), reaches(b, 'connected')]);
}

/** Two connections with an open channel between them. */
export async function channelPair(
  env: Environment,
  init: RTCDataChannelInit = {},
): Promise<Pair & { readonly near: RTCDataChannel; readonly far: RTCDataChannel }> {
  const pair = await pairOf(env);
  const near = pair.a.createDataChannel('talk', init);
  const far = new Promise<RTCDataChannel>((resolve) => {
    if (init.negotiated) resolve(pair.b.createDataChannel('talk', init));
    else pair.b.addEventListener('datachannel', ({ channel }) => resolve(channel), { once: true });
  });
  const open = new Promise<void>((resolve) => near.addEventListener('open', () => resolve(), { once: true }));
  await negotiate(pair.a, pair.b);
  await open;
  const other = await far;
  if (other.readyState === 'connecting') await new Promise<void>((resolve) => other.addEventListener('open', () => resolve()));
  return { ...pair, near, far: other };
}

/** Some lines of a description. */
export function lines(description: { sdp?: string | undefined } | null, pattern: RegExp): string[] {
  return (description?.sdp ?? '').split('\r\n').filter((line) => pattern.test(line));
}

/** The media sections of a description: kind and port. */
export const mlines = (description: { sdp?: string | undefined } | null): string[] =>
  lines(description, /^m=/).map((line) => line.slice(2).split(' ', 2).join(' '));

export const ufragOf = (description: { sdp?: string | undefined } | null): string =>
  lines(description, /^a=ice-ufrag:/)[0]?.slice(12) ?? '';

export const setupOf = (description: { sdp?: string | undefined } | null): string =>
  lines(description, /^a=setup:/)[0]?.slice(8) ?? '';
