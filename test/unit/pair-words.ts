import type { ChannelData } from '../../src/channels/channel-options.js';
import type { DataChannel } from '../../src/channels/data-channel.js';
import { createSession } from '../../src/create-session.js';
import type { PeerSession } from '../../src/peer-session.js';
import { fakePlatform } from '../../src/testing/fake-platform.js';
import type { PairSide, SessionPair } from '../../src/testing/session-pair.js';
import type { SentMessage } from '../../src/testing/test-bus.js';

/** Everything that a channel hears, from now on. */
export function hearing(channel: DataChannel): ChannelData[] {
  const heard: ChannelData[] = [];
  channel.onMessage((data) => heard.push(data));
  return heard;
}

/** `bob joined`, `bob left`, ... as this side heard it. */
export const changesOf = (side: PairSide): string[] =>
  side.log.events.flatMap(({ type, event }) => (type === 'peerchange' ? [`${event.peerId} ${event.change}`] : []));

/** The codes of its warnings. */
export const warningsOf = (side: PairSide): string[] =>
  side.log.events.flatMap(({ type, event }) => (type === 'warning' ? [event.error.code] : []));

/** The states that it went through. */
export const statusesOf = (side: PairSide): string[] =>
  side.log.events.flatMap(({ type, event }) => (type === 'statechange' ? [event.state.status] : []));

/** Moves time until this side is in this state. */
export const untilStatus = (side: PairSide, status: string): Promise<unknown> =>
  side.clock.until(side.log.waitFor('statechange', ({ state }) => state.status === status));

/** Whether this message brings an offer. */
export const bringsOffer = ({ message }: SentMessage): boolean =>
  message.kind === 'offer' || (message.kind === 'hello' && message.offer !== undefined);

/** Another session on the bus of a pair. */
export function third(pair: SessionPair, peerId = 'carol', transport = pair.bus.transport): PeerSession {
  const platform = fakePlatform({ clock: pair.clock, network: pair.network });
  return createSession({ transport, peerId, platform });
}

/** A constructor of connections that fails: Chromium's, when a page has made some hundreds. */
export class NoMore {
  constructor() {
    throw new DOMException('Cannot create so many PeerConnections', 'UnknownError');
  }
}

/** Keeps the raw channels with this label that one side makes. */
export function spy({ platform }: PairSide, label: string, into: RTCDataChannel[]): void {
  const { prototype } = platform.PeerConnection;
  const { createDataChannel } = prototype;
  prototype.createDataChannel = function create(...given: Parameters<typeof createDataChannel>) {
    const made = createDataChannel.apply(this, given);
    if (made.label === label) into.push(made);
    return made;
  };
}
