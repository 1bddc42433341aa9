import { isSessionError, SessionError, type SessionErrorCode } from '../errors.js';
import type { ConnectivityProblem } from './connectivity-report.js';

/** A problem with the general cure of its code, or an exact one. */
export function problemOf(code: SessionErrorCode, message: string, hint?: string): ConnectivityProblem {
  return { code, message, hint: hint ?? new SessionError(code, message).hint };
}

/** A thrown thing as a problem. A `SessionError` keeps its own words. */
export function problemFrom(error: unknown, code: SessionErrorCode, what: string): ConnectivityProblem {
  if (isSessionError(error)) return problemOf(error.code, error.message, error.hint);
  return problemOf(code, `${what}: ${error instanceof Error ? error.message || error.name : String(error)}`);
}
