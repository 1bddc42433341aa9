import { SessionError } from '../errors.js';

/** RFC 7064 and RFC 7065: no `//`, IPv6 in brackets, no port 0, `?transport=` for TURN only. */
const GRAMMAR = /^(?:stuns?|(turns?)):(?:\[[\da-f:.]+]|[^\s:/?#@[\]]+)(?::0*([1-9]\d*))?(\?transport=(?:udp|tcp))?$/i;

/**
 * Checks `iceServers` before a browser sees them, because browsers differ in what they refuse and none names the entry.
 * Gives back a copy in one shape: `urls` an array, scheme and transport in lower case (Firefox refuses `transport=UDP`).
 *
 * Throws a `SessionError` `ice-server-invalid` that names the entry. Nothing of a credential is in its message.
 */
export function checkIceServers(servers: unknown): RTCIceServer[] {
  const check = (fine: unknown, where: string): void => {
    if (!fine) throw new SessionError('ice-server-invalid', `iceServers${where} is not valid.`);
  };
  check(Array.isArray(servers), '');
  return (servers as readonly (RTCIceServer & { url?: string })[]).map((server, i) => {
    // `url` was the name until 2014; both browsers still take it.
    const urls = [server?.urls ?? server?.url ?? []].flat().map((url, j) => {
      const [address, turn, port, query] = GRAMMAR.exec(url) ?? [];
      // A pasted `turn:user:password@host` or `?password=...` stays out of the message.
      check(
        address && !(Number(port) > 65535) && (turn || !query),
        `[${i}].urls[${j}]: "${`${url}`.replace(/:.*@|\?.*/gs, '...')}"`,
      );
      for (const key of ['username', 'credential'] as const) check(!turn || server[key], `[${i}].${key}`);
      return url.replace(/^\w+|\?.*/g, (part) => part.toLowerCase());
    });
    check(urls[0], `[${i}].urls`);
    return { ...server, urls };
  });
}

/** When the first time-limited credential ends, in Unix milliseconds: usernames `<Unix seconds>:name` or `<Unix seconds>`. */
export function expiryOf(servers: readonly RTCIceServer[]): number | null {
  const ends = servers.flatMap(({ username }) => /^\d{10}(?=:|$)/.exec(`${username}`) ?? []);
  return ends[0] ? Math.min(...ends.map(Number)) * 1000 : null;
}
