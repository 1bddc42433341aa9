import type { EngineContext } from './engine-context.js';
import { FakeEvent } from './fake-event.js';
import { FakeEventTarget } from './fake-event-target.js';
import type { FakeIceTransport } from './ice-transport.js';

/** What travels inside of DTLS. */
export type AppBody =
  | { readonly app: 'sctp'; readonly body: unknown }
  | { readonly app: 'rtp'; readonly flows: readonly RtpFlow[] };

/** What one section sent since the last packet. */
export interface RtpFlow {
  readonly mid: string;
  readonly ssrc: number;
  readonly bytes: number;
  readonly packets: number;
}

/** RFC 9147 without its bytes: two round trips, then application data. Each carries the certificate of its sender. */
type DtlsBody =
  | { readonly dtls: 'hello' | 'hello-back' | 'finish' | 'finished' | 'close'; readonly certificate: string }
  | { readonly dtls: 'app'; readonly certificate: string; readonly app: AppBody };

function isDtls(body: unknown): body is DtlsBody {
  return typeof body === 'object' && body !== null && 'dtls' in body;
}

interface DtlsHooks {
  send(body: unknown, bytes: number): void;
  connected(): void;
  /** The peer closed it (`closed`), or it broke. */
  ended(state: 'closed' | 'failed'): void;
  stateChanged(): void;
  app(body: AppBody, bytes: number): void;
}

type Handler<E extends Event> = ((this: RTCDtlsTransport, event: E) => unknown) | null;

/** First retransmission and longest wait (RFC 9147 5.8; BoringSSL as in Chromium starts at 50 ms). */
const RETRANSMIT_MS = { first: 50, longest: 1600 } as const;

/** webrtc-pc 5.5. */
export class FakeDtlsTransport extends FakeEventTarget implements RTCDtlsTransport {
  readonly iceTransport: FakeIceTransport;
  onerror: Handler<RTCErrorEvent> = null;
  onstatechange: Handler<Event> = null;
  /** As the engine knows it; the attribute follows in a task. */
  actual: RTCDtlsTransportState = 'new';
  readonly #context: EngineContext;
  readonly #hooks: DtlsHooks;
  readonly #certificate: string;
  #state: RTCDtlsTransportState = 'new';
  #expected = '';
  #role: 'client' | 'server' | null = null;
  #cancelRetransmit: () => void = () => undefined;

  constructor(context: EngineContext, iceTransport: FakeIceTransport, certificate: string, hooks: DtlsHooks) {
    super();
    this.#context = context;
    this.iceTransport = iceTransport;
    this.#certificate = certificate;
    this.#hooks = hooks;
  }

  get state(): RTCDtlsTransportState {
    return this.#state;
  }

  getRemoteCertificates(): ArrayBuffer[] {
    if (this.#state !== 'connected') return [];
    return [Uint8Array.from(this.#expected.split(':'), (byte) => Number.parseInt(byte, 16)).buffer];
  }

  /** The descriptions agreed on roles and certificates. */
  agree(role: 'client' | 'server', remoteFingerprint: string): void {
    this.#role = role;
    this.#expected = remoteFingerprint;
  }

  /** ICE has a path. */
  start(): void {
    if (this.actual !== 'new' || this.#role === null) return;
    this.#set('connecting');
    if (this.#role === 'client') this.#repeat('hello', RETRANSMIT_MS.first);
  }

  receive(body: unknown, bytes: number): void {
    if (!isDtls(body) || this.actual === 'closed' || this.actual === 'failed' || this.#role === null) return;
    if (body.certificate !== this.#expected) {
      // RFC 8827 6.5: a certificate that does not match the fingerprint ends it. Before the handshake it is a stranger's packet.
      if (this.actual === 'connecting') this.end('failed');
      return;
    }
    if (body.dtls === 'app') {
      if (this.actual === 'connected') this.#hooks.app(body.app, bytes);
    } else if (body.dtls === 'close') this.end('closed');
    else this.#handshake(body.dtls);
  }

  sendApp(app: AppBody, bytes: number): void {
    if (this.actual !== 'connected') return;
    this.#hooks.send({ dtls: 'app', certificate: this.#certificate, app } satisfies DtlsBody, bytes + 37);
  }

  /** Our own close: an alert goes out, nothing fires (webrtc-pc 4.4.1.3). @param keepsState the attribute stays as it was */
  closeLocally(keepsState = false): void {
    if (this.actual === 'connected' || this.actual === 'connecting') this.#say('close');
    this.#cancelRetransmit();
    this.actual = 'closed';
    if (!keepsState) this.#state = 'closed';
  }

  /** The other side closed it, or it failed for ever. */
  end(state: 'closed' | 'failed'): void {
    if (this.actual === 'closed' || this.actual === 'failed') return;
    this.#cancelRetransmit();
    this.#set(state);
    this.#hooks.ended(state);
  }

  #handshake(step: 'hello' | 'hello-back' | 'finish' | 'finished'): void {
    if (this.actual === 'new') this.start();
    if (step === 'hello' && this.#role === 'server') this.#say('hello-back');
    else if (step === 'hello-back' && this.actual === 'connecting') this.#repeat('finish', RETRANSMIT_MS.first);
    else if (step === 'finish' && this.#role === 'server') {
      this.#say('finished');
      this.#connected();
    } else if (step === 'finished') this.#connected();
  }

  #connected(): void {
    if (this.actual !== 'connecting') return;
    this.#cancelRetransmit();
    this.#set('connected');
    this.#hooks.connected();
  }

  #repeat(step: 'hello' | 'finish', ms: number): void {
    this.#cancelRetransmit();
    this.#say(step);
    this.#cancelRetransmit = this.#context.quiet(() => this.#repeat(step, Math.min(ms * 2, RETRANSMIT_MS.longest)), ms);
  }

  #say(step: Exclude<DtlsBody['dtls'], 'app'>): void {
    this.#hooks.send({ dtls: step, certificate: this.#certificate } satisfies DtlsBody, step === 'close' ? 60 : 600);
  }

  #set(state: RTCDtlsTransportState): void {
    this.actual = state;
    this.#context.task(() => {
      // A close of our own came first: the attribute says so already, and nothing fires.
      if (this.#state === 'closed' || this.#state === state) return;
      this.#state = state;
      this.dispatchEvent(new FakeEvent('statechange'));
      this.#hooks.stateChanged();
    });
  }
}
