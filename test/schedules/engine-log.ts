import type { FakePlatform } from 'peer-session/testing';

type Connection = InstanceType<FakePlatform['PeerConnection']>;

/** What was asked of the connections of one page. */
export interface EngineLog {
  /** Calls that roll back: asked for, or an offer taken while our own is open. */
  rollbacks: number;
  /** Offers that each connection was given, its own and the peer's: set as local or remote description. */
  readonly offers: Map<object, number>;
}

/** Watches every connection that this page will make. */
export function watchEngine(platform: FakePlatform, log: EngineLog): void {
  const { prototype } = platform.PeerConnection;
  const { setLocalDescription, setRemoteDescription } = prototype;
  const offered = (connection: Connection): void => {
    log.offers.set(connection, (log.offers.get(connection) ?? 0) + 1);
  };
  prototype.setLocalDescription = function (this: Connection, description?: RTCLocalSessionDescriptionInit) {
    const type = description?.type ?? (this.signalingState === 'have-remote-offer' ? 'answer' : 'offer');
    if (type === 'rollback') log.rollbacks++;
    if (type === 'offer') offered(this);
    return setLocalDescription.call(this, description);
  } as typeof setLocalDescription;
  prototype.setRemoteDescription = function (this: Connection, description: RTCSessionDescriptionInit) {
    const crosses = description.type === 'offer' && this.signalingState === 'have-local-offer';
    if (description.type === 'rollback' || crosses) log.rollbacks++;
    if (description.type === 'offer') offered(this);
    return setRemoteDescription.call(this, description);
  } as typeof setRemoteDescription;
}
