/** What `mintTurnCredentials()` takes. */
export interface TurnCredentialsOptions {
  /** The shared secret: `static-auth-secret` of coturn. */
  readonly secret: string;
  /** `turn:host:port?transport=udp` and so on, all of the same server. */
  readonly urls: string | readonly string[];
  /** How long the credentials are good for, in seconds. @defaultValue `3600` */
  readonly ttlSeconds?: number;
  /** Stands in the username, so in the server's log. @defaultValue nobody */
  readonly user?: string;
  /** Unix time in milliseconds. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/** Credentials in the shape that the option `iceServers` of a session takes. */
export interface TurnCredentials {
  /** For `RTCPeerConnection`. */
  readonly iceServers: readonly { readonly urls: string[]; readonly username: string; readonly credential: string }[];
  /** Unix time in milliseconds. */
  readonly expiresAt: number;
}

/**
 * Makes time-limited TURN credentials, by the scheme of coturn's `use-auth-secret` (draft-uberti-behave-turn-rest-00): the
 * username is `expiry:user`, the credential the base64 of its HMAC-SHA1 under the shared secret. Uses WebCrypto, so it runs on
 * Node, Deno, Bun and Workers. Keep the secret on the server.
 *
 * @throws TypeError for an empty secret, no address, or a time to live that is not positive.
 * @example
 * ```ts
 * import { mintTurnCredentials } from 'peer-session/server';
 *
 * const answer = await mintTurnCredentials({
 *   secret: 'the static-auth-secret of coturn',
 *   urls: ['turn:turn.example.com:3478?transport=udp', 'turns:turn.example.com:443?transport=tcp'],
 *   ttlSeconds: 600,
 * });
 * ```
 */
export async function mintTurnCredentials(options: TurnCredentialsOptions): Promise<TurnCredentials> {
  const { secret, ttlSeconds = 3600, user, now = Date.now } = options;
  const urls = [options.urls].flat();
  if (secret === '') throw new TypeError('mintTurnCredentials(): "secret" is empty.');
  if (urls.length === 0) throw new TypeError('mintTurnCredentials(): "urls" is empty.');
  if (!(ttlSeconds > 0)) throw new TypeError('mintTurnCredentials(): "ttlSeconds" must be above 0.');
  const expiry = Math.floor(now() / 1000 + ttlSeconds);
  const username = user === undefined || user === '' ? `${expiry}` : `${expiry}:${user}`;
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', text.encode(secret), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(username)));
  const credential = btoa(String.fromCharCode(...signature));
  return { iceServers: [{ urls, username, credential }], expiresAt: expiry * 1000 };
}
