/** Full-jitter backoff: the wait before try number `attempt` (from 0), between half of and the whole step. */
export function backoffMs(attempt: number, random: number, firstMs: number, maxMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(attempt, 30), maxMs) * (0.5 + random / 2);
}
