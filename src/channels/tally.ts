/** How many plain messages were handed to, and taken from, the connections. Both sides compare after a rebuild. */
export class Tally {
  /** On the present connection. */
  sent = 0;
  received = 0;
  #sentBefore = 0;
  /** On all those before it. */
  receivedBefore = 0;

  /** The connection is gone. */
  carryOver(): void {
    this.#sentBefore += this.sent;
    this.receivedBefore += this.received;
    this.sent = this.received = 0;
  }

  /** Another instance of the peer: it has received nothing. */
  restarted(): void {
    this.#sentBefore = this.receivedBefore = 0;
  }

  /**
   * How many of those before never arrived, as the peer has received so many of them: sums, since the word of them may be lost too. They
   * are told once. Never more than were sent; but the peer may speak of an older channel of this name.
   */
  missing(received: number): number {
    const lost = this.#sentBefore - received;
    if (lost > 0) this.#sentBefore = received;
    return lost;
  }
}
