import type { SignalingContext, SignalingTransport } from 'peer-session';
import type { BusFaults } from 'peer-session/testing';
import type { Random } from '../../src/testing/random.js';

/** The test bus in real time, for sessions in one real page: loses, repeats, delays, echoes. */
export class PageBus {
  faults: BusFaults;
  readonly #random: Random;
  readonly #members = new Set<SignalingContext>();
  readonly #down = new Set<string>();

  constructor(random: Random, faults: BusFaults) {
    this.#random = random;
    this.faults = faults;
  }

  readonly transport: SignalingTransport = {
    name: 'page-bus',
    connect: (context) => {
      if (this.#down.has(context.peerId)) throw new Error('The carrier is down.');
      this.#members.add(context);
      return {
        send: (message) => this.#send(context, JSON.stringify(message)),
        close: () => void this.#members.delete(context),
      };
    },
  };

  get open(): number {
    return this.#members.size;
  }

  cut(peerId: string): void {
    this.#down.add(peerId);
    for (const member of this.#members) {
      if (member.peerId !== peerId) continue;
      this.#members.delete(member);
      member.lost(new Error('The carrier is down.'));
    }
  }

  restore(peerId: string): void {
    this.#down.delete(peerId);
  }

  #send(from: SignalingContext, data: string): void {
    const { loss, repeat, echo, delayMs } = this.faults;
    for (const to of this.#members) {
      if (to === from ? !this.#random.chance(echo) : this.#random.chance(loss)) continue;
      for (let times = this.#random.chance(repeat) ? 2 : 1; times > 0; times--) {
        const ms = delayMs[0] + this.#random.next() * (delayMs[1] - delayMs[0]);
        setTimeout(() => this.#members.has(to) && to.receive(data), ms);
      }
    }
  }
}
