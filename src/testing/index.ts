/**
 * Everything an app's tests need in place of browsers, networks and time.
 *
 * @module testing
 * @category API
 */
export { createVirtualClock, type VirtualClock, type VirtualClockOptions } from './clock.js';
export { collectEvents, type EventLog, type RecordedEvent } from './collect-events.js';
export type { TransportExam } from './contract/stage.js';
export type { PersonalityName } from './engine/personality.js';
export { type FakePlatform, type FakePlatformOptions, fakePlatform, type PlatformCensus } from './fake-platform.js';
export type { CaptureFailure } from './media/capture-errors.js';
export type { DeviceInit, FakeDevice } from './media/fake-device.js';
export type { FakeMediaDevices, PermissionAnswer } from './media/fake-media-devices.js';
export type { IceServer, IceServerOptions } from './network/ice-server.js';
export type { NatKind, Router } from './network/router.js';
export type { LinkFaults, VirtualHost } from './network/virtual-host.js';
export { createVirtualNetwork, type VirtualNetwork, type VirtualNetworkOptions } from './network/virtual-network.js';
export { type PairSide, type SessionPair, type SessionPairOptions, sessionPair } from './session-pair.js';
export { type Incident, simulate } from './simulate.js';
export { type BusFaults, createTestBus, type SentMessage, type TestBus, type TestBusOptions } from './test-bus.js';
export { type CheckContext, type ContractCheck, transportContract } from './transport-contract.js';
