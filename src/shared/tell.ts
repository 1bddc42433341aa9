/** Calls a listener of the app. Its bug is its own: thrown where the page sees it, not into what we do. */
export function tell<T>(listener: (event: T) => void, event: T): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
