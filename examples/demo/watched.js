// @ts-check

/** @import { SignalingTransport } from 'peer-session' */

/**
 * A transport that is watched. The session mends its signaling without a word, and a call goes on without it; but a person who
 * waits wants to know whether anybody could come.
 */
export class Watched {
  /** @type {'opening' | 'open' | 'away'} */
  status = 'opening';
  /** How many others are in the room. */
  others = 0;
  /** Called after each change. */
  changed = () => {};
  #inner;

  /** @param {SignalingTransport} inner */
  constructor(inner) {
    this.#inner = inner;
  }

  /** What the session is given. @returns {SignalingTransport} */
  get transport() {
    return { name: this.#inner.name, connect: (context) => this.#connect(context) };
  }

  /** @type {SignalingTransport['connect']} */
  async #connect(context) {
    try {
      const channel = await this.#inner.connect({
        ...context,
        peers: (present) => {
          this.others = present.length;
          context.peers(present);
          this.changed();
        },
        lost: (cause) => {
          context.lost(cause);
          this.#is('away');
        },
      });
      this.#is('open');
      return channel;
    } catch (error) {
      this.#is('away');
      throw error;
    }
  }

  /** @param {Watched['status']} status */
  #is(status) {
    if (this.status === status) return;
    this.status = status;
    this.changed();
  }
}
