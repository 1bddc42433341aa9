/** What is used of a WebSocket: those of browsers, Node, Deno, Bun, Workers and the package ws fit. */
export interface WebSocketLike {
  /** As in `WebSocket`: 1 is open. */
  readonly readyState: number;
  /** As in `WebSocket`. */
  send(data: string): void;
  /** As in `WebSocket`. */
  close(code?: number, reason?: string): void;
  /** As in `EventTarget`. */
  addEventListener(type: 'message' | 'close' | 'error', listener: (event: WebSocketEvent) => void): void;
  /** Ends it without a closing handshake; the package ws has it. */
  terminate?(): void;
}

/** What is read of a WebSocket's events. */
export interface WebSocketEvent {
  /** `open`, `message`, `error` or `close`. */
  readonly type: string;
  /** Of `message`. */
  readonly data?: unknown;
  /** Of `close`, RFC 6455 section 7.4. */
  readonly code?: number;
  /** Of `close`. */
  readonly reason?: string;
  /** Of `error`, outside of browsers. */
  readonly message?: string;
  /** Of `error`, outside of browsers. */
  readonly error?: unknown;
}

/** The constructor of a WebSocket. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;
