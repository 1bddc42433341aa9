// @ts-check

/** @import { SignalingTransport } from 'peer-session' */

/**
 * A transport that counts who else is in the room. A session pairs with one other; where two have met there is no place for a third.
 *
 * @param {SignalingTransport} inner
 * @param {(others: number) => void} told
 * @returns {SignalingTransport}
 */
export function counted(inner, told) {
  return {
    name: inner.name,
    connect: (context) =>
      inner.connect({
        ...context,
        peers: (present) => {
          context.peers(present);
          told(present.length);
        },
      }),
  };
}
