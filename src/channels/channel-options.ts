/** The subprotocol by which the creator of a channel tells that it is framed. */
export const RESUME_PROTOCOL = 'peer-session.resume';

/** How a channel delivers. What the side that creates it on the wire says, holds. */
export type ChannelOptions = {
  /** In order. @defaultValue `true` */
  readonly ordered?: boolean;
  /** Deliver every message exactly once and in order, across rebuilt connections too; any size. @defaultValue `false` */
  readonly resume?: boolean;
} & (
  | {
      /** Give a message up after so many retransmissions. */
      readonly maxRetransmits?: number;
      readonly maxPacketLifeTime?: never;
    }
  | {
      readonly maxRetransmits?: never;
      /** Give a message up after so many milliseconds. */
      readonly maxPacketLifeTime?: number;
    }
);

/** Messages may be lost by the app's own wish. */
export const isLossy = ({ maxRetransmits, maxPacketLifeTime }: ChannelOptions): boolean =>
  maxRetransmits !== undefined || maxPacketLifeTime !== undefined;

/** A message as it arrives: text as a string, bytes as an `ArrayBuffer`. */
export type ChannelData = string | ArrayBuffer;
