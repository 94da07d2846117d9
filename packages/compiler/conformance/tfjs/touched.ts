/** What a test ran, noted by the kernels themselves. */
export class Touched {
  /** Kernels, or kinds of values, that a backend does not compile. */
  readonly outside = new Set<string>();
  /** Kernel calls that went through it. */
  calls = 0;

  reset(): void {
    this.outside.clear();
    this.calls = 0;
  }
}
