import { SessionError } from '../errors.js';

/**
 * The address to open: the app's own, made absolute, with the query of the protocol. http and https become ws and wss, as the
 * WebSocket standard does since 2023; older browsers do not.
 *
 * @throws SessionError `invalid-option` for what is no address.
 */
export function socketAddress(url: string | URL, query: Readonly<Record<string, string>>): URL {
  const page = (globalThis as Partial<typeof globalThis>).location?.href;
  let address: URL;
  try {
    address = new URL(url, page);
  } catch (cause) {
    throw notAnAddress(cause);
  }
  const scheme = /^(?:ws|http)(s?):$/.exec(address.protocol);
  if (!scheme) throw notAnAddress(undefined);
  address.protocol = `ws${scheme[1]}:`;
  address.hash = ''; // a fragment is a SyntaxError for the constructor
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address;
}

function notAnAddress(cause: unknown): SessionError {
  // Not quoted in the message: it may hold a token.
  return new SessionError('invalid-option', 'webSocket(): "url" is not an address of a WebSocket.', {
    cause,
    hint: 'Give an absolute address, like wss://example.com/signal; a relative one only in a page.',
  });
}

/** Host and path, for messages: what may hold a token is left out. */
export function shown(address: URL): string {
  return `${address.protocol}//${address.host}${address.pathname}`;
}
