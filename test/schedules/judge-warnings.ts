import type { AppReport } from './app.js';
import type { PairReport } from './judge-pair.js';
import type { Schedule } from './schedule.js';

/** Which warnings a schedule gives reason for. All others are noise, or hide a fault. */
export function judgeWarnings(schedule: Schedule, { alice, bob, past }: PairReport): string[] {
  const did = (...acts: string[]): boolean => schedule.acts.some(({ act }) => acts.includes(act));
  const due: Readonly<Record<string, boolean>> = {
    // The carrier was cut.
    'signaling-lost': did('cut', 'network-down'),
    // A stranger said what is not JSON, or not a message.
    'signaling-message': schedule.faults.stranger > 0,
    // Their number is judged with the messages.
    'messages-lost': true,
    // A STUN or TURN server cannot be reached.
    'ice-server-unreachable': schedule.place !== 'lan' && did('network-down', 'ice-failure', 'address-change'),
  };
  const told = (report: AppReport): string[] =>
    report.warnings.flatMap(({ code, text }) => (due[code] ? [] : [`${report.life}: ${code} (${text})`]));
  return [...past, alice, bob].flatMap(told);
}
