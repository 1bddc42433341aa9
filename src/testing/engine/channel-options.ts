import type { FakeDataChannel } from './data-channel.js';
import { domError } from './rtc-error.js';

/** RFC 8832 6: 65535 is no stream. */
const LAST_ID = 65_534;

/** What webrtc-pc 6.1 `createDataChannel` refuses. @param taken the channels that there are */
export function checkChannelOptions(label: string, init: RTCDataChannelInit, taken: readonly FakeDataChannel[]): void {
  const { id, negotiated = false, maxPacketLifeTime, maxRetransmits } = init;
  if (new TextEncoder().encode(label).length > 65_535) throw new TypeError('The label is longer than 65535 bytes.');
  if (maxPacketLifeTime !== undefined && maxRetransmits !== undefined) {
    throw new TypeError('maxPacketLifeTime and maxRetransmits cannot both be set.');
  }
  if (negotiated && id === undefined) throw new TypeError('A negotiated channel needs an id.');
  if (negotiated && id !== undefined && (id < 0 || id > LAST_ID)) throw new TypeError(`The id must be between 0 and ${LAST_ID}.`);
  if (negotiated && taken.some((channel) => channel.streamId === id && channel.readyState !== 'closed')) {
    throw domError('OperationError', `The id ${id} is in use.`);
  }
}
