/** A `DOMException`, made when it is needed: importing this package touches no global. */
export function domError(name: string, message: string): DOMException {
  return new DOMException(message, name);
}

/** webrtc-pc 11.2: an `OperationError` with details. */
export function rtcError(
  errorDetail: RTCErrorDetailType,
  message: string,
  details: { sctpCauseCode?: number; sdpLineNumber?: number; receivedAlert?: number } = {},
): RTCError {
  return Object.assign(domError('OperationError', message), {
    errorDetail,
    receivedAlert: details.receivedAlert ?? null,
    sctpCauseCode: details.sctpCauseCode ?? null,
    sdpLineNumber: details.sdpLineNumber ?? null,
    sentAlert: null,
  });
}

/** What Chromium 156 says when the peer closed its connection (CORRECTNESS 3.9). */
export function abortError(): RTCError {
  return rtcError('sctp-failure', 'User-Initiated Abort, reason=Close called', { sctpCauseCode: 12 });
}
