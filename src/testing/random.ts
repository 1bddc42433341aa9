/** Random numbers that repeat for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** Whole, from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** True in this share of all cases, 0 to 1. */
  chance(share: number): boolean;
  /** One of these. The list must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** Letters and digits. */
  text(length: number): string;
  /** A source of its own that depends on this one's seed and the label, not on what was drawn so far. */
  fork(label: string): Random;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** FNV-1a, to make a seed out of a label. */
function hashOf(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Makes a source of random numbers from a seed (mulberry32). Not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: <T>(list: readonly T[]): T => {
      const drawn = list[int(0, list.length - 1)];
      if (drawn === undefined) throw new RangeError('Nothing to pick from.');
      return drawn;
    },
    text: (length) => Array.from({ length }, () => LETTERS.charAt(int(0, LETTERS.length - 1))).join(''),
    fork: (label) => createRandom(hashOf(label, seed)),
  };
}
