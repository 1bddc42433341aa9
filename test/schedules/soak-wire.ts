import type { SignalMessage } from 'peer-session';
import type { BusFaults } from 'peer-session/testing';
import { WebSocket } from 'ws';
import type { Random } from '../../src/testing/random.js';
import { strangeWords } from '../../src/testing/strange-words.js';
import type { SideName } from './schedule.js';

/** One page's way to the hub: its own socket, and ours to the hub in its name. */
interface Line {
  readonly side: SideName;
  readonly page: WebSocket;
  readonly hub: WebSocket;
}

/** What is said of one frame on the wire. */
interface Frame {
  readonly text: string;
  /** `null`: the hub's own word, or the page's to the hub. */
  readonly signal: SignalMessage | null;
}

function frameOf(data: { toString(): string }): Frame {
  const text = data.toString();
  const value = JSON.parse(text) as SignalMessage | { readonly type: string };
  return { text, signal: 'type' in value ? null : value };
}

/**
 * The wire between two pages and the hub, in real time: what the hub says to a page is lost, repeated, delayed so that it overtakes
 * the one before, and the socket of a carrier that is cut is destroyed. What the hub says itself (welcome, presence) it leaves alone.
 */
export class SoakWire {
  faults: BusFaults;
  /** What was said, for a failure. */
  readonly log: string[] = [];
  readonly #hubUrl: string;
  readonly #random: Random;
  readonly #lines = new Set<Line>();
  readonly #down = new Set<string>();

  constructor(hubUrl: string, random: Random, faults: BusFaults) {
    this.#hubUrl = hubUrl;
    this.#random = random;
    this.faults = faults;
  }

  /** Sockets of pages that are open. */
  get open(): number {
    return this.#lines.size;
  }

  /** Whether this side has a way to the hub at present. */
  has(side: SideName): boolean {
    return [...this.#lines].some((line) => line.side === side && line.hub.readyState === WebSocket.OPEN);
  }

  isDown(side: string): boolean {
    return this.#down.has(side);
  }

  /** A page has opened a socket. */
  take(side: SideName, page: WebSocket, query: string): void {
    const hub = new WebSocket(`${this.#hubUrl}${query}`, 'peer-session');
    const line: Line = { side, page, hub };
    this.#lines.add(line);
    const early: string[] = [];
    this.#note(side, 'socket open');
    page.on('message', (data) => {
      const frame = frameOf(data as Buffer);
      if (frame.signal) this.#said(line, frame.signal, frame.text);
      if (hub.readyState === WebSocket.OPEN) hub.send(frame.text);
      else early.push(frame.text);
    });
    hub.on('open', () => early.splice(0).forEach((text) => void hub.send(text)));
    hub.on('message', (data) => {
      const frame = frameOf(data as Buffer);
      if (frame.signal) this.#deliver(line, frame.text, frame.signal.kind);
      else if (page.readyState === WebSocket.OPEN) page.send(frame.text);
    });
    const ended = (from: WebSocket, to: WebSocket) => (code: number, reason: Buffer) => {
      if (this.#lines.delete(line)) this.#note(side, `socket closed ${code} ${from === hub ? 'by the hub' : ''}`);
      // 1005 and 1006 say that there was no closing frame; they cannot be sent.
      if (code === 1005 || code === 1006) to.terminate();
      else to.close(code, reason);
    };
    page.on('close', ended(page, hub));
    hub.on('close', ended(hub, page));
    // The close that follows tells.
    page.on('error', () => {});
    hub.on('error', () => {});
  }

  /** The carrier of this side is down until `restore`: its sockets are destroyed, and no new one is let in. */
  cut(side: SideName): void {
    this.#down.add(side);
    for (const line of this.#lines) if (line.side === side) line.page.terminate();
  }

  restore(side: SideName): void {
    this.#down.delete(side);
  }

  /** The page said something: it may hear itself, and a stranger may speak up. */
  #said(from: Line, signal: SignalMessage, text: string): void {
    this.#note(from.side, `says ${signal.kind}, epoch ${signal.epoch}, seq ${signal.seq}, ack ${signal.ack}`);
    if (this.#random.chance(this.faults.echo)) this.#deliver(from, text, 'echo');
    if (!this.#random.chance(this.faults.stranger)) return;
    const words = strangeWords(this.#random, signal);
    const strange = typeof words === 'string' ? words : JSON.stringify(words);
    for (const line of this.#lines) this.#deliver(line, strange, 'stranger');
  }

  #deliver(line: Line, text: string, what: string): void {
    const { loss, repeat, delayMs } = this.faults;
    const random = this.#random;
    if (random.chance(loss)) return this.#note(line.side, `loses ${what}`);
    const delay = (): number => delayMs[0] + random.next() * (delayMs[1] - delayMs[0]);
    const later = (ms: number): void => {
      setTimeout(() => {
        if (line.page.readyState !== WebSocket.OPEN) return;
        this.#note(line.side, `hears ${what}`);
        line.page.send(text);
      }, ms);
    };
    const ms = delay();
    later(ms);
    if (random.chance(repeat)) later(ms + random.next() * 4 * (delay() + 1));
  }

  #note(side: string, what: string): void {
    this.log.push(`${Date.now()} wire ${side} ${what}`);
  }
}
