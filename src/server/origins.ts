import { parseUrl } from './parse-url.js';

/**
 * From which pages a server may be used: `'*'` for all, or a list of origins like `https://example.com`. Clients that are no
 * browser send no origin and always pass: this protects users of browsers, not the server (RFC 6455, section 10.2).
 *
 * @defaultValue pages whose host name is the server's own, on any port
 */
export type Origins = '*' | readonly string[];

/**
 * Decides whether a page may use the server.
 *
 * @param origin the header `Origin`
 * @param host the header `Host`
 */
export function judgeOrigin(origin: string | undefined, host: string | undefined, allowed: Origins | undefined): boolean {
  if (origin === undefined || allowed === '*') return true;
  if (allowed !== undefined) return allowed.some((one) => one.replace(/\/$/, '').toLowerCase() === origin.toLowerCase());
  const page = parseUrl(origin);
  const own = parseUrl(`http://${host ?? ''}`);
  return page !== undefined && own !== undefined && page.hostname === own.hostname;
}
