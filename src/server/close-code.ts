/** The close codes of the hub, RFC 6455 section 7.4; the guide "The signaling server" says what a client does with each. */
export const CLOSE = {
  /** The server stops. */
  goingAway: 1001,
  /** A message is longer than `limits.messageBytes`. */
  tooBig: 1009,
  /** The server failed, e.g. `authorize` threw. */
  failed: 1011,
  /** The server restarts; come back. */
  restarting: 1012,
  /** Room or peer id missing or malformed. */
  badRequest: 4400,
  /** `authorize` said no, or allowed another peer id only. */
  unauthorized: 4401,
  /** The page's origin is not on the list. */
  badOrigin: 4403,
  /** The client reads more slowly than it is written to. */
  tooSlow: 4408,
  /** A newer connection has the same peer id. */
  replaced: 4409,
  /** An older attempt of a client that has a newer connection by now. */
  stale: 4410,
  /** `limits.peersPerRoom`. */
  roomFull: 4420,
  /** `limits.rooms` or `limits.peers`. */
  serverFull: 4421,
  /** More messages or bytes than the limits allow. */
  tooFast: 4429,
} as const;
