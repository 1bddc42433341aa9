// @ts-check
/** @import { SignalingTransport } from 'peer-session' */

/**
 * A transport from scratch: what is said goes to the server by POST, what is heard comes as Server-Sent Events. It does not
 * order, repeat, acknowledge or reconnect: the session does that for every transport.
 *
 * @param {string} url where both are served
 * @param {string} room who shall hear whom
 * @returns {SignalingTransport}
 */
export const serverSentEvents = (url, room) => ({
  name: 'server-sent-events',
  connect({ peerId, signal, receive, lost }) {
    const address = `${url}?room=${encodeURIComponent(room)}&peer=${encodeURIComponent(peerId)}`;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const events = new EventSource(address);
      signal.addEventListener('abort', () => {
        events.close();
        reject(signal.reason);
      });
      events.onmessage = ({ data }) => receive(data);
      events.onerror = (event) => {
        events.close(); // Its own reconnecting stays unused: the session calls connect() again, with backoff.
        reject(new Error(`no event stream at ${url}`)); // Not open yet: connecting failed ...
        lost(event); // ... open already: the carrier is down. One of the two does nothing.
      };
      events.onopen = () =>
        resolve({
          async send(message) {
            const keepalive = message.kind === 'bye'; // Said while the page goes, and must still leave it.
            const answer = await fetch(address, { method: 'POST', body: JSON.stringify(message), keepalive });
            if (!answer.ok) throw new Error(`POST ${url} answered ${answer.status}`); // What did not arrive must be told.
          },
          close: () => events.close(),
        });
    });
  },
});
