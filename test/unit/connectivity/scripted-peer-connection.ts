// An RTCPeerConnection that plays a script: what it gathers from its servers, when, and whether data comes through.
import type { Platform } from '../../../src/platform.js';

/** What one configuration meets. Times are in milliseconds from `setLocalDescription()`. */
export interface Script {
  readonly candidates?: readonly { readonly line: string; readonly atMs?: number }[];
  readonly errors?: readonly {
    readonly code: number;
    readonly text?: string;
    readonly address?: string;
    readonly atMs?: number;
  }[];
  /** When gathering ends. Absent: never. */
  readonly completeMs?: number;
  /** One way through the relay, once both sides have candidates. Absent: nothing comes through. */
  readonly oneWayMs?: number;
  /** When ICE gives up. */
  readonly failedMs?: number;
  /** What `new` throws. */
  readonly refuses?: string;
}

/** Gives the script for a configuration. `made` counts the connections with the same configuration, from 0. */
export type Director = (configuration: RTCConfiguration, made: number) => Script;

const descriptions = new WeakMap<object, Scripted>();

class ScriptedChannel extends EventTarget {
  readyState = 'connecting';
  other: ScriptedChannel | undefined;
  readonly oneWayMs: number;

  constructor(oneWayMs: number) {
    super();
    this.oneWayMs = oneWayMs;
  }

  open(other: ScriptedChannel): void {
    this.other = other;
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  send(data: string): void {
    setTimeout(() => {
      if (this.other?.readyState === 'open') this.other.dispatchEvent(new MessageEvent('message', { data }));
    }, this.oneWayMs);
  }
}

class Scripted extends EventTarget {
  readonly script: Script;
  channel: ScriptedChannel | undefined;
  localDescription: object | null = null;
  connectionState = 'new';
  closed = false;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  createDataChannel(): ScriptedChannel {
    this.channel = new ScriptedChannel(this.script.oneWayMs ?? 0);
    return this.channel;
  }

  async setLocalDescription(): Promise<void> {
    this.localDescription = {};
    descriptions.set(this.localDescription, this);
    for (const { line, atMs = 1 } of this.script.candidates ?? [])
      this.#later(atMs, 'icecandidate', { candidate: { candidate: line } });
    for (const { code, text = '', address = null, atMs = 1 } of this.script.errors ?? []) {
      this.#later(atMs, 'icecandidateerror', { errorCode: code, errorText: text, address });
    }
    if (this.script.completeMs !== undefined) this.#later(this.script.completeMs, 'icecandidate', { candidate: null });
    if (this.script.failedMs !== undefined) {
      this.#later(this.script.failedMs, 'connectionstatechange', {}, () => {
        this.connectionState = 'failed';
      });
    }
  }

  async setRemoteDescription(description: object): Promise<void> {
    const [a, b] = [this.channel, descriptions.get(description)?.channel];
    const answered = this.localDescription !== null;
    if (!answered || this.script.oneWayMs === undefined || !a || !b) return;
    setTimeout(() => {
      b.open(a);
      a.open(b);
    }, 10);
  }

  async addIceCandidate(): Promise<void> {}

  close(): void {
    this.closed = true;
    if (this.channel) this.channel.readyState = 'closed';
  }

  #later(ms: number, type: string, fields: object, before = (): void => {}): void {
    setTimeout(() => {
      if (this.closed) return;
      before();
      this.dispatchEvent(Object.assign(new Event(type), fields));
    }, ms);
  }
}

/** The constructor to hand in as `platform.PeerConnection`, and everything it built. */
export function scriptedPeerConnection(direct: Director): Pick<Platform, 'PeerConnection'> & { built: Scripted[] } {
  const built: Scripted[] = [];
  const made = new Map<string, number>();
  const scriptFor = (configuration: RTCConfiguration): Script => {
    const key = JSON.stringify(configuration);
    const count = made.get(key) ?? 0;
    made.set(key, count + 1);
    const script = direct(configuration, count);
    if (script.refuses !== undefined) throw new DOMException(script.refuses, 'UnknownError');
    return script;
  };
  class Directed extends Scripted {
    constructor(configuration: RTCConfiguration) {
      super(scriptFor(configuration));
      built.push(this);
    }
  }
  const PeerConnection: unknown = Directed;
  return { PeerConnection: PeerConnection as Platform['PeerConnection'], built };
}
