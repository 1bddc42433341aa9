export function startCall() { throw new Error('not there yet'); }
