import type { WebSocketEvent, WebSocketLike } from 'peer-session/transports';

/** A WebSocket that does what a test says. */
export class FakeSocket implements WebSocketLike {
  static made: FakeSocket[] = [];
  readyState = 1;
  readonly sent: string[] = [];
  readonly closes: unknown[] = [];
  readonly #listeners: [type: string, listener: (event: WebSocketEvent) => void][] = [];

  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(...how: unknown[]): void {
    this.readyState = 2;
    this.closes.push(how);
  }

  addEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
    this.#listeners.push([type, listener]);
  }

  emit(type: string, event: Omit<WebSocketEvent, 'type'> = {}): void {
    for (const [wanted, listener] of this.#listeners) if (wanted === type) listener({ type, ...event });
  }

  hear(message: object): void {
    this.emit('message', { data: JSON.stringify(message) });
  }
}
