/** A model is a function. Handlers keep its type: arguments and result survive. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the only bound that every argument list satisfies
export type Model<Args extends unknown[] = any[], R = unknown> = (...args: Args) => R;
