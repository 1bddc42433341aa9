import { setAgain, settingsOf } from './sender-settings.js';

/** A slot as a section needs it. */
export interface SectionSource {
  readonly name: string;
  readonly track: MediaStreamTrack;
}

/** Makes one stream for each group of slots. What belongs together is played in step: camera with microphone, screen with its sound. */
export function groupedStreams<S>(make: () => S): (name: string) => S {
  const streams = new Map<string, S>();
  return (name) => {
    const group = /^(camera|microphone)$/.test(name) ? 'main' : name.startsWith('screen') ? 'screen' : name;
    const stream = streams.get(group) ?? make();
    streams.set(group, stream);
    return stream;
  };
}

const kindOf = (transceiver: RTCRtpTransceiver): string => transceiver.receiver.track.kind;
const settingsKey = (transceiver: RTCRtpTransceiver, name: string): string => kindOf(transceiver) + name;

/**
 * The media sections of one `RTCPeerConnection`. A section carries the slot of one name in both directions, is always `sendrecv`, and
 * is never stopped: switching a track on later is a `replaceTrack`, and stopping the first section kills data channels in Firefox.
 */
export class Sections {
  readonly #peer: RTCPeerConnection;
  readonly #local: () => readonly SectionSource[];
  /** Whether the peer sends in the slot of this name. */
  readonly #used: (name: string) => boolean;
  readonly #stream: (name: string) => MediaStream | undefined;
  /** What the app had set on senders of former connections, by kind and slot. */
  readonly #settings: Map<string, RTCRtpSendParameters>;
  readonly #names = new Map<RTCRtpTransceiver, string>();
  /** Those whose sender has its settings. */
  readonly #settled = new Set<RTCRtpTransceiver>();

  constructor(
    peer: RTCPeerConnection,
    local: () => readonly SectionSource[],
    used: (name: string) => boolean,
    stream: (new () => MediaStream) | undefined,
    settings: Map<string, RTCRtpSendParameters>,
  ) {
    this.#peer = peer;
    this.#local = local;
    this.#used = used;
    this.#stream = groupedStreams(() => stream && new stream());
    this.#settings = settings;
  }

  /** `mid` -> slot name, of all sections that have a `mid` by now. */
  mids(): Record<string, string> {
    return Object.fromEntries(Array.from(this.#names).flatMap(([{ mid }, name]) => (mid === null ? [] : [[mid, name]])));
  }

  /** Gives each slot a section: its own, an idle one of its kind, or a new one. */
  beforeOffer(): void {
    const slots = this.#local();
    for (const slot of slots) {
      const { name, track } = slot;
      const idle = (transceiver: RTCRtpTransceiver, given: string): boolean =>
        kindOf(transceiver) === track.kind && !this.#used(given) && !slots.some((taken) => taken.name === given);
      const section = this.#of(name, track.kind) ?? this.#find(idle);
      const stream = this.#stream(name);
      if (section) this.#put(section, name, track);
      else this.#names.set(this.#peer.addTransceiver(track, { streams: stream ? [stream] : [] }), name);
    }
  }

  /** Before the first remote offer, once or more often: tracks that are there by then take its sections by themselves, which saves the answer some milliseconds. */
  beforeFirstOffer(): void {
    for (const { name, track } of this.#local()) {
      const stream = this.#stream(name);
      // By name, too: `sender.track` follows `replaceTrack()` some tasks later in Chromium.
      const taken = this.#of(name, track.kind) ?? this.#peer.getSenders().find((sender) => sender.track === track);
      if (!stream || taken) continue;
      const sender = this.#peer.addTrack(track, stream);
      const made = this.#peer.getTransceivers().find((transceiver) => transceiver.sender === sender);
      if (made) this.#names.set(made, name);
    }
  }

  /** Takes the names of the offer and puts our tracks on its sections. */
  beforeAnswer(mids: Readonly<Record<string, string>>): void {
    for (const transceiver of this.#peer.getTransceivers()) {
      const name = transceiver.mid === null ? undefined : mids[transceiver.mid];
      if (name === undefined) continue;
      const source = this.#local().find((slot) => slot.name === name && slot.track.kind === kindOf(transceiver));
      transceiver.direction = 'sendrecv';
      this.#put(transceiver, name, source?.track ?? null);
    }
  }

  /** Whether every slot has its section in the descriptions: if not, an offer is due. */
  complete(): boolean {
    return this.#local().every(({ name, track }) => this.#of(name, track.kind)?.mid);
  }

  /** Sections are negotiated: their senders get what the app had set on those of the same slots, once. */
  recall(): void {
    for (const [section, name] of this.#names) {
      if (this.#settled.has(section)) continue;
      const kept = this.#settings.get(settingsKey(section, name));
      const settled = (): unknown => this.#settled.add(section);
      if (kept) void setAgain(section.sender, kept).then(settled, settled);
      else settled();
    }
  }

  /** The connection is about to go: what is set on its senders is for those of the next one. */
  remember(): void {
    for (const [section, name] of this.#names) {
      const settings = this.#settled.has(section) ? settingsOf(section.sender) : undefined;
      // None: a connection that was closed under us, in Chromium. What an earlier one had stays.
      if (settings?.encodings?.length) this.#settings.set(settingsKey(section, name), settings);
    }
  }

  /** Puts a track, or none, on the section of a slot that has one already. */
  set(name: string, kind: string, track: MediaStreamTrack | null): Promise<void> | undefined {
    return this.#of(name, kind)?.sender.replaceTrack(track);
  }

  /** What arrives in a slot. */
  remoteTrack(name: string): MediaStreamTrack | undefined {
    return this.#find((_, given) => given === name)?.receiver.track;
  }

  /** The section of a slot. */
  #of(name: string, kind: string): RTCRtpTransceiver | undefined {
    return this.#find((transceiver, given) => given === name && kindOf(transceiver) === kind);
  }

  #find(fits: (transceiver: RTCRtpTransceiver, name: string) => boolean): RTCRtpTransceiver | undefined {
    return Array.from(this.#names).find(([transceiver, name]) => fits(transceiver, name))?.[0];
  }

  #put(transceiver: RTCRtpTransceiver, name: string, track: MediaStreamTrack | null): void {
    const { sender } = transceiver;
    const stream = this.#stream(name);
    this.#names.set(transceiver, name);
    // Chromium keeps sound and picture in step by the stream id of the description.
    if (track && stream && sender.track !== track) sender.setStreams?.(stream);
    if (sender.track !== track) void sender.replaceTrack(track).catch(() => {});
  }
}
