/** A map that forgets what was not used for the longest time. */
export class RecentlyUsed<V> {
  private readonly entries = new Map<string, V>();

  constructor(
    private readonly capacity: number,
    private readonly onDrop: (value: V) => void,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.entries.set(key, value);
    if (this.entries.size <= this.capacity) return;
    const [oldest, dropped] = this.entries.entries().next().value as [string, V];
    this.entries.delete(oldest);
    this.onDrop(dropped);
  }

  clear(): void {
    this.entries.forEach(this.onDrop);
    this.entries.clear();
  }
}
