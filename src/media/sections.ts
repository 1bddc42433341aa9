/** A slot as a section needs it. */
export interface SectionSource {
  readonly name: string;
  readonly track: MediaStreamTrack;
}

/** Slots that belong together are played in step: camera with microphone, screen with its sound. */
export const groupOf = (name: string): string =>
  name === 'camera' || name === 'microphone' ? 'main' : name.startsWith('screen') ? 'screen' : name;

/**
 * The media sections of one `RTCPeerConnection`. A section carries the slot of one name in both directions, is always `sendrecv`, and
 * is never stopped: switching a track on later is a `replaceTrack`, and stopping the first section kills data channels in Firefox.
 */
export class Sections {
  readonly #peer: RTCPeerConnection;
  readonly #local: () => Iterable<SectionSource>;
  /** Whether the peer sends in the slot of this name. */
  readonly #used: (name: string) => boolean;
  readonly #MediaStream: (new () => MediaStream) | undefined;
  readonly #names = new Map<RTCRtpTransceiver, string>();
  readonly #streams = new Map<string, MediaStream>();

  constructor(
    peer: RTCPeerConnection,
    local: () => Iterable<SectionSource>,
    used: (name: string) => boolean,
    stream: (new () => MediaStream) | undefined,
  ) {
    this.#peer = peer;
    this.#local = local;
    this.#used = used;
    this.#MediaStream = stream;
  }

  /** `mid` -> slot name, of all sections that have a `mid` by now. */
  mids(): Record<string, string> {
    return Object.fromEntries(Array.from(this.#names).flatMap(([{ mid }, name]) => (mid === null ? [] : [[mid, name]])));
  }

  /** Gives each slot a section: its own, an idle one of its kind, or a new one. */
  beforeOffer(): void {
    for (const source of this.#local()) {
      const known = this.#find(source);
      const idle = known ?? this.#idle(source.track.kind);
      if (idle) this.#put(idle, source);
      else {
        const stream = this.#stream(source.name);
        const init: RTCRtpTransceiverInit = { direction: 'sendrecv', ...(stream && { streams: [stream] }) };
        this.#names.set(this.#peer.addTransceiver(source.track, init), source.name);
      }
    }
  }

  /** Takes the names of the offer and puts our tracks on its sections. */
  beforeAnswer(mids: Readonly<Record<string, string>>): void {
    for (const transceiver of this.#peer.getTransceivers()) {
      const name = transceiver.mid === null ? undefined : mids[transceiver.mid];
      if (name === undefined || !transceiver.receiver.track) continue;
      this.#names.set(transceiver, name);
      const { kind } = transceiver.receiver.track;
      const source = Array.from(this.#local()).find((slot) => slot.name === name && slot.track.kind === kind);
      transceiver.direction = 'sendrecv';
      this.#put(transceiver, source ?? { name, track: null });
    }
  }

  /** Whether every slot has its section: if not, an offer is due. */
  complete(): boolean {
    return Array.from(this.#local()).every((slot) => this.#find(slot));
  }

  /** Puts a track, or none, on the section of a slot that has one already. */
  set(name: string, kind: string, track: MediaStreamTrack | null): Promise<void> | undefined {
    const transceiver = this.#find({ name, track: { kind } });
    return transceiver?.sender.replaceTrack(track);
  }

  /** What arrives in a slot. */
  remoteTrack(name: string): MediaStreamTrack | undefined {
    for (const [transceiver, given] of this.#names) if (given === name) return transceiver.receiver.track;
    return undefined;
  }

  /** The sender of a slot. */
  sender(name: string): RTCRtpSender | undefined {
    for (const [transceiver, given] of this.#names) if (given === name) return transceiver.sender;
    return undefined;
  }

  #find(slot: { readonly name: string; readonly track: { readonly kind: string } }): RTCRtpTransceiver | undefined {
    for (const [transceiver, name] of this.#names) {
      if (name === slot.name && transceiver.receiver.track.kind === slot.track.kind) return transceiver;
    }
    return undefined;
  }

  #idle(kind: string): RTCRtpTransceiver | undefined {
    const taken = new Set(Array.from(this.#local(), (slot) => slot.name));
    for (const [transceiver, name] of this.#names) {
      if (transceiver.receiver.track.kind === kind && !taken.has(name) && !this.#used(name)) return transceiver;
    }
    return undefined;
  }

  #put(
    transceiver: RTCRtpTransceiver,
    { name, track }: { readonly name: string; readonly track: MediaStreamTrack | null },
  ): void {
    const { sender } = transceiver;
    this.#names.set(transceiver, name);
    const stream = this.#stream(name);
    // Chromium keeps sound and picture in step by the stream id of the description.
    if (track && stream && sender.track === null) sender.setStreams?.(stream);
    if (sender.track !== track) void sender.replaceTrack(track).catch(() => {});
  }

  #stream(name: string): MediaStream | undefined {
    const group = groupOf(name);
    const stream = this.#streams.get(group) ?? (this.#MediaStream && new this.#MediaStream());
    if (stream) this.#streams.set(group, stream);
    return stream;
  }
}
