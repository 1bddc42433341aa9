// The call by the library under test, as an app would write it.
import { createSession } from '../../../src/index.ts';
import { webSocket } from '../../../src/transports/index.ts';

/** Filters by name, since functions do not travel from the laboratory to the page. */
const FILTERS = {
  'no host': ({ candidate }) => !candidate.includes(' typ host'),
  'relay only': ({ candidate }) => candidate.includes(' typ relay'),
};

/** More than any case reads; a call of half an hour with hundreds of outages must not fill memory with our own notes. */
const MAX_NOTES = 200;
let sessions = 0;

export function startCall({
  url,
  room,
  iceServers,
  iceUrl,
  turnAfterMs,
  iceTransportPolicy,
  filter,
  timeouts,
  channel = { resume: true },
  stream,
  probe,
}) {
  const log = [];
  const note = (what, more) => {
    if (log.push({ at: Date.now(), what, ...more }) > MAX_NOTES) log.shift();
  };
  const answers = [];
  sessions += 1;
  const session = createSession({
    transport: webSocket(`${url}/signal`, { room }),
    iceServers: iceUrl
      ? (context) => fetchServers(iceUrl, context, answers)
      : turnAfterMs
        ? (context) => turnLater(iceServers, turnAfterMs, context, answers)
        : iceServers,
    ...(stream && { media: stream }),
    ...(iceTransportPolicy && { iceTransportPolicy }),
    ...(filter && { candidateFilter: FILTERS[filter] }),
    ...(timeouts && { timeouts }),
  });
  session.on('statechange', ({ state }) => {
    const { status, reason, attempt, error, by } = state;
    note(status, { reason, attempt, by, error: error && plain(error) });
  });
  session.on('routechange', ({ route }) => note('route', { route }));
  session.on('peerchange', ({ change }) => note(`peer ${change}`));
  session.on('warning', ({ error }) => note('warning', { error: plain(error) }));
  session.on('track', ({ name, stream: theirs }) => {
    note(`track ${name}`);
    if (name === 'camera') probe.show(theirs);
  });
  const count = session.channel('count', channel);
  count.onMessage((text) => probe.receive(text));
  count.opened.then(
    () => probe.sendWith((text) => count.send(text)),
    () => {},
  );
  const connected = session.start();
  connected.catch(() => {});
  return {
    connected,
    connection: () => session.connection,
    report: async () => ({
      state: session.state.status,
      error: session.state.error && plain(session.state.error),
      route: session.route,
      log,
      answers,
      timeline: session.timeline,
      sessions,
    }),
    restart: () => session.restart(),
    /** A second sound: a new section, so a new offer and answer in the middle of the call. */
    publishMore: async () => {
      const [track] = new AudioContext().createMediaStreamDestination().stream.getTracks();
      await session.media.publish('second', track);
    },
    pause: () => session.pause(),
    resume: () => session.resume(),
    close: () => session.close(),
  };
}

/** What an app does: asks its own server, which makes time-limited credentials. */
async function fetchServers(iceUrl, { reason, signal }, answers) {
  answers.push({ at: Date.now(), reason });
  return (await fetch(iceUrl, { signal })).json();
}

/** STUN at first, TURN with the first renewal: a call that has to begin on the direct path. */
async function turnLater(iceServers, turnAfterMs, { reason }, answers) {
  answers.push({ at: Date.now(), reason });
  return reason === 'start' ? { iceServers: iceServers.slice(0, 1), expiresAt: Date.now() + turnAfterMs } : iceServers;
}

const plain = ({ code, stage, message, hint, cause }) => ({
  code,
  stage,
  message,
  hint,
  cause: cause && String(cause.message ?? cause),
});
