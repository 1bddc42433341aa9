// Runs in a real page: one session and the app around it, in one life of the page. The other side is another page, maybe another browser.
import { createSession, defaultRecovery, type SessionOptions } from 'peer-session';
import { webSocket } from 'peer-session/transports';
import { App, type AppReport } from './app.js';
import type { AppDeed } from './schedule.js';

/** How a page is told what to be. */
export interface PageWish {
  readonly life: string;
  readonly peerId: string;
  readonly address: string;
  readonly room: string;
  /** Camera and microphone are fetched at the start. */
  readonly fetch: boolean;
}

/** What one life of a page leaves behind. */
export interface LifeReport {
  readonly app: AppReport;
  readonly rollbacks: number;
  /** The most offers that one connection was given. */
  readonly offers: number;
  readonly story: readonly string[];
  /** Errors that reached nobody. */
  readonly stray: readonly string[];
}

/** Longer than anything takes here, shorter than a run may wait for the end. */
const PATIENCE_MS = 60_000;
const PAST = 'past';
const SMALL = { width: 160, height: 120, frameRate: 5 };

let app: App | undefined;
let rollbacks = 0;
const offers = new WeakMap<RTCPeerConnection, number>();
let mostOffers = 0;
const stray: string[] = [];
/** The page is about to crash: the session must not hear that it goes. */
let mute = false;
let audio: AudioContext | undefined;

/** Counts offers and rollbacks of every connection that this page makes. */
function watchEngine({ prototype }: typeof RTCPeerConnection): void {
  const offered = (peer: RTCPeerConnection): void => {
    const count = (offers.get(peer) ?? 0) + 1;
    offers.set(peer, count);
    mostOffers = Math.max(mostOffers, count);
  };
  const watch = <K extends 'setLocalDescription' | 'setRemoteDescription'>(
    name: K,
    rollsBack: (type: string, state: RTCSignalingState) => boolean,
  ): void => {
    const real = prototype[name] as (...given: unknown[]) => Promise<void>;
    const watched = function (this: RTCPeerConnection, ...given: [RTCSessionDescriptionInit?]): Promise<void> {
      const type = given[0]?.type ?? (this.signalingState === 'have-remote-offer' ? 'answer' : 'offer');
      if (rollsBack(type, this.signalingState)) rollbacks++;
      if (type === 'offer') offered(this);
      return real.apply(this, given);
    };
    prototype[name] = watched as RTCPeerConnection[K];
  };
  watch('setLocalDescription', (type) => type === 'rollback');
  watch('setRemoteDescription', (type, state) => type === 'rollback' || (type === 'offer' && state === 'have-local-offer'));
}

function drawnTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  audio ??= new AudioContext();
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')?.fillRect(0, 0, 9, 9);
  const stream = kind === 'video' ? canvas.captureStream(5) : audio.createMediaStreamDestination().stream;
  const [track] = stream.getTracks();
  if (!track) throw new Error('no track');
  return track;
}

function theApp(): App {
  if (!app) throw new Error('no app yet');
  return app;
}

function lifeReport(): LifeReport {
  const { session, life } = theApp();
  const report = theApp().report();
  const told = session.timeline
    .slice(-80)
    .map(({ atMs, what, detail }) => `${Math.round(performance.timeOrigin + atMs)} ${life} ${what} ${detail ?? ''}`);
  return { app: report, rollbacks, offers: mostOffers, story: told, stray };
}

/** What Node calls. */
export const kit = {
  begin({ life, peerId, address, room, fetch }: PageWish): void {
    const options: SessionOptions = {
      // No socket is half dead here, but a loaded machine may be late with an answer.
      transport: webSocket(address, { room, answerMs: PATIENCE_MS }),
      peerId,
      timeouts: { peerMs: PATIENCE_MS, connectingMs: PATIENCE_MS, signalingMs: PATIENCE_MS },
      recovery: defaultRecovery({ giveUpAfterMs: PATIENCE_MS }),
      ...(fetch && { media: { audio: true, video: SMALL } }),
    };
    app = new App(life, createSession(options), (kind) => Promise.resolve(drawnTrack(kind)));
  },
  start: (): void => theApp().start(),
  do: (deed: AppDeed): void => theApp().do(deed),
  pause: (): void => theApp().session.pause(),
  resume: (): void => theApp().session.resume(),
  /** Knows whom it talks to. */
  met: (): boolean => theApp().session.remotePeerId !== null,
  report: (): LifeReport => lifeReport(),
  /** What the life before this one left behind when the page was reloaded. */
  past(): LifeReport | null {
    const text = sessionStorage.getItem(PAST);
    sessionStorage.removeItem(PAST);
    return text === null ? null : (JSON.parse(text) as LifeReport);
  },
  /** Tells the address what there is, and hangs: nothing happens in this page any more until it is killed. */
  hang(address: string): void {
    const request = new XMLHttpRequest();
    request.open('POST', address, false);
    request.send(JSON.stringify(lifeReport()));
    for (;;);
  },
  /** Where a page cannot be killed: hears and says nothing any more, and does not say goodbye when the tab is closed. */
  vanish(): LifeReport {
    const report = lifeReport();
    mute = true;
    theApp().session.pause();
    theApp().session.connection?.close();
    return report;
  },
  async end(): Promise<LifeReport> {
    theApp().dispose();
    await theApp().session.close();
    // What close() rejects is told in a microtask.
    await new Promise((resolve) => setTimeout(resolve));
    return lifeReport();
  },
};

declare global {
  var soak: typeof kit;
}

watchEngine(RTCPeerConnection);
// Not what the console tells: Firefox writes errors there that no script has thrown, of a socket or a path that came to nothing.
const textOf = (error: unknown): string => (error instanceof Error ? `${error} ${error.stack}` : String(error));
addEventListener('error', ({ error, message }) => void stray.push(textOf(error ?? message)));
addEventListener('unhandledrejection', ({ reason }) => void stray.push(textOf(reason)));
// Before the session listens: what is written here is what the app had when its page went.
addEventListener('pagehide', (event) => {
  if (mute) event.stopImmediatePropagation();
  else if (app) sessionStorage.setItem(PAST, JSON.stringify(lifeReport()));
});
globalThis.soak = kit;
