import { candidates } from './behaviours/candidates.js';
import { channels } from './behaviours/channels.js';
import { closing } from './behaviours/closing.js';
import { configuration } from './behaviours/configuration.js';
import { connections } from './behaviours/connections.js';
import { dtlsRole } from './behaviours/dtls-role.js';
import { gathering } from './behaviours/gathering.js';
import { mediaSections } from './behaviours/media-sections.js';
import { negotiationNeeded } from './behaviours/negotiation-needed.js';
import { operations } from './behaviours/operations.js';
import { restart } from './behaviours/restart.js';
import { rollback } from './behaviours/rollback.js';
import { sending } from './behaviours/sending.js';
import { signaling } from './behaviours/signaling.js';
import { statistics } from './behaviours/statistics.js';
import { tracks } from './behaviours/tracks.js';
import { transceivers } from './behaviours/transceivers.js';
import type { Behaviour } from './environment.js';

/** All that the fake and the browsers have to do alike. */
export const behaviours: readonly Behaviour[] = [
  ...candidates,
  ...channels,
  ...closing,
  ...configuration,
  ...connections,
  ...dtlsRole,
  ...gathering,
  ...mediaSections,
  ...negotiationNeeded,
  ...operations,
  ...restart,
  ...rollback,
  ...sending,
  ...signaling,
  ...statistics,
  ...tracks,
  ...transceivers,
];
