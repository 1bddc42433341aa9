/**
 * Counts the connections that are made in this page from here on, whoever makes them. `alive` are not closed; `reachable` are still
 * in memory, closed or not: ask after a garbage collection.
 */
export function watchConnections() {
  const made = [];
  globalThis.RTCPeerConnection = new Proxy(globalThis.RTCPeerConnection, {
    construct(target, args) {
      const connection = Reflect.construct(target, args);
      made.push(new WeakRef(connection));
      return connection;
    },
  });
  return () => {
    const reachable = made.map((one) => one.deref()).filter(Boolean);
    return {
      made: made.length,
      reachable: reachable.length,
      alive: reachable.filter(({ connectionState }) => connectionState !== 'closed').length,
    };
  };
}
