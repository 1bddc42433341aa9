/**
 * What calls from this network can expect, before any call: which of the three kinds of network it is, which STUN and TURN
 * servers work, and why not.
 *
 * @module connectivity
 * @category API
 */
export { checkConnectivity } from './check-connectivity.js';
export type { ConnectivityOptions, ConnectivityServers } from './connectivity-options.js';
export type {
  ConnectivityProblem,
  ConnectivityProgress,
  ConnectivityReport,
  ConnectivityVerdict,
  DevicePermission,
  DevicesReport,
  NatBehaviour,
  NetworkCase,
  NetworkReport,
  ServerReport,
  ServerTransport,
  SignalingReport,
} from './connectivity-report.js';
