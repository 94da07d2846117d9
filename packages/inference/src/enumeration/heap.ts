/** A priority queue: smallest priority first, then in the order of the ranks. */

interface Entry<T> {
  readonly priority: number;
  readonly rank: number;
  readonly item: T;
}

const isBefore = <T>(a: Entry<T>, b: Entry<T>): boolean =>
  a.priority < b.priority || (a.priority === b.priority && a.rank < b.rank);

export class Heap<T> {
  private readonly entries: Entry<T>[] = [];

  push(item: T, priority: number, rank: number): void {
    const { entries } = this;
    const entry = { item, priority, rank };
    let at = entries.push(entry) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && isBefore(entry, entries[parent]); parent = (at - 1) >> 1) {
      entries[at] = entries[parent];
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): { readonly item: T; readonly priority: number } | undefined {
    const { entries } = this;
    const top = entries[0] as Entry<T> | undefined;
    const last = entries.pop();
    if (entries.length === 0 || last === undefined) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isBefore(entries[child + 1], entries[child])) child++;
      if (!isBefore(entries[child], last)) break;
      entries[at] = entries[child];
      at = child;
    }
    entries[at] = last;
    return top;
  }
}
