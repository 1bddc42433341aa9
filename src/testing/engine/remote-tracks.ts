import { FakeMediaStream } from '../media/fake-stream.js';
import type { FakeMediaStreamTrack } from '../media/fake-track.js';
import { FakeTrackEvent } from './fake-event.js';
import type { PeerState } from './peer-state.js';
import type { FakeRtpReceiver } from './rtp-receiver.js';
import { receives, type SdpDirection } from './sdp.js';
import type { FakeTransceiver } from './transceiver.js';

/** What a description does to remote tracks, collected first and fired together (webrtc-pc 4.4.1.5). */
export class RemoteTrackChanges {
  readonly #mute: FakeMediaStreamTrack[] = [];
  readonly #remove: { stream: FakeMediaStream; track: FakeMediaStreamTrack }[] = [];
  readonly #add: { stream: FakeMediaStream; track: FakeMediaStreamTrack }[] = [];
  readonly #fired: { transceiver: FakeTransceiver; streams: readonly FakeMediaStream[] }[] = [];
  readonly #state: PeerState;

  constructor(state: PeerState) {
    this.#state = state;
  }

  /** `direction` is ours: what this transceiver does from now on. `streamIds` from the peer's `a=msid`. */
  process(t: FakeTransceiver, direction: SdpDirection, streamIds: readonly string[] | null): void {
    const before = receives(t.fired);
    const after = receives(direction);
    if (after && streamIds)
      this.associate(
        t.receiver,
        streamIds.map((id) => this.#stream(id)),
      );
    if (after && !before) this.#fired.push({ transceiver: t, streams: t.receiver.streams });
    if (!after && before) {
      this.associate(t.receiver, []);
      this.#mute.push(t.receiver.track);
    }
    t.fired = direction;
  }

  /** webrtc-pc 5.3 "set the associated remote streams". */
  associate(receiver: FakeRtpReceiver, streams: readonly FakeMediaStream[]): void {
    const { track } = receiver;
    for (const stream of receiver.streams) if (!streams.includes(stream)) this.#remove.push({ stream, track });
    for (const stream of streams) if (!receiver.streams.includes(stream)) this.#add.push({ stream, track });
    receiver.streams = streams;
  }

  /** The order of the specification: mute, removetrack, addtrack, track. */
  fire(dispatch: (event: FakeTrackEvent) => void): void {
    for (const track of this.#mute) track.setMuted(true);
    for (const { stream, track } of this.#remove) stream.removeRemote(track);
    for (const { stream, track } of this.#add) stream.addRemote(track);
    for (const { transceiver, streams } of this.#fired) dispatch(new FakeTrackEvent(transceiver, streams));
  }

  #stream(id: string): FakeMediaStream {
    const known = this.#state.remoteStreams.get(id);
    if (known) return known;
    const stream = new FakeMediaStream([], () => this.#state.context.random.text(36), id);
    this.#state.remoteStreams.set(id, stream);
    return stream;
  }
}
