/** Random choices that are the same for the same seed: mulberry32. */
export function createDraw(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    pick: (list) => list[Math.floor(next() * list.length)],
    /** A whole number, both ends among them. */
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
  };
}
