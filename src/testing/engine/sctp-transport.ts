import type { FakeDtlsTransport } from './dtls-transport.js';
import { FakeEvent } from './fake-event.js';
import { FakeEventTarget } from './fake-event-target.js';

type Handler = ((this: RTCSctpTransport, event: Event) => unknown) | null;

/** RFC 8841 6.1: what a description without `a=max-message-size` means. */
const DEFAULT_MESSAGE_SIZE = 65_536;

/** webrtc-pc 6.1. */
export class FakeSctpTransport extends FakeEventTarget implements RTCSctpTransport {
  readonly transport: FakeDtlsTransport;
  onstatechange: Handler = null;
  /** What the peer takes: 0 is no limit, `null` the default (webrtc-pc 6.1.1.2). */
  remoteLimit: number | null = null;
  readonly #localLimit: number;
  readonly #maxChannels: number | null;
  #state: RTCSctpTransportState = 'connecting';

  constructor(transport: FakeDtlsTransport, localLimit: number, maxChannels: number | null) {
    super();
    this.transport = transport;
    this.#localLimit = localLimit;
    this.#maxChannels = maxChannels;
  }

  get state(): RTCSctpTransportState {
    return this.#state;
  }

  get maxChannels(): number | null {
    return this.#state === 'connected' ? this.#maxChannels : null;
  }

  get maxMessageSize(): number {
    const remote = this.remoteLimit ?? DEFAULT_MESSAGE_SIZE;
    return remote === 0 ? this.#localLimit : Math.min(remote, this.#localLimit);
  }

  setState(state: RTCSctpTransportState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    this.dispatchEvent(new FakeEvent('statechange'));
  }

  /** With the connection: silent. */
  closeLocally(): void {
    this.#state = 'closed';
  }
}
