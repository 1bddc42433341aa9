import type { Random } from './random.js';

/** One timer that waits. */
export interface TimerEntry {
  readonly at: number;
  readonly order: number;
  readonly lane: object;
  readonly loud: boolean;
  readonly fn: () => void;
  /** Where it stands in the heap; absent once it left. */
  index?: number;
}

function before(a: TimerEntry, b: TimerEntry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** A binary heap of timers, earliest first, in the order of their making among equals. */
export class TimerHeap {
  readonly #entries: TimerEntry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get first(): TimerEntry | undefined {
    return this.#entries[0];
  }

  push(entry: TimerEntry): void {
    this.#place(entry, this.#entries.length);
    this.#up(entry);
  }

  remove(entry: TimerEntry): void {
    const index = entry.index;
    if (index === undefined) return;
    delete entry.index;
    const last = this.#entries.pop();
    if (!last || last === entry) return;
    this.#place(last, index);
    this.#up(last);
    this.#down(last);
  }

  /** The next one; with `random`, any of those due at the same time, but the first of its lane. */
  pop(random?: Random): TimerEntry | undefined {
    const first = this.first;
    if (!first) return undefined;
    const entry = random ? this.#draw(first, random) : first;
    this.remove(entry);
    return entry;
  }

  #draw(first: TimerEntry, random: Random): TimerEntry {
    const heads = new Map<object, TimerEntry>();
    const look = (index: number): void => {
      const entry = this.#entries[index];
      if (!entry || entry.at !== first.at) return;
      const head = heads.get(entry.lane);
      if (!head || entry.order < head.order) heads.set(entry.lane, entry);
      look(2 * index + 1);
      look(2 * index + 2);
    };
    look(0);
    if (heads.size === 1) return first;
    // Sorted, since the shape of the heap is no part of what a seed promises.
    const sorted = [...heads.values()].sort((a, b) => a.order - b.order);
    return random.pick(sorted);
  }

  #place(entry: TimerEntry, index: number): void {
    this.#entries[index] = entry;
    entry.index = index;
  }

  #up(entry: TimerEntry): void {
    for (;;) {
      const index = entry.index ?? 0;
      const parent = this.#entries[(index - 1) >> 1];
      if (index === 0 || !parent || !before(entry, parent)) return;
      this.#place(parent, index);
      this.#place(entry, (index - 1) >> 1);
    }
  }

  #down(entry: TimerEntry): void {
    for (;;) {
      const index = entry.index ?? 0;
      const left = this.#entries[2 * index + 1];
      const right = this.#entries[2 * index + 2];
      const child = right && left && before(right, left) ? right : left;
      if (!child || !before(child, entry)) return;
      const childIndex = child.index ?? 0;
      this.#place(child, index);
      this.#place(entry, childIndex);
    }
  }
}
