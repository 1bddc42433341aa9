/** `new URL()` that says `undefined` instead of throwing; `URL.parse` is younger than the oldest Node this runs on. */
export function parseUrl(text: string, base?: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}
