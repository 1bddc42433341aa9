// The page that the tests of the core drive. Bundled at the start of a test run by `stage.ts`.
import { createSession, type DataChannel, type PeerSession, type SessionEvents, type SessionOptions } from 'peer-session';
import { broadcastChannel, memory, webSocket } from 'peer-session/transports';

/** One event as it was heard, in plain data. `at` is Unix time: comparable between pages of one machine. */
export interface Heard {
  readonly type: string;
  readonly what: string;
  readonly at: number;
}

/** How a test asks for a session; whatever cannot travel from Node is named instead. */
export interface Wish
  extends Omit<SessionOptions, 'transport' | 'media' | 'recovery' | 'platform' | 'iceServers' | 'candidateFilter'> {
  readonly room: string;
  /** The address of a signaling server. Absent: a BroadcastChannel. */
  readonly server?: string;
  readonly media?: MediaStreamConstraints;
}

const TYPES = [
  'statechange',
  'track',
  'trackremoved',
  'trackmute',
  'channel',
  'routechange',
  'peerchange',
  'warning',
  'localtrack',
] as const satisfies readonly (keyof SessionEvents)[];

function wordOf(event: SessionEvents[keyof SessionEvents]): string {
  if ('state' in event) return event.state.status;
  if ('error' in event) return event.error.code;
  if ('change' in event) return event.change;
  if ('signaling' in event) return event.signaling;
  return 'route' in event ? event.route.kind : event.name;
}

/** What a page of the tests offers to `page.evaluate()`. */
export class Kit {
  readonly createSession = createSession;
  readonly broadcastChannel = broadcastChannel;
  readonly memory = memory;
  readonly webSocket = webSocket;
  session!: PeerSession;
  heard: Heard[] = [];
  /** Everything that arrived, by channel. */
  readonly got: Record<string, (string | ArrayBuffer)[]> = {};
  /** Messages that were reported as lost. */
  lost = 0;
  /** Anything a test wants to find again. */
  note: unknown;

  /** Builds the session of this page and notes what it tells. */
  open({ room, server, ...options }: Wish): PeerSession {
    const transport = server === undefined ? broadcastChannel(room) : webSocket(server, { room });
    const session = createSession({ transport, ...options });
    const heard: Heard[] = [];
    this.session = session;
    this.heard = heard;
    // Sound that nobody plays is not decoded, and has no energy.
    session.on('track', ({ stream }) => this.#play(stream));
    session.on('warning', ({ error }) => {
      if (error.code === 'messages-lost') this.lost += Number(/\d+/.exec(error.message)?.[0]);
    });
    for (const type of TYPES) session.on(type, (event) => heard.push({ type, what: wordOf(event), at: Date.now() }));
    return session;
  }

  #play(stream: MediaStream): void {
    if (Array.from(document.querySelectorAll('video')).some(({ srcObject }) => srcObject === stream)) return;
    const video = document.createElement('video');
    video.autoplay = true;
    video.srcObject = stream;
    document.body.append(video);
  }

  /** Opens a channel and keeps what arrives on it. */
  channel(name: string, options: Parameters<PeerSession['channel']>[1] = {}): DataChannel {
    const channel = this.session.channel(name, options);
    if (!this.got[name]) {
      const list: (string | ArrayBuffer)[] = [];
      this.got[name] = list;
      channel.onMessage((data) => list.push(data));
    }
    return channel;
  }

  /** How often this was heard. */
  count(type: string, what: string): number {
    return this.heard.filter((event) => event.type === type && event.what === what).length;
  }

  /** A track whose picture changes, without a device. */
  picture(): MediaStreamTrack {
    const canvas = document.createElement('canvas');
    canvas.width = 160;
    canvas.height = 120;
    const paint = canvas.getContext('2d');
    let frame = 0;
    setInterval(() => {
      if (!paint) return;
      paint.fillStyle = `hsl(${(frame++ * 13) % 360} 80% 50%)`;
      paint.fillRect(0, 0, 160, 120);
    }, 50);
    const [track] = canvas.captureStream(20).getVideoTracks();
    if (!track) throw new Error('a canvas gave no track');
    return track;
  }

  /** A track that sounds, without a device. */
  tone(): MediaStreamTrack {
    const audio = new AudioContext();
    const source = audio.createOscillator();
    const target = audio.createMediaStreamDestination();
    source.connect(target);
    source.start();
    const [track] = target.stream.getAudioTracks();
    if (!track) throw new Error('an oscillator gave no track');
    return track;
  }

  /** Frames decoded and sound energy received over all inbound streams (webrtc-stats section 6.2), of one slot if named. */
  async arriving(name?: string): Promise<{ frames: number; energy: number }> {
    const sum = { frames: 0, energy: 0 };
    const id = name === undefined ? undefined : this.session.remote.get(name)?.track.id;
    const stats = await this.session.connection?.getStats();
    stats?.forEach((report: { type: string; trackIdentifier?: string; framesDecoded?: number; totalAudioEnergy?: number }) => {
      if (report.type !== 'inbound-rtp' || (name !== undefined && report.trackIdentifier !== id)) return;
      sum.frames += report.framesDecoded ?? 0;
      sum.energy += report.totalAudioEnergy ?? 0;
    });
    return sum;
  }

  /** Resolves when frames are being decoded and sound with energy arrives, each as wished. */
  async flows(want: { readonly video?: boolean; readonly audio?: boolean }, name?: string): Promise<void> {
    const before = await this.arriving(name);
    for (;;) {
      const now = await this.arriving(name);
      const seen = !want.video || now.frames >= before.frames + 5;
      const listened = !want.audio || now.energy > before.energy;
      if (seen && listened) return;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }
}

declare global {
  var kit: Kit;
}

globalThis.kit = new Kit();
