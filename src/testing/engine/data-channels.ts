import { checkChannelOptions } from './channel-options.js';
import { FakeDataChannel, type Payload } from './data-channel.js';
import type { FakeDtlsTransport } from './dtls-transport.js';
import type { EngineContext } from './engine-context.js';
import { SctpAssociation } from './sctp-association.js';
import type { SendOptions, StreamContent } from './sctp-chunk.js';
import { FakeSctpTransport } from './sctp-transport.js';

interface ChannelsHooks {
  closed(): boolean;
  /** A channel of the peer came. */
  announced(channel: FakeDataChannel): void;
}

const CONTROL: SendOptions = { ordered: true, maxRetransmits: null, maxPacketLifeTime: null };

/** The data channels of one connection and the association under them. */
export class DataChannels {
  readonly all: FakeDataChannel[] = [];
  transport: FakeSctpTransport | null = null;
  opened = 0;
  readonly #context: EngineContext;
  readonly #hooks: ChannelsHooks;
  #association: SctpAssociation | null = null;
  /** Streams that we reset, until the peer did so too. */
  readonly #resetByUs = new Set<number>();
  readonly #resetByPeer = new Set<number>();
  /** Messages for channels that are not there yet. */
  #early: { readonly sid: number; readonly data: Payload }[] = [];
  #role: 'client' | 'server' | null = null;
  /** The association is gone for ever. */
  #dead = false;

  constructor(context: EngineContext, hooks: ChannelsHooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  /** webrtc-pc 6.2 `createDataChannel`. */
  create(label: string, init: RTCDataChannelInit): FakeDataChannel {
    checkChannelOptions(label, init, this.all);
    const { negotiated = false } = init;
    // "If negotiated is false, ignore id."
    const { id: _ignored, ...inBand } = init;
    const channel = this.#make(label, negotiated ? init : inBand);
    this.#assignIds();
    if (this.#association?.state === 'connected') this.#open(channel);
    return channel;
  }

  /** Whether a data section has to be offered for them. */
  get wanted(): boolean {
    return this.all.some((channel) => this.#context.personality.offersClosedChannels || channel.readyState !== 'closed');
  }

  /** A data section was offered: the transport is there, if only as `connecting` (webrtc-pc 4.4.1.5). */
  offered(dtls: FakeDtlsTransport): FakeSctpTransport {
    const { maxMessageSize, maxChannels } = this.#context.personality;
    this.transport ??= new FakeSctpTransport(dtls, maxMessageSize, maxChannels);
    return this.transport;
  }

  /** The offer was undone, or the section rejected, before anything was agreed. */
  withdrawn(): void {
    if (!this.#association) this.transport = null;
  }

  /** A data section was agreed on. */
  negotiate(dtls: FakeDtlsTransport, role: 'client' | 'server', remoteLimit: number | null): void {
    this.#role = role;
    this.offered(dtls).remoteLimit = remoteLimit;
    this.#assignIds();
    if (this.#association || this.#dead) return;
    this.#association = new SctpAssociation(this.#context, {
      send: (body, bytes) => dtls.sendApp({ app: 'sctp', body }, bytes),
      connected: () => this.#connected(),
      received: (sid, content) => this.#received(sid, content),
    });
    if (dtls.actual === 'connected') this.#association.start();
  }

  /** DTLS is up. */
  start(): void {
    this.#association?.start();
  }

  receive(body: unknown): void {
    this.#association?.receive(body);
  }

  /** The transport under the channels ended: all close, with an error where the engine gives one. */
  end(error: RTCError | undefined): void {
    this.#dead = true;
    this.#association?.close();
    const { transport } = this;
    this.#task(() => transport?.setState('closed'));
    for (const channel of this.all) {
      this.#task(() => {
        if (channel.readyState === 'connecting' && channel.streamId === null) return;
        channel.transportEnded(this.#context.personality.tellsClosing === 'remote', error);
      });
    }
  }

  closeLocally(): void {
    const { channelsCloseLate, tellsClosing, transportsStayAfterClose } = this.#context.personality;
    this.#association?.close();
    if (!transportsStayAfterClose) this.transport?.closeLocally();
    for (const channel of this.all) {
      if (channelsCloseLate) this.#context.task(() => channel.transportEnded(tellsClosing === 'local'));
      else channel.closeSilently();
    }
  }

  #make(label: string, init: RTCDataChannelInit): FakeDataChannel {
    const channel = new FakeDataChannel(
      {
        task: (fn) => this.#task(fn),
        // Before a description is agreed nothing can be open (webrtc-pc 6.1.1.2).
        maxMessageSize: () => this.transport?.maxMessageSize ?? 65_536,
        sendQueueLimit: this.#context.personality.sendQueueLimit,
        blobsFallBehind: this.#context.personality.blobsFallBehind,
        sendsWhileClosing: this.#context.personality.sendsWhileClosing,
        send: (from, payload, size, sent) => this.#send(from, payload, size, sent),
        close: (closing) => this.#close(closing),
      },
      label,
      init,
    );
    this.all.push(channel);
    return channel;
  }

  /** RFC 8832 6: the DTLS client takes even ids, the server odd ones. */
  #assignIds(): void {
    if (!this.#role) return;
    // Ids of channels that are closed are free again (both browsers).
    const taken = new Set(this.all.map((channel) => (channel.readyState === 'closed' ? null : channel.streamId)));
    let id = this.#role === 'client' ? 0 : 1;
    for (const channel of this.all) {
      if (channel.streamId !== null) continue;
      while (taken.has(id)) id += 2;
      channel.streamId = id;
      taken.add(id);
    }
  }

  #connected(): void {
    this.#task(() => this.transport?.setState('connected'));
    for (const channel of this.all) this.#open(channel);
  }

