/** `tf`: TensorFlow.js as pyro-ts speaks it. */
import { patchMethods } from './methods';

patchMethods();

export * as tf from './namespace';
