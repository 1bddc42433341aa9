import type { DataChannel, PeerSession } from 'peer-session';
import { NEXT } from '../../src/session-state.js';
import type { AppDeed } from './schedule.js';
import { resumes } from './schedule.js';

/** What arrived on a channel: the life of the sender's page, and the number that it gave. */
export interface Arrival {
  readonly from: string;
  readonly n: number;
}

/** One channel as its app sees it. */
export interface ChannelReport {
  readonly state: 'connecting' | 'open' | 'closed';
  /** Numbers whose `send()` was called, that resolved, that were refused. */
  readonly sent: number;
  readonly handed: readonly number[];
  readonly refused: readonly number[];
  readonly arrived: readonly Arrival[];
  /** What `messages-lost` warnings told. */
  readonly reportedLost: number;
  /** It was open at some time. */
  readonly met: boolean;
  /** This app closed it. */
  readonly shut: boolean;
}

/** What an app sees of its session, as plain data. */
export interface AppReport {
  readonly life: string;
  readonly state: { readonly status: string; readonly by?: string; readonly reason?: string; readonly error?: string };
  readonly started: 'no' | 'waiting' | 'resolved' | 'rejected';
  readonly local: readonly { readonly name: string; readonly muted: boolean; readonly mid: string | null }[];
  readonly remote: readonly {
    readonly name: string;
    readonly muted: boolean;
    readonly mid: string | null;
    readonly live: boolean;
  }[];
  /** `remote`, as told by events. */
  readonly heard: readonly string[];
  readonly channels: Readonly<Record<string, ChannelReport>>;
  readonly warnings: readonly { readonly code: string; readonly text: string }[];
  readonly unexpected: readonly string[];
}

interface Ledger {
  channel: DataChannel;
  sent: number;
  handed: number[];
  refused: number[];
  arrived: Arrival[];
  reportedLost: number;
  met: boolean;
  shut: boolean;
}

/** An app around one session, in one life of its page: opens what the peer opens, writes everything down. */
export class App {
  readonly life: string;
  readonly session: PeerSession;
  readonly #track: (kind: 'audio' | 'video') => Promise<MediaStreamTrack>;
  #disposed = false;
  readonly #tracks: MediaStreamTrack[] = [];
  readonly #ledgers = new Map<string, Ledger>();
  readonly #heard = new Map<string, boolean>();
  readonly #warnings: { code: string; text: string }[] = [];
  readonly #unexpected: string[] = [];
  #started: AppReport['started'] = 'no';

