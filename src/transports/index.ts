/**
 * Ways to carry the signaling messages of a session: inside a process, between tabs, over a port, over a WebSocket, and the
 * ones that take transports and give a transport. Each is a function that gives a `SignalingTransport`.
 *
 * @module transports
 * @category API
 */
export {
  type BroadcastChannelEvent,
  type BroadcastChannelLike,
  type BroadcastChannelOptions,
  broadcastChannel,
} from './broadcast-channel.js';
export { delayed } from './delayed.js';
export { type FallbackOptions, fallback } from './fallback.js';
export { type EmitterLike, type FromEmitterOptions, fromEmitter } from './from-emitter.js';
export { logged, type TransportLogEntry } from './logged.js';
export { lossy } from './lossy.js';
export { memory } from './memory.js';
export { type MessagePortEvent, type MessagePortLike, messagePort } from './message-port.js';
export { type AttemptContext, type WebSocketAddress, type WebSocketOptions, webSocket } from './web-socket.js';
export type { WebSocketConstructor, WebSocketEvent, WebSocketLike } from './web-socket-like.js';
