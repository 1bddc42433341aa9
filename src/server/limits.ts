/** Bounds of what one client can make the hub do. Beyond them the client is told and closed, nobody else notices. */
export interface HubLimits {
  /** The longest message. @defaultValue `524288` */
  readonly messageBytes: number;
  /** Sustained messages per second of one client. @defaultValue `50` */
  readonly messagesPerSecond: number;
  /** Messages that one client may send at once after a pause. @defaultValue `200` */
  readonly messageBurst: number;
  /** Sustained bytes per second of one client. @defaultValue `1048576` */
  readonly bytesPerSecond: number;
  /** Bytes that one client may send at once after a pause. @defaultValue `4194304` */
  readonly byteBurst: number;
  /** Bytes that may wait in the socket of a client that reads slowly, where the socket tells (`bufferedAmount`). @defaultValue `4194304` */
  readonly bufferedBytes: number;
  /** Clients in one room. @defaultValue `64` */
  readonly peersPerRoom: number;
  /** Rooms. @defaultValue `10000` */
  readonly rooms: number;
  /** Clients in all rooms together. @defaultValue `10000` */
  readonly peers: number;
}

export const DEFAULT_LIMITS: HubLimits = {
  messageBytes: 512 * 1024,
  messagesPerSecond: 50,
  messageBurst: 200,
  bytesPerSecond: 1024 * 1024,
  byteBurst: 4 * 1024 * 1024,
  bufferedBytes: 4 * 1024 * 1024,
  peersPerRoom: 64,
  rooms: 10_000,
  peers: 10_000,
};
