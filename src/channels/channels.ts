import type { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { type ChannelOptions, RESUME_PROTOCOL } from './channel-options.js';
import type { ControlWord } from './control-word.js';
import { DataChannel } from './data-channel.js';

/** A channel that closed without a word is trouble after this time: the word may still be on its way. */
const CLOSE_WORD_MS = 1_000;

/** What channels report upward. */
export interface ChannelsOptions {
  readonly platform: Platform;
  /** The instance of the peer. */
  instance(): string | undefined;
  /** The peer opened a channel that this side has not. */
  announced(name: string): void;
  /** Bytes came from the peer. */
  heard(): void;
  /** The control channel is open: bytes have gone both ways. */
  proved(): void;
  /** SCTP or DTLS ended under us. */
  lost(): void;
  bye(reason: string): void;
  warn(error: SessionError): void;
}

/** All data channels of a session, over whatever connection there is, and the control channel among them. */
export class Channels {
  readonly #o: ChannelsOptions;
  readonly #all = new Map<string, DataChannel>();
  #peer: RTCPeerConnection | null = null;
  #control: RTCDataChannel | null = null;
  #lead = false;
  #pings = 0;
  /** Names that the peer opened and the app has not asked for. */
  readonly #unclaimed = new Set<string>();
  /** The instance of the peer that was on the other end of the last channel. */
  #met: string | undefined;
  #before: Record<string, { sent: number; received: number }> = {};
  /** Timers of channels that closed without a word. */
  readonly #stops = new Set<() => void>();
  /** Names that the app closed, until the peer has heard of it, over the next connection if need be. */
  readonly #shut = new Set<string>();

  constructor(options: ChannelsOptions) {
    this.#o = options;
  }

  /** Bytes have gone both ways on the present connection. */
  get ready(): boolean {
    return this.#control?.readyState === 'open';
  }

  /** The channel of this name, made if need be. */
  open(name: string, options: ChannelOptions = {}): DataChannel {
    this.#unclaimed.delete(name);
    const known = this.#all.get(name);
    if (known) return known;
    const channel = this.#make(name, options);
    this.#wire(channel);
    return channel;
  }

  /** Puts all channels on a new connection. The side whose offer it is creates them; the other hears of them. */
  attach(peer: RTCPeerConnection, lead: boolean): void {
    this.detach();
    this.#peer = peer;
    this.#lead = lead;
    const control = peer.createDataChannel('peer-session', { negotiated: true, id: 0 });
    this.#control = control;
    control.onopen = () => this.#opened();
    control.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    control.onclose = () => this.#control === control && this.#o.lost();
    peer.ondatachannel = ({ channel }) => this.#adopt(channel);
    if (lead) for (const channel of this.#all.values()) this.#wire(channel);
  }

  /** The connection is gone. */
  detach(): void {
    for (const channel of this.#all.values()) {
      if (channel.attached && !channel.options.resume) {
        const { sent, received } = this.#before[channel.name] ?? { sent: 0, received: 0 };
        this.#before[channel.name] = { sent: sent + channel.counts.sent, received: received + channel.counts.received };
        channel.counts = { sent: 0, received: 0 };
      }
      channel.detach();
    }
    for (const stop of this.#stops) stop();
    this.#stops.clear();
    if (this.#control) this.#control.onopen = this.#control.onclose = this.#control.onmessage = null;
    if (this.#peer) this.#peer.ondatachannel = null;
    this.#control = this.#peer = null;
  }

  /** Bytes come from the peer. Another instance than the one before knows nothing of what was said; one that only called changes nothing. */
  #meet(): void {
    const instance = this.#o.instance();
    const before = this.#met;
    this.#met = instance;
    if (before === undefined || before === instance) return;
    this.#before = {};
    this.#shut.clear();
    for (const channel of this.#all.values()) channel.restarted();
  }

  /** Asks the peer for a sign of life. */
  ping(): void {
    this.#say({ ping: ++this.#pings });
  }

  /** Says goodbye on the data path too: it works where signaling does not. */
  bye(reason: string): void {
    this.#say({ bye: reason });
  }

  close(): void {
    for (const channel of this.#all.values()) channel.end();
    this.#all.clear();
    this.detach();
  }

  #make(name: string, options: ChannelOptions): DataChannel {
    const channel: DataChannel = new DataChannel(name, options, {
      platform: this.#o.platform,
      closed: () => {
        this.#forget(channel);
        this.#shut.add(name);
        this.#say({ close: name });
      },
      warn: this.#o.warn,
    });
    this.#all.set(name, channel);
    return channel;
  }

  #forget(channel: DataChannel): void {
    if (this.#all.get(channel.name) === channel) this.#all.delete(channel.name);
    delete this.#before[channel.name];
  }

  /** Creates it, or asks for it. Not under a name whose older channel the peer may still have. */
  #wire(channel: DataChannel): void {
    const { name, options } = channel;
    if (this.#shut.has(name)) return;
    if (this.#lead) this.#create(channel);
    else this.#say({ open: name, options });
  }

  #create(channel: DataChannel): void {
    // A connection that somebody closed under us takes no channel; the next one does.
    if (this.#peer?.signalingState === 'closed') return;
    const { resume, ...init } = channel.options;
    const made = this.#peer?.createDataChannel(channel.name, resume ? { protocol: RESUME_PROTOCOL } : init);
    if (made) this.#attach(channel, made);
  }

  #attach(channel: DataChannel, dc: RTCDataChannel): void {
    if (dc.readyState === 'open') this.#meet();
    else dc.addEventListener('open', () => this.#meet());
    channel.attach(dc, () => {
      const stop = this.#o.platform.timer(() => {
        this.#stops.delete(stop);
        if (channel.attached && channel.state !== 'closed' && dc.readyState === 'closed') this.#o.lost();
      }, CLOSE_WORD_MS);
      this.#stops.add(stop);
    });
  }

  #adopt(dc: RTCDataChannel): void {
    // Made before the peer heard that we closed it.
    if (this.#shut.has(dc.label)) return dc.close();
    let channel = this.#all.get(dc.label);
    if (!channel) {
      channel = this.#make(dc.label, { resume: dc.protocol === RESUME_PROTOCOL });
      this.#unclaimed.add(dc.label);
    }
    this.#attach(channel, dc);
    if (this.#unclaimed.has(dc.label)) this.#o.announced(dc.label);
  }

  #opened(): void {
    this.#meet();
    const counts = Object.fromEntries(Object.entries(this.#before).map(([name, { received }]) => [name, received]));
    this.#say({ counts });
    for (const close of this.#shut) this.#say({ close });
    if (!this.#lead) for (const channel of this.#all.values()) if (!channel.attached) this.#wire(channel);
    // SCTP opens by a four-way handshake over DTLS: bytes have gone both ways.
    this.#o.proved();
  }

  #hear(data: unknown): void {
    this.#o.heard();
    let word: ControlWord;
    try {
      word = JSON.parse(String(data)) as ControlWord;
    } catch {
      return;
    }
    if (typeof word?.ping === 'number') this.#say({ pong: word.ping });
    if (typeof word?.bye === 'string') this.#o.bye(word.bye);
    if (typeof word?.open === 'string') this.#asked(word.open, word.options ?? {});
    if (typeof word?.close === 'string') {
      const channel = this.#all.get(word.close);
      if (channel) this.#forget(channel);
      channel?.ending();
      this.#say({ closed: word.close });
    }
    if (typeof word?.closed === 'string') {
      this.#shut.delete(word.closed);
      const again = this.#all.get(word.closed);
      if (again && !again.attached) this.#wire(again);
    }
    if (word?.counts) this.#compare(word.counts);
  }

  #asked(name: string, options: ChannelOptions): void {
    if (!this.#lead || this.#shut.has(name) || this.#all.get(name)?.attached) return;
    const known = this.#all.get(name);
    const channel = known ?? this.#make(name, options);
    this.#create(channel);
    if (!known) {
      this.#unclaimed.add(name);
      this.#o.announced(name);
    }
  }

  #compare(counts: Readonly<Record<string, number>>): void {
    for (const [name, { sent }] of Object.entries(this.#before)) {
      const channel = this.#all.get(name);
      const lost = sent - Number(counts[name] ?? 0);
      const reliable = channel?.options.maxRetransmits === undefined && channel?.options.maxPacketLifeTime === undefined;
      if (channel && reliable && lost > 0) channel.lose(lost);
    }
    this.#before = {};
  }

  #say(word: ControlWord): void {
    if (!this.ready) return;
    try {
      this.#control?.send(JSON.stringify(word));
    } catch {
      // Full or just closed: the next ping finds out.
    }
  }
}
