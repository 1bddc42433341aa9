/** What a page tells about its life and its network. */
export type PageEvent = 'online' | 'offline' | 'network' | 'visible' | 'hidden' | 'freeze' | 'resume' | 'pagehide' | 'pageshow';

/**
 * Everything the package takes from its surroundings. A browser is the default; tests and other runtimes hand in their
 * own with the option `platform`, whole or in part.
 */
export interface Platform {
  /** The constructor of peer connections, or `undefined` where there is no WebRTC. */
  readonly PeerConnection: (new (configuration?: RTCConfiguration) => RTCPeerConnection) | undefined;
  /** The constructor of media streams. */
  readonly MediaStream: (new (tracks?: MediaStreamTrack[]) => MediaStream) | undefined;
  /** Cameras, microphones and screens, or `undefined` on insecure pages and outside of browsers. */
  readonly mediaDevices: MediaDevices | undefined;
  /** Whether the page is a secure context. */
  readonly secure: boolean;
  /** Milliseconds on a clock that never runs backwards. */
  now(): number;
  /** Unix time in milliseconds: credentials end by it. */
  wall(): number;
  /** Calls `fn` once after `ms`; the returned function takes it back. */
  timer(fn: () => void, ms: number): () => void;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
  /** A new id of 128 random bits, as text. */
  id(): string;
  /** Listens to the page; the returned function stops that. */
  onPage(listener: (event: PageEvent) => void): () => void;
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Of the events of a page only those that a session acts on are listened to. */
function onPage(listener: (event: PageEvent) => void): () => void {
  // React Native has a window and no document.
  const { window, document, navigator } = globalThis as Partial<typeof globalThis>;
  const life = new AbortController();
  const listen = (target: EventTarget | undefined, event: PageEvent, type: string = event): void =>
    target?.addEventListener?.(type, () => listener(document?.hidden && event === 'visible' ? 'hidden' : event), {
      signal: life.signal,
    });
  listen(window, 'online');
  listen(window, 'pagehide');
  listen(window, 'pageshow');
  listen(document, 'resume');
  listen(document, 'visible', 'visibilitychange');
  // Network Information API: Chromium only.
  listen((navigator as { readonly connection?: EventTarget } | undefined)?.connection, 'network', 'change');
  return () => life.abort();
}

/** Reads the browser's globals. Called by `createSession()`, never at import. */
export function browserPlatform(): Platform {
  const g = globalThis as Partial<typeof globalThis>;
  return {
    PeerConnection: g.RTCPeerConnection,
    MediaStream: g.MediaStream,
    mediaDevices: g.navigator?.mediaDevices,
    secure: g.isSecureContext ?? true,
    now: () => performance.now(),
    wall: () => Date.now(),
    timer: (fn, ms) => {
      const id = setTimeout(fn, ms);
      return () => clearTimeout(id);
    },
    random: Math.random,
    id: randomId,
    onPage,
  };
}
