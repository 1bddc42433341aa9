import type { FakeMediaStream } from '../media/fake-stream.js';
import type { FakeMediaStreamTrack } from '../media/fake-track.js';

/** What a receiver needs of its connection. */
export interface ReceiverHooks {
  transport(): RTCDtlsTransport | null;
  stats(track: MediaStreamTrack): Promise<RTCStatsReport>;
}

/** webrtc-pc 5.3. */
export class FakeRtpReceiver implements RTCRtpReceiver {
  readonly track: FakeMediaStreamTrack;
  transform: RTCRtpReceiverTransform | null = null;
  jitterBufferTarget: number | null = null;
  /** [[AssociatedRemoteMediaStreams]] */
  streams: readonly FakeMediaStream[] = [];
  /** Counted by the transport, read by `getStats()`. */
  bytesReceived = 0;
  packetsReceived = 0;
  readonly #hooks: ReceiverHooks;

  constructor(hooks: ReceiverHooks, track: FakeMediaStreamTrack) {
    this.#hooks = hooks;
    this.track = track;
  }

  get transport(): RTCDtlsTransport | null {
    return this.#hooks.transport();
  }

  getContributingSources(): RTCRtpContributingSource[] {
    return [];
  }
  getSynchronizationSources(): RTCRtpSynchronizationSource[] {
    return [];
  }
  getParameters(): RTCRtpReceiveParameters {
    return { codecs: [], headerExtensions: [], rtcp: { reducedSize: true } };
  }
  getStats(): Promise<RTCStatsReport> {
    return this.#hooks.stats(this.track);
  }
}
