/** An event of DOM section 2.2, without bubbling: the targets of WebRTC stand alone. */
export class FakeEvent implements Event {
  readonly NONE = 0 as const;
  readonly CAPTURING_PHASE = 1 as const;
  readonly AT_TARGET = 2 as const;
  readonly BUBBLING_PHASE = 3 as const;
  readonly type: string;
  readonly bubbles: boolean = false;
  readonly cancelable: boolean = false;
  readonly composed: boolean = false;
  readonly defaultPrevented: boolean = false;
  readonly isTrusted: boolean = true;
  readonly timeStamp: number;
  cancelBubble = false;
  returnValue = true;
  currentTarget: EventTarget | null = null;
  target: EventTarget | null = null;
  srcElement: EventTarget | null = null;
  eventPhase = 0;
  /** Set by `stopImmediatePropagation`. */
  stopped = false;

  constructor(type: string, timeStamp = 0) {
    this.type = type;
    this.timeStamp = timeStamp;
  }

  composedPath(): EventTarget[] {
    return this.currentTarget ? [this.currentTarget] : [];
  }
  initEvent(): void {
    // Deprecated (DOM 2.2): an event that was dispatched cannot be changed.
  }
  preventDefault(): void {
    // None of these events has a default action.
  }
  stopPropagation(): void {
    this.cancelBubble = true;
  }
  stopImmediatePropagation(): void {
    this.stopped = true;
  }
}

/** webrtc-pc 5.8. */
export class FakeTrackEvent extends FakeEvent implements RTCTrackEvent {
  readonly receiver: RTCRtpReceiver;
  readonly track: MediaStreamTrack;
  readonly streams: readonly MediaStream[];
  readonly transceiver: RTCRtpTransceiver;

  constructor(transceiver: RTCRtpTransceiver, streams: readonly MediaStream[]) {
    super('track');
    this.transceiver = transceiver;
    this.receiver = transceiver.receiver;
    this.track = transceiver.receiver.track;
    this.streams = Object.freeze([...streams]);
  }
}

/** webrtc-pc 4.8.2. */
export class FakeIceEvent extends FakeEvent implements RTCPeerConnectionIceEvent {
  readonly candidate: RTCIceCandidate | null;
  /** Of the server that the candidate came from; deprecated, still there in Chromium. */
  readonly url: string | null;

  constructor(candidate: RTCIceCandidate | null, url: string | null = null) {
    super('icecandidate');
    this.candidate = candidate;
    this.url = url;
  }
}

/** webrtc-pc 4.8.3. */
export class FakeIceErrorEvent extends FakeEvent implements RTCPeerConnectionIceErrorEvent {
  readonly address: string | null;
  readonly port: number | null;
  readonly url: string;
  readonly errorCode: number;
  readonly errorText: string;

  constructor(init: { address: string | null; port: number | null; url: string; errorCode: number; errorText: string }) {
    super('icecandidateerror');
    this.address = init.address;
    this.port = init.port;
    this.url = init.url;
    this.errorCode = init.errorCode;
    this.errorText = init.errorText;
  }
}

/** webrtc-pc 6.4. */
export class FakeDataChannelEvent extends FakeEvent implements RTCDataChannelEvent {
  readonly channel: RTCDataChannel;

  constructor(channel: RTCDataChannel) {
    super('datachannel');
    this.channel = channel;
  }
}

/** HTML 9.1. */
export class FakeMessageEvent<T> extends FakeEvent implements MessageEvent<T> {
  readonly data: T;
  readonly lastEventId: string = '';
  readonly origin: string = '';
  readonly ports: readonly MessagePort[] = [];
  readonly source: MessageEventSource | null = null;

  constructor(data: T) {
    super('message');
    this.data = data;
  }
  initMessageEvent(): void {
    // Deprecated (HTML 9.1).
  }
}

/** webrtc-pc 11.2.2 */
export class FakeErrorEvent extends FakeEvent implements RTCErrorEvent {
  readonly error: RTCError;

  constructor(error: RTCError) {
    super('error');
    this.error = error;
  }
}

/** mediacapture-main 4.2.4 (`MediaStreamTrackEvent`). */
export class FakeStreamTrackEvent extends FakeEvent implements MediaStreamTrackEvent {
  readonly track: MediaStreamTrack;

  constructor(type: 'addtrack' | 'removetrack', track: MediaStreamTrack) {
    super(type);
    this.track = track;
  }
}
