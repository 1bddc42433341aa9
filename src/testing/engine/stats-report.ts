import type { CandidatePair, RemoteCandidate } from './candidate-pair.js';
import type { EngineContext } from './engine-context.js';
import type { LocalCandidate } from './ice-gatherer.js';
import type { PeerState } from './peer-state.js';
import type { PeerTransports } from './peer-transports.js';
import { receives, sends } from './sdp.js';

type Entry = { readonly id: string; readonly type: RTCStatsType; readonly timestamp: number; readonly [field: string]: unknown };

/** webrtc-pc 8.3: a read-only map. Entries without the fields that an engine does not give (CORRECTNESS 8.1). */
export class FakeStatsReport extends Map<string, Entry> {}

/** Time origin of the report's timestamps, so that they look like those of a browser (webrtc-stats 7.1). */
const EPOCH_MS = 1_700_000_000_000;

function candidateEntry(
  candidate: LocalCandidate | RemoteCandidate,
  type: 'local-candidate' | 'remote-candidate',
  timestamp: number,
): Entry {
  const { fields } = candidate;
  const hidden = fields.address.endsWith('.local') || (type === 'remote-candidate' && fields.type === 'prflx');
  const relay = 'base' in candidate && candidate.base.relayProtocol ? { relayProtocol: candidate.base.relayProtocol } : {};
  const url = 'url' in candidate && candidate.url ? { url: candidate.url } : {};
  return {
    id: candidate.id,
    type,
    timestamp,
    transportId: 'T01',
    // RFC 8828: what the page must not know is empty.
    address: hidden ? '' : fields.address,
    ip: hidden ? '' : fields.address,
    port: fields.port,
    protocol: fields.protocol,
    candidateType: fields.type,
    priority: fields.priority,
    foundation: fields.foundation,
    usernameFragment: fields.ufrag ?? '',
    ...relay,
    ...url,
  };
}

function pairEntry(pair: CandidatePair, selected: boolean, timestamp: number, checksShow: boolean): Entry {
  const time = (at: number | null): number | undefined => (at === null ? undefined : EPOCH_MS + at);
  return {
    id: pair.id,
    type: 'candidate-pair',
    timestamp,
    transportId: 'T01',
    localCandidateId: pair.local.id,
    remoteCandidateId: pair.remote.id,
    state: checksShow && pair.state === 'succeeded' && pair.pending.size > 0 ? 'in-progress' : pair.state,
    nominated: selected,
    writable: pair.state === 'succeeded',
    priority: pair.priority,
    bytesSent: pair.bytesSent,
    bytesReceived: pair.bytesReceived,
    packetsSent: pair.packetsSent,
    packetsReceived: pair.packetsReceived,
    requestsSent: pair.requestsSent,
    responsesReceived: pair.responsesReceived,
    totalRoundTripTime: pair.totalRttMs / 1000,
    ...(pair.rttMs === null ? {} : { currentRoundTripTime: pair.rttMs / 1000 }),
    ...(pair.lastReceivedAt === null ? {} : { lastPacketReceivedTimestamp: time(pair.lastReceivedAt) }),
    ...(pair.lastSentAt === null ? {} : { lastPacketSentTimestamp: time(pair.lastSentAt) }),
  };
}

/** Everything that `getStats()` tells, or what belongs to one track. */
export function statsReport(
  context: EngineContext,
  state: PeerState,
  transports: PeerTransports,
  selector: MediaStreamTrack | null,
): FakeStatsReport {
  const timestamp = EPOCH_MS + context.now();
  const report = new FakeStatsReport();
  const add = (entry: Entry): void => void report.set(entry.id, entry);
  const { channels, agent, dtls } = transports;
  if (!selector) {
    add({
      id: 'P',
      type: 'peer-connection',
      timestamp,
      dataChannelsOpened: channels.opened,
      dataChannelsClosed: channels.all.filter((c) => c.readyState === 'closed').length,
    });
  }
  // A closed connection still answers, with one entry (CORRECTNESS 3.13), or with what there was (Firefox 153).
  if (state.closed && !context.personality.transportsStayAfterClose) return report;
  addRtp(state, selector, timestamp, add);
  for (const channel of selector ? [] : channels.all) {
    add({
      id: `D${channel.streamId ?? channel.label}`,
      type: 'data-channel',
      timestamp,
      label: channel.label,
      protocol: channel.protocol,
      dataChannelIdentifier: channel.streamId ?? undefined,
      state: channel.readyState,
      messagesSent: channel.messagesSent,
      bytesSent: channel.bytesSent,
      messagesReceived: channel.messagesReceived,
      bytesReceived: channel.bytesReceived,
    });
  }
  if (!agent.list) return report;
  const { selected } = agent;
  for (const local of agent.list.local.candidates) add(candidateEntry(local, 'local-candidate', timestamp));
  for (const pair of agent.pairs) {
    add(candidateEntry(pair.local, 'local-candidate', timestamp));
    add(candidateEntry(pair.remote, 'remote-candidate', timestamp));
    add(pairEntry(pair, pair === selected, timestamp, context.personality.checksShowInPairs));
  }
  add({
    id: 'T01',
    type: 'transport',
    timestamp,
    dtlsState: dtls.state,
    iceState: agent.state,
    iceRole: agent.controlling ? 'controlling' : 'controlled',
    dtlsRole: state.dtlsRole ?? 'unknown',
    ...(context.personality.transportCountsBytes ? bytesOf(agent.pairs) : {}),
    ...(selected ? { selectedCandidatePairId: selected.id } : {}),
  });
  return report;
}

function bytesOf(pairs: readonly CandidatePair[]): { bytesSent: number; bytesReceived: number } {
  return {
    bytesSent: pairs.reduce((sum, pair) => sum + pair.bytesSent, 0),
    bytesReceived: pairs.reduce((sum, pair) => sum + pair.bytesReceived, 0),
  };
}

function addRtp(state: PeerState, selector: MediaStreamTrack | null, timestamp: number, add: (entry: Entry) => void): void {
  for (const t of state.transceivers) {
    const { sender, receiver, kind } = t;
    const common = { timestamp, kind, mid: t.associatedMid ?? undefined, transportId: 'T01' };
    if (sends(t.current) && (!selector || selector === sender.track)) {
      add({
        ...common,
        id: `O${sender.ssrc}`,
        type: 'outbound-rtp',
        ssrc: sender.ssrc,
        bytesSent: sender.bytesSent,
        packetsSent: sender.packetsSent,
        active: sender.flowing,
      });
    }
    if (receives(t.current) && receiver.packetsReceived > 0 && (!selector || selector === receiver.track)) {
      add({
        ...common,
        id: `I${t.associatedMid ?? ''}`,
        type: 'inbound-rtp',
        trackIdentifier: receiver.track.id,
        bytesReceived: receiver.bytesReceived,
        packetsReceived: receiver.packetsReceived,
        packetsLost: 0,
        jitter: 0,
        ...(kind === 'video' ? { framesDecoded: Math.round(receiver.packetsReceived / 2), framesDropped: 0 } : {}),
      });
    }
  }
}
