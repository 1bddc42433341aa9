/**
 * The signaling server: a hub for sockets of any runtime, a server for Node around it, and time-limited TURN credentials.
 * `npx peer-session` starts it. Importing it loads neither a module of Node nor ws.
 *
 * @module server
 * @category API
 */
export { CLOSE } from './close-code.js';
export { type CloseOptions, createServer, type ServerOptions, type SignalingServer } from './create-server.js';
export { createHub, type Hub, type HubMember, type HubOptions, type JoinOptions } from './hub.js';
export type { IceAnswer, IceServerEntry, TurnOptions } from './ice-answer.js';
export type { Authorization, Authorize, JoinRequest } from './join-request.js';
export type { HubLimits } from './limits.js';
export type { HubSocket } from './member.js';
export type { Origins } from './origins.js';
export type { StaticFolders } from './static-files.js';
export { mintTurnCredentials, type TurnCredentials, type TurnCredentialsOptions } from './turn-credentials.js';
