export { createVirtualClock, type VirtualClock, type VirtualClockOptions } from './clock.js';
export type { PersonalityName } from './engine/personality.js';
export { type FakePlatform, type FakePlatformOptions, fakePlatform, type PlatformCensus } from './fake-platform.js';
export { createVirtualNetwork, type VirtualNetwork, type VirtualNetworkOptions } from './network/virtual-network.js';
