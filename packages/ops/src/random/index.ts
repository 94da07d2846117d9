/** Random numbers: keys, the default generator, and (as the namespace `random`) draws. */
export * as random from './random';
export { defaultGenerator, setRngSeed, type Generator } from './generator';
export { foldIn, keyFromSeed, split, type RandomKey, type Stream } from './key';
