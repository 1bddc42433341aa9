import type { SessionError } from '../errors.js';
import type { Platform } from '../platform.js';
import { type ChannelOptions, RESUME_PROTOCOL } from './channel-options.js';
import type { ControlWord } from './control-word.js';
import { DataChannel } from './data-channel.js';

/** What was sent on a closed channel, and is due, may be so late behind the message before it. Chromium 156 may have dropped it. */
const REST_MS = 10_000;

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
export interface Channels {
  /** Bytes have gone both ways on the present connection. */
  readonly ready: boolean;
  /** There is one without `resume`: what is on its way in it is lost with the connection. */
  readonly plain: boolean;
  /** The channel of this name, made if need be. */
  open(name: string, options?: ChannelOptions): DataChannel;
  /** Puts all channels on a new connection. The side whose offer it is creates them; the other hears of them. */
  attach(peer: RTCPeerConnection, lead: boolean): void;
  /** The connection is gone. */
  detach(): void;
  /** Asks the peer for a sign of life. */
  ping(): void;
  /** Says goodbye on the data path too: it works where signaling does not. */
  bye(reason: string): void;
  close(): void;
}

/** Builds the channels of a session. */
export function createChannels({ platform, instance, announced, heard, proved, lost, bye, warn }: ChannelsOptions): Channels {
  const all = new Map<string, DataChannel>();
  /** What the app closed, until the peer has closed it too, over the next connection if need be. */
  const shut = new Map<string, DataChannel>();
  /** What the peer closed: how many messages of it are to come before this side closes the stream, -1 if none, and the end of the waiting. */
  const due = new Map<string, { sent: number; stop(): void }>();
  /** Channels of which this side closes the stream. */
  const endings = new Set<DataChannel>();
  /** Words that came before the control channel was open. */
  let early: unknown[] = [];
  let peer: RTCPeerConnection | null = null;
  let control: RTCDataChannel | null = null;
  let lead = false;
  /** The instance of the peer that was on the other end of the last channel. */
  let met: string | undefined;

  const ready = (): boolean => control?.readyState === 'open';

  const say = (word: ControlWord): void => {
    if (!ready()) return;
    try {
      control?.send(JSON.stringify(word));
    } catch {
      // Full or just closed: the next ping finds out.
    }
  };

  /** Bytes come from the peer. Another instance than the one before knows nothing of what was said; one that only called changes nothing. */
  const meet = (): void => {
    const before = met;
    met = instance();
    if (before === undefined || before === met) return;
    shut.clear();
    for (const channel of all.values()) channel.restarted();
  };

  /** Closes the stream. */
  const leave = (channel: DataChannel, gone = (): void => {}): void => {
    if (all.get(channel.name) === channel) all.delete(channel.name);
    endings.add(channel);
    channel.end(() => {
      endings.delete(channel);
      gone();
      all.forEach(wire);
    });
  };

  /** The peer closed it: its stream is closed when all that was sent on it is here. The peer's channel itself may come behind the word. */
  const settle = (name: string, now = false): void => {
    const one = due.get(name);
    if (!one) return;
    one.stop();
    const channel = all.get(name);
    if (!now && one.sent >= 0 && (channel?.attached ? channel.received < one.sent : channel || !lead)) {
      one.stop = platform.timer(() => settle(name, true), REST_MS);
      return;
    }
    due.delete(name);
    const gone = (): void => say({ closed: name });
    if (channel) leave(channel, gone);
    else gone();
  };

  const make = (name: string, options: ChannelOptions): DataChannel => {
    const channel: DataChannel = new DataChannel(name, options, {
      platform,
      met: meet,
      lost,
      received: () => settle(name),
      closed: () => {
        // The peer may have closed it before.
        if (all.get(name) !== channel) return;
        if (due.has(name)) return settle(name, true);
        all.delete(name);
        shut.set(name, channel);
        say({ close: name, sent: channel.sent });
      },
      warn,
    });
    all.set(name, channel);
    return channel;
  };

  const create = (channel: DataChannel): void => {
    // A connection that somebody closed under us takes no channel; the next one does.
    if (peer?.signalingState === 'closed') return;
    const { resume, ...init } = channel.options;
    const made = peer?.createDataChannel(channel.name, resume ? { protocol: RESUME_PROTOCOL } : init);
    if (made) channel.attach(made);
  };

  /** Creates it, or asks for it. Not while the peer may still have a closed one: under its name, or on the stream that the browser gives again. */
  const wire = (channel: DataChannel): void => {
    const { name, options } = channel;
    if (channel.attached || shut.size + endings.size > 0) return;
    if (lead) create(channel);
    else say({ open: name, options });
  };

  /** The peer has opened it: tells the app, if that has not asked for it yet. */
  const announce = ({ name, claimed }: DataChannel): void => {
    if (!claimed) announced(name);
  };

  const opened = (): void => {
    meet();
    // Before the counts: what one side has closed, the other does not count as lost.
    for (const [close, channel] of shut) say({ close, sent: channel.sent });
    say({ counts: Object.fromEntries(Array.from(all, ([name, { tally }]) => [name, tally.receivedBefore])) });
    all.forEach(wire);
    // SCTP opens by a four-way handshake over DTLS: bytes have gone both ways.
    proved();
    early.splice(0).forEach(hear);
  };

  const hear = (data: unknown): void => {
    // Firefox 153 hands over what came before somebody closed the connection under us: a word, but no proof of the path.
    if (peer?.signalingState !== 'closed') heard();
    // Chromium hands over words before it says that the channel is open: until then nothing can be answered.
    if (control?.readyState === 'connecting') return void early.push(data);
    let word: ControlWord | null;
    try {
      word = JSON.parse(String(data));
    } catch {
      return;
    }
    const { ping, bye: reason, open, options, close, sent, closed, counts } = word ?? {};
    if (typeof ping === 'number') say({ pong: ping });
    if (typeof reason === 'string') bye(reason);
    if (typeof open === 'string' && lead && !shut.has(open) && !all.get(open)?.attached) {
      const channel = all.get(open) ?? make(open, options ?? {});
      wire(channel);
      announce(channel);
    }
    // Where both closed it, the word of one is the answer to that of the other.
    const answered = shut.get(close ?? closed ?? '');
    if (answered) {
      shut.delete(answered.name);
      leave(answered);
    } else if (typeof close === 'string') {
      due.get(close)?.stop();
      due.set(close, { sent: sent ?? -1, stop: () => {} });
      settle(close);
    }
    if (counts) for (const channel of all.values()) channel.compare(Number(counts[channel.name] ?? 0));
  };

  const detach = (): void => {
    for (const channel of [...all.values(), ...shut.values(), ...endings]) channel.detach();
    endings.clear();
    for (const { stop } of due.values()) stop();
    due.clear();
    if (control) control.onopen = control.onclose = control.onmessage = null;
    if (peer) peer.ondatachannel = null;
    control = peer = null;
    early = [];
  };

  return {
    get ready() {
      return ready();
    },
    get plain() {
      return [...all.values()].some(({ options }) => !options.resume);
    },
    open(name, options = {}) {
      const channel = all.get(name) ?? make(name, options);
      channel.claimed = true;
      wire(channel);
      return channel;
    },
    attach(next, leading) {
      detach();
      peer = next;
      lead = leading;
      control = next.createDataChannel('peer-session', { negotiated: true, id: 0 });
      control.onopen = opened;
      control.onmessage = ({ data }: MessageEvent<unknown>) => hear(data);
      control.onclose = lost;
      next.ondatachannel = ({ channel: dc }) => {
        const { label, protocol } = dc;
        // Made before the peer heard that we closed it: the peer closes it when it hears.
        if (shut.has(label)) return;
        const channel = all.get(label) ?? make(label, { resume: protocol === RESUME_PROTOCOL });
        channel.attach(dc);
        announce(channel);
        settle(label);
      };
      if (lead) all.forEach(wire);
    },
    detach,
    ping: () => say({ ping: 1 }),
    bye: (reason) => say({ bye: reason }),
    close() {
      for (const channel of all.values()) channel.end();
      detach();
      all.clear();
    },
  };
}
