// What a server writes. Its types need those of Node.
import * as server from 'peer-session/server';

export const names: readonly string[] = Object.keys(server);
