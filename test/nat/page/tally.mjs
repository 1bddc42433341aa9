/**
 * Counts the numbered messages of one life of the other page: 1, 2, 3 and so on. What came without a gap is one number, so that a
 * call of hours needs no more room than one of seconds.
 */
export function createTally() {
  const ahead = new Set(); // Came before one that is still missing.
  const counts = { received: 0, last: 0, repeated: 0, disordered: 0 };
  let whole = 0; // All up to here have come.
  return {
    counts,
    add(n) {
      if (n <= whole || ahead.has(n)) {
        counts.repeated += 1;
        return;
      }
      if (n < counts.last) counts.disordered += 1;
      counts.received += 1;
      counts.last = Math.max(counts.last, n);
      ahead.add(n);
      while (ahead.delete(whole + 1)) whole += 1;
    },
  };
}

/** The newest times, at least `keep` of them. */
export function createTimes(keep) {
  let times = [];
  let total = 0;
  return {
    add(time) {
      total += 1;
      if (times.push(time) >= 2 * keep) times = times.slice(-keep);
    },
    get newest() {
      return times;
    },
    get total() {
      return total;
    },
  };
}
