/** What the wire under a channel does, in the hands of the test. */
export class Wire {
  readyState = 'connecting';
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  readonly sent: (string | Uint8Array)[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  refuse = false;
  closed = false;

  constructor(readonly protocol = '') {}

  send(data: string | Uint8Array): void {
    if (this.refuse) throw new TypeError('too large');
    this.sent.push(data);
    this.bufferedAmount += data.length;
  }
  close(): void {
    this.closed = true;
  }
  open(): void {
    this.readyState = 'open';
    this.onopen?.();
  }
  /** The network took everything. */
  drain(): void {
    this.bufferedAmount = 0;
    this.onbufferedamountlow?.();
  }
  get real(): RTCDataChannel {
    return this as object as RTCDataChannel;
  }
}
