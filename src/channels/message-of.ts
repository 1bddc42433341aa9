import type { SessionError } from '../errors.js';

/** What is handed to the browser: text, or a view of bytes. */
export type Message = string | Uint8Array<ArrayBuffer>;

/** Takes what an app may send, of another realm, too; `null` for anything else. */
export function messageOf(data: string | ArrayBuffer | ArrayBufferView): Message | null {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return Object.prototype.toString.call(data) === '[object ArrayBuffer]' ? new Uint8Array(data) : null;
}

/** A message that waits for room. */
export interface Waiting {
  readonly data: Message;
  readonly signal: AbortSignal | undefined;
  readonly done: () => void;
  readonly fail: (error: SessionError) => void;
}
