import type { SessionError } from '../errors.js';

/** At most one warning of a code in this time: a flood of bad messages is one warning. */
const EVERY_MS = 5_000;

/** `warn`, but each code at most every five seconds. */
export function sparingly(platform: { now(): number }, warn: (error: SessionError) => void): (error: SessionError) => void {
  const warned = new Map<string, number>();
  return (error) => {
    const now = platform.now();
    if (now - (warned.get(error.code) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
    warned.set(error.code, now);
    warn(error);
  };
}
