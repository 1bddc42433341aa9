import { domError } from './rtc-error.js';
import type { Extension, Sdp } from './sdp.js';

const LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const OFFSET = 'urn:ietf:params:rtp-hdrext:toffset';
const ORIENTATION = 'urn:3gpp:video-orientation';

/** What each kind offers, in Chromium's order: the same id means different things with audio alone and with video alone. */
const WISHES: Readonly<Record<'audio' | 'video', readonly string[]>> = {
  audio: [LEVEL, SEND_TIME, TRANSPORT_CC, MID],
  video: [OFFSET, SEND_TIME, ORIENTATION, TRANSPORT_CC, MID],
};

/** Header extension ids of one description, unique across its bundle (RFC 9143 7.1.3, RFC 8285 4.2). */
export class ExtensionIds {
  readonly #byUri = new Map<string, number>();

  /** Ids that earlier descriptions settled stay as they are. */
  learn(sdp: Sdp | undefined): void {
    for (const section of sdp?.sections ?? []) for (const { id, uri } of section.extensions) this.#byUri.set(uri, id);
  }

  of(kind: 'audio' | 'video'): Extension[] {
    return WISHES[kind].map((uri, index) => ({ id: this.#assign(uri, index + 1), uri }));
  }

  #assign(uri: string, wished: number): number {
    const known = this.#byUri.get(uri);
    if (known !== undefined) return known;
    const taken = new Set(this.#byUri.values());
    let id = wished;
    // Chromium 156 counts down from 14 where the usual id is taken.
    for (let next = 14; taken.has(id); next--) id = next;
    this.#byUri.set(uri, id);
    return id;
  }
}

/**
 * What the transport has seen. Chromium refuses an id that changes its meaning, even where the description that gave it was undone
 * (CORRECTNESS 0.1b).
 */
export class UsedExtensions {
  readonly #byId = new Map<number, string>();

  /** Throws what Chromium 156 throws. */
  check(sdp: Sdp): void {
    for (const { id, uri } of sdp.sections.flatMap((section) => section.extensions)) {
      const known = this.#byId.get(id);
      if (known !== undefined && known !== uri) {
        throw domError('InvalidAccessError', 'RTP extension ID reassignment not supported.');
      }
    }
  }

  record(sdp: Sdp): void {
    for (const { id, uri } of sdp.sections.flatMap((section) => section.extensions)) this.#byId.set(id, uri);
  }

  clear(): void {
    this.#byId.clear();
  }
}
