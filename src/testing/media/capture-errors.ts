import { domError } from '../engine/rtc-error.js';

/** Ways in which a request for media fails, in the words of CORRECTNESS 5.1. */
export type CaptureFailure = 'denied' | 'dismissed' | 'not-found' | 'in-use' | 'aborted' | 'no-gesture';

/** Name, then the message of Chromium 156 and of Firefox 153. */
const FAILURES: Readonly<Record<CaptureFailure, readonly [name: string, chromium: string, firefox: string]>> = {
  denied: [
    'NotAllowedError',
    'Permission denied',
    'The request is not allowed by the user agent or the platform in the current context.',
  ],
  dismissed: [
    'NotAllowedError',
    'Permission dismissed',
    'The request is not allowed by the user agent or the platform in the current context.',
  ],
  'not-found': ['NotFoundError', 'Requested device not found', 'The object can not be found here.'],
  'in-use': ['NotReadableError', 'Could not start video source', 'Failed to allocate videosource'],
  aborted: ['AbortError', 'The operation was aborted.', 'Starting videoinput failed'],
  'no-gesture': [
    'InvalidStateError',
    'Failed to execute getDisplayMedia: must be called from a user gesture handler.',
    'getDisplayMedia requires transient activation from a user gesture.',
  ],
};

/** The `DOMException` of a failed request. */
export function captureError(failure: CaptureFailure, firefox: boolean): DOMException {
  const [name, chromium, mozilla] = FAILURES[failure];
  return domError(name, firefox ? mozilla : chromium);
}

/** mediacapture-main 4.3.7: which constraint cannot be met. Chromium's message is empty, Firefox has a text (CORRECTNESS 5.1). */
export function overconstrainedError(constraint: string, firefox: boolean): DOMException & { readonly constraint: string } {
  const message = firefox ? 'Constraints could be not satisfied.' : '';
  return Object.assign(domError('OverconstrainedError', message), { constraint });
}
