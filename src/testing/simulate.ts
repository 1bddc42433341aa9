import type { PeerSession } from '../peer-session.js';
import { type PairSide, sideOf } from './session-pair.js';

/** What may happen to one side of a call. */
export type Incident =
  /** Packets of this machine vanish, in both directions; signaling lives. */
  | 'ice-failure'
  /** The signaling carrier of this side goes down and is refused. */
  | 'signaling-loss'
  /** The network interface goes down: packets, address and signaling. */
  | 'network-down'
  /** The machine gets another address in the same network. */
  | 'address-change'
  /** The first camera is pulled out. */
  | 'device-unplugged'
  /** A phone call: camera and microphone go silent. */
  | 'device-interrupted'
  /** The user takes the permissions back. */
  | 'permission-revoked'
  /** The user stops the screen share in the bar of the browser. */
  | 'screen-share-stopped'
  /** The page is loaded again and starts a new session. */
  | 'peer-reload'
  /** The page vanishes without a word. */
  | 'peer-crash'
  /** The page is closed in order. */
  | 'peer-leave'
  /** The page is suspended; its engine answers, its scripts do not. */
  | 'page-frozen';

function refuse(): never {
  throw new Error('This cannot be undone.');
}

/** What happens, and what undoes it. */
const INCIDENTS: Readonly<Record<Incident, (side: PairSide) => () => void>> = {
  'ice-failure': ({ host }) => {
    host.faults.loss = 1;
    return () => {
      host.faults.loss = 0;
    };
  },
  'signaling-loss': ({ bus, peerId }) => {
    bus.cut(peerId);
    return () => bus.restore(peerId);
  },
  'network-down': ({ host, bus, peerId, platform }) => {
    host.down();
    bus.cut(peerId);
    platform.page('offline');
    return () => {
      host.up();
      bus.restore(peerId);
      platform.page('online');
    };
  },
  'address-change': ({ host, platform }) => {
    host.changeAddress();
    platform.page('network');
    return refuse;
  },
  'device-unplugged': ({ platform: { mediaDevices } }) => {
    const camera = mediaDevices.devices.find((device) => device.kind === 'videoinput');
    if (!camera) throw new RangeError('There is no camera to pull out.');
    const { kind, label, deviceId, groupId } = camera;
    mediaDevices.unplug(deviceId);
    return () => mediaDevices.plug({ kind, label, deviceId, groupId });
  },
  'device-interrupted': ({ platform: { mediaDevices } }) => {
    for (const device of mediaDevices.devices) device.interrupt(true);
    return () => {
      for (const device of mediaDevices.devices) device.interrupt(false);
    };
  },
  'permission-revoked': ({ platform: { mediaDevices } }) => {
    mediaDevices.revoke();
    return () => {
      mediaDevices.answers.camera = 'allow';
      mediaDevices.answers.microphone = 'allow';
    };
  },
  'screen-share-stopped': ({ platform: { mediaDevices } }) => {
    mediaDevices.stopSharing();
    return refuse;
  },
  'peer-reload': (side) => {
    side.platform.unload();
    side.bus.vanish(side.peerId);
    void side.reload().start();
    return refuse;
  },
  'peer-crash': ({ platform, bus, peerId }) => {
    platform.crash();
    bus.vanish(peerId);
    return refuse;
  },
  'peer-leave': ({ platform, bus, peerId }) => {
    platform.unload();
    bus.vanish(peerId);
    return refuse;
  },
  'page-frozen': ({ platform, bus, peerId }) => {
    platform.freeze();
    bus.hold(peerId);
    return () => {
      platform.thaw();
      bus.release(peerId);
    };
  },
};

/**
 * Lets something happen to one side of a {@link sessionPair}, now. Returns what undoes it: the path comes back, the camera is
 * plugged in again.
 *
 * @throws Error for a session that belongs to no pair; the returned function throws where there is no way back
 * @example
 * ```ts
 * import { sessionPair, simulate } from 'peer-session/testing';
 *
 * const pair = sessionPair();
 * await pair.start();
 * const heal = simulate(pair.bob, 'ice-failure');
 * await pair.clock.advance(12_000);
 * heal();
 * await pair.clock.advance(5000);
 * console.log(pair.alice.session.state.status);
 * ```
 */
export function simulate(target: PairSide | PeerSession, incident: Incident): () => void {
  const side = 'bus' in target ? target : sideOf(target);
  if (!side) throw new Error('simulate() needs a side of a sessionPair(), or its session.');
  return INCIDENTS[incident](side);
}
