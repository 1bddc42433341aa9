// What the compiler knows of errors. Compiled by `npm run typecheck`, never run: an unused @ts-expect-error is a failure.
import { isSessionError, SessionError, type SessionErrorCode, type SessionStage } from 'peer-session';
import { expectTypeOf } from 'vitest';

declare const thrown: unknown;

// The guard narrows what `catch` gives, to the code that was asked for.
if (isSessionError(thrown)) {
  expectTypeOf(thrown).toExtend<SessionError>();
  expectTypeOf(thrown.code).toEqualTypeOf<SessionErrorCode>();
  expectTypeOf(thrown.stage).toEqualTypeOf<SessionStage>();
  expectTypeOf(thrown.cause).toEqualTypeOf<unknown>();
}
if (isSessionError(thrown, 'media-denied')) expectTypeOf(thrown.code).toEqualTypeOf<'media-denied'>();
else expectTypeOf(thrown).toEqualTypeOf<unknown>();
// @ts-expect-error nothing is known before
void thrown.code;
// @ts-expect-error there is no such code
isSessionError(thrown, 'media-forbidden');

// A code narrows in a switch.
function cureOf(error: SessionError): string {
  if (error.code === 'media-denied' || error.code === 'media-not-found') {
    expectTypeOf(error.code).toEqualTypeOf<'media-denied' | 'media-not-found'>();
  }
  return error.hint;
}
expectTypeOf(cureOf).parameter(0).toEqualTypeOf<SessionError>();
expectTypeOf<'ice-failed' | 'peer-timeout' | 'signaling-refused'>().toExtend<SessionErrorCode>();

// Transports make their own.
expectTypeOf(new SessionError('signaling-refused', 'no', { cause: thrown, hint: 'Sign in.' })).toExtend<Error>();
// @ts-expect-error a code is one of ours
new SessionError('not-found', 'no');
// @ts-expect-error what is told is not changed
new SessionError('closed', 'no').code = 'aborted';
