/** The callback form of the old methods (webrtc-pc 4.4.3 "legacy interface extensions"): the promise then says nothing. */
export function withCallbacks<T>(
  promise: Promise<T>,
  success: (value: T) => void,
  failure: (error: DOMException) => void,
): Promise<void> {
  promise.then(success, failure);
  return Promise.resolve();
}