  #open(channel: FakeDataChannel): void {
    if (channel.streamId === null || channel.readyState !== 'connecting') return;
    if (!channel.negotiated) {
      const { label, protocol, ordered, maxRetransmits, maxPacketLifeTime } = channel;
      const content: StreamContent = { what: 'open', label, protocol, ordered, maxRetransmits, maxPacketLifeTime };
      this.#association?.send(channel.streamId, content, 12 + label.length, CONTROL);
    }
    // Both browsers do not wait for the acknowledgement of RFC 8832 5.2.
    this.#task(() => {
      if (channel.readyState === 'connecting') this.opened += 1;
      channel.announceOpen();
      const kept = this.#early.filter(({ sid }) => sid === channel.streamId);
      this.#early = this.#early.filter((message) => !kept.includes(message));
      for (const { data } of kept) channel.deliver(data);
    });
  }

  #send(channel: FakeDataChannel, payload: Payload, size: number, sent: () => void): void {
    if (channel.streamId === null) return;
    const { ordered, maxRetransmits, maxPacketLifeTime } = channel;
    this.#association?.send(channel.streamId, { what: 'message', data: payload }, size, {
      ordered,
      maxRetransmits,
      maxPacketLifeTime,
      sent,
    });
  }

  /** RFC 8831 6.7: the outgoing stream is reset behind everything that was sent. */
  #close(channel: FakeDataChannel): void {
    const sid = channel.streamId;
    if (sid === null || this.#association?.state !== 'connected') {
      this.#task(() => channel.announceClosed());
      return;
    }
    this.#association.send(sid, { what: 'reset' }, 16, {
      ...CONTROL,
      delivered: () => {
        this.#resetByUs.add(sid);
        this.#bothReset(sid);
      },
    });
  }

  #bothReset(sid: number): void {
    if (!this.#resetByUs.has(sid) || !this.#resetByPeer.has(sid)) return;
    this.#resetByUs.delete(sid);
    this.#resetByPeer.delete(sid);
    this.#association?.forgetStream(sid);
    const channel = this.#channelOf(sid);
    this.#task(() => channel?.announceClosed());
  }

  #received(sid: number, content: StreamContent): void {
    if (content.what === 'skipped') return;
    if (content.what === 'open') {
      const { label, protocol, ordered } = content;
      const channel = this.#make(label, {
        id: sid,
        protocol,
        ordered,
        ...(content.maxRetransmits === null ? {} : { maxRetransmits: content.maxRetransmits }),
        ...(content.maxPacketLifeTime === null ? {} : { maxPacketLifeTime: content.maxPacketLifeTime }),
      });
      this.#task(() => {
        this.opened += 1;
        this.#hooks.announced(channel);
      });
      return;
    }
    // Found before the task: a stream without a channel drops what it gets (Chromium 156: "unknown stream").
    const channel = this.#channelOf(sid);
    if (content.what === 'message') this.#receiveMessage(sid, channel, content.data);
    else {
      this.#resetByPeer.add(sid);
      this.#task(() => channel?.remoteClosing());
      this.#bothReset(sid);
    }
  }

  #receiveMessage(sid: number, channel: FakeDataChannel | undefined, data: Payload): void {
    if (channel) this.#task(() => channel.deliver(data));
    else if (this.#context.personality.keepsEarlyMessages) this.#early.push({ sid, data });
  }

  #channelOf(sid: number): FakeDataChannel | undefined {
    return this.all.find((channel) => channel.streamId === sid && channel.readyState !== 'closed');
  }

  #task(fn: () => void): void {
    this.#context.task(() => {
      if (!this.#hooks.closed()) fn();
    });
  }
}
