/** The entry points of the package: what is imported, where its build lies, and whether it runs in a browser. */
export const entries: readonly { readonly name: string; readonly folder: string; readonly web: boolean }[] = [
  { name: 'peer-session', folder: '', web: true },
  { name: 'peer-session/transports', folder: 'transports/', web: true },
  { name: 'peer-session/connectivity', folder: 'connectivity/', web: true },
  { name: 'peer-session/testing', folder: 'testing/', web: true },
  { name: 'peer-session/server', folder: 'server/', web: false },
];
