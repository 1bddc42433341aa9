import type { Environment } from './environment.js';

/** How an error is told: its name, and what kind of `RTCError` it is. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error) && !(error instanceof DOMException)) return `threw ${String(error)}`;
  const detail = 'errorDetail' in error ? ` ${String(error.errorDetail)}` : '';
  return error.name + detail;
}

/** `resolved`, or the name of the error. */
export function verdict(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'resolved', errorName);
}

/** The same for a call that does not wait. */
export function verdictOf(call: () => unknown): string {
  try {
    call();
    return 'returned';
  } catch (error) {
    return errorName(error);
  }
}

/** `pending` for what did not settle in a while. Everything that does settle here takes a few milliseconds. */
export function settled(env: Environment, promise: Promise<unknown>, ms = 300): Promise<string> {
  return Promise.race([verdict(promise), env.pass(ms).then(() => 'pending')]);
}

/** The next event of this type, or the first one for which `test` is true. */
export function next<E extends Event>(target: EventTarget, type: string, test: (event: E) => boolean = () => true): Promise<E> {
  return new Promise((resolve) => {
    const hear = (event: Event): void => {
      if (!test(event as E)) return;
      target.removeEventListener(type, hear);
      resolve(event as E);
    };
    target.addEventListener(type, hear);
  });
}

/** Waits until `test` holds, looking again at each event of this type. */
export async function until(target: EventTarget, type: string, test: () => boolean): Promise<void> {
  if (!test()) await next(target, type, test);
}

export const reaches = (pc: RTCPeerConnection, state: RTCPeerConnectionState): Promise<void> =>
  until(pc, 'connectionstatechange', () => pc.connectionState === state);

export const gathered = (pc: RTCPeerConnection): Promise<void> =>
  until(pc, 'icegatheringstatechange', () => pc.iceGatheringState === 'complete');

export const opened = (channel: RTCDataChannel): Promise<void> => until(channel, 'open', () => channel.readyState === 'open');

/** Counts events of a type from now on. */
export function count(target: EventTarget, type: string): { value: number } {
  const counter = { value: 0 };
  target.addEventListener(type, () => {
    counter.value += 1;
  });
  return counter;
}

/** Writes down each event of these types, in words. */
export function log(
  target: EventTarget,
  types: readonly string[],
  tell: (event: Event) => string = ({ type }) => type,
): string[] {
  const lines: string[] = [];
  for (const type of types) target.addEventListener(type, (event) => lines.push(tell(event)));
  return lines;
}

/** The states that an attribute goes through, from now on. */
export function states(target: EventTarget, type: string, read: () => string): string[] {
  return log(target, [type], read);
}