  constructor(life: string, session: PeerSession, track: (kind: 'audio' | 'video') => Promise<MediaStreamTrack>) {
    this.life = life;
    this.session = session;
    this.#track = track;
    session.on('statechange', ({ state, previous }) => {
      if (!NEXT[previous.status].includes(state.status)) this.#unexpected.push(`${previous.status} -> ${state.status}`);
    });
    session.on('channel', ({ name }) => this.#open(name));
    session.on('track', ({ name }) => this.#heard.set(name, this.#heard.get(name) ?? false));
    session.on('trackremoved', ({ name }) => this.#heard.delete(name));
    session.on('trackmute', ({ name, muted }) => this.#heard.set(name, muted));
    session.on('warning', ({ error }) => {
      this.#warnings.push({ code: error.code, text: `${error.message} ${error.cause ?? ''}`.trim() });
      const [, count, name] = /^.*?(\d+) messages on the channel "(.*)" were lost/.exec(error.message) ?? [];
      const ledger = name === undefined ? undefined : this.#ledgers.get(name);
      if (ledger) ledger.reportedLost += Number(count);
    });
  }

  get over(): boolean {
    return /^(closed|failed)$/.test(this.session.state.status);
  }

  start(): void {
    this.#started = 'waiting';
    this.session.start().then(
      () => (this.#started = 'resolved'),
      () => (this.#started = 'rejected'),
    );
  }

  /** Does what an app does. What the session refuses because it is over is no surprise. */
  do(deed: AppDeed): void {
    if (this.over) return;
    try {
      void this.#do(deed).catch((error: unknown) => this.#surprised(deed.act, error));
    } catch (error) {
      this.#surprised(deed.act, error);
    }
  }

  async #do(deed: AppDeed): Promise<void> {
    const { session } = this;
    switch (deed.act) {
      case 'publish':
        return this.#publish(deed.name, deed.kind, deed.own);
      case 'remove':
        return session.media.remove(deed.name);
      case 'mute':
        return session.media.mute(deed.name);
      case 'unmute':
        return session.media.unmute(deed.name);
      case 'open':
        return void this.#open(deed.channel);
      case 'shut':
        return this.#shut(deed.channel);
      case 'send':
        return this.#send(deed.channel, deed.count, deed.bytes);
      case 'restart':
        return session.restart();
      case 'kill':
        return session.connection?.close();
      case 'probe':
        for (const [name, { channel }] of this.#ledgers) if (channel.state === 'open') this.#send(name, 1, 0);
        return;
      case 'close':
        return session.close(deed.reason);
    }
  }

  async #publish(name: string, kind: 'audio' | 'video', own: boolean): Promise<void> {
    if (!own && (kind === 'video' || name === 'microphone')) {
      await this.session.media.publish(name, true);
      return;
    }
    const track = await this.#track(kind);
    this.#tracks.push(track);
    // One that came to a page that was frozen until its end.
    if (this.#disposed) track.stop();
    if (!this.over) await this.session.media.publish(name, track);
  }

  #open(name: string): Ledger | null {
    const known = this.#ledgers.get(name);
    if (known && known.channel.state !== 'closed') return known;
    // A name that was closed is not used again.
    if (known || this.over) return null;
    const channel = this.session.channel(name, resumes(name) ? { resume: true } : {});
    const ledger: Ledger = { channel, sent: 0, handed: [], refused: [], arrived: [], reportedLost: 0, met: false, shut: false };
    this.#ledgers.set(name, ledger);
    channel.opened.then(
      () => {
        ledger.met = true;
      },
      () => {},
    );
    channel.onMessage((data) => {
      const [from = '', n = ''] = String(data).split(' ', 2);
      ledger.arrived.push({ from, n: Number(n) });
    });
    return ledger;
  }

  #shut(name: string): void {
    const ledger = this.#ledgers.get(name);
    if (!ledger || ledger.channel.state === 'closed') return;
    ledger.shut = true;
    ledger.channel.close();
  }

  #send(name: string, count: number, bytes: number): void {
    const ledger = this.#open(name);
    if (!ledger) return;
    for (let i = 0; i < count; i++) {
      const n = ++ledger.sent;
      const sent = ledger.channel.send(`${this.life} ${n} ${'x'.repeat(bytes)}`);
      sent.then(
        () => ledger.handed.push(n),
        () => ledger.refused.push(n),
      );
    }
  }

  #surprised(what: string, error: unknown): void {
    // A wish for a slot gives way to a later one.
    if (!this.over && !/a newer call replaced/.test(`${error}`)) this.#unexpected.push(`${what}: ${error}`);
  }

  /** The app's own tracks end with the app. */
  dispose(): void {
    this.#disposed = true;
    for (const track of this.#tracks) track.stop();
  }

  report(): AppReport {
    const { session } = this;
    const { state } = session;
    const transceivers = this.over ? [] : (session.connection?.getTransceivers() ?? []);
    return {
      life: this.life,
      state: {
        status: state.status,
        ...(state.status === 'closed' && { by: state.by, reason: state.reason }),
        ...(state.status === 'reconnecting' && { reason: state.reason }),
        ...(state.status === 'failed' && { error: `${state.error.code}: ${state.error.message}` }),
      },
      started: this.#started,
      local: session.media.list().map(({ name, muted, track }) => {
        return { name, muted, mid: transceivers.find(({ sender }) => sender.track === track)?.mid ?? null };
      }),
      remote: session.remote.list().map(({ name, muted, track }) => {
        const mid = transceivers.find(({ receiver }) => receiver.track === track)?.mid ?? null;
        return { name, muted, mid, live: track.readyState === 'live' };
      }),
      heard: [...this.#heard].map(([name, muted]) => `${name}${muted ? ' muted' : ''}`).sort(),
      channels: Object.fromEntries([...this.#ledgers].map(([name, ledger]) => [name, reportOf(ledger)])),
      warnings: this.#warnings,
      unexpected: this.#unexpected,
    };
  }
}

function reportOf({ channel, ...rest }: Ledger): ChannelReport {
  return { ...rest, state: channel.state };
}
