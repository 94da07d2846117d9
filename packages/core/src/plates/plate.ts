/** `Plate`: a declared independence that can be entered many times. */
import { lift, tf } from '@pyro-ts/ops';
import { formatPlate, PlateError } from '../errors';
import type { PlateFrame } from '../messages/frame';
import { MarkovContext } from '../markov/context';
import { blank } from '../messages/blank';
import type { PlateMessage } from '../messages/message';
import { applyStack } from '../stack/apply-stack';
import { installedHandlers, replaceHandlers, runWith } from '../stack/stack';
import { allocateDim } from './allocate-dim';
import { checkPlateOptions, subsampleMismatch, type PlateOptions } from './plate-options';
import { plateHandler } from './plate-handler';

/**
 * Made inside a model by `plate(name, size)`. The subsample is drawn once, when the plate is made; entering it again
 * sees the same elements.
 */
export class Plate {
  readonly name: string;
  readonly size: number;
  readonly subsampleSize: number;
  readonly requestedDim: number | undefined;
  private isOpen = false;
  private readonly subsample: tf.Tensor | undefined;
  private use: 'vectorised' | 'sequential' | undefined;

  /** @throws {PlateError} if the options make no sense */
  constructor(name: string, options: PlateOptions) {
    const given = options.subsample === undefined ? undefined : lift(options.subsample, 'int32');
    const subsampleSize = given?.size ?? options.subsampleSize ?? options.size;
    checkPlateOptions(name, options, given, subsampleSize);
    const message: PlateMessage = {
      ...blank,
      kind: 'plate',
      name,
      size: options.size,
      subsampleSize,
      dim: options.dim,
      value: given,
    };
    this.name = name;
    this.size = options.size;
    this.requestedDim = options.dim;
    const answer = applyStack(message) as PlateMessage;
    this.subsample = answer.value;
    this.subsampleSize = this.subsample?.size ?? subsampleSize;
    if (this.subsampleSize !== subsampleSize)
      throw subsampleMismatch(name, subsampleSize, this.subsampleSize);
  }

  /** int32 [subsampleSize]: the elements present. */
  get indices(): tf.Tensor {
    return this.subsample ?? tf.range(0, this.size, 1, 'int32');
  }

  /**
   * Runs `body` with the plate open as a dim of the batch shape.
   * @throws {PlateError} if the dim is taken
   */
  run<R>(body: (indices: tf.Tensor) => R): R {
    this.claim('vectorised');
    const dim = allocateDim(this.name, this.subsampleSize, this.requestedDim);
    this.isOpen = true;
    try {
      return runWith(plateHandler(this.frameAt(dim), this.subsample), () => body(this.indices));
    } finally {
      this.isOpen = false;
    }
  }

  /** One element after the other, as plain numbers. Sites inside need names of their own: `sample(`x_${i}`, …)`. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    this.claim('sequential');
    const outer = installedHandlers();
    const elements = this.subsample === undefined ? undefined : this.subsample.dataSync();
    // The elements do not depend on each other, so enumeration can forget one when the next begins.
    const steps = new MarkovContext(0, false);
    this.isOpen = true;
    try {
      for (let index = 0; index < this.subsampleSize; index++) {
        const element = elements?.[index] ?? index;
        const frame = { ...this.frameAt(undefined), index: element };
        steps.enter();
        replaceHandlers([...outer, steps.handler, plateHandler(frame, this.subsample)]);
        yield element;
      }
    } finally {
      replaceHandlers(outer);
      this.isOpen = false;
    }
  }

  private frameAt(dim: number | undefined): PlateFrame {
    return { name: this.name, dim, size: this.subsampleSize, fullSize: this.size };
  }

  private claim(use: 'vectorised' | 'sequential'): void {
    if (this.isOpen) throw reentered(this.frameAt(this.requestedDim));
    if (this.use !== undefined && this.use !== use) {
      throw new PlateError({
        problem: `plate '${this.name}' is used both as a loop and with a body`,
        fix: 'make two plates with different names.',
      });
    }
    this.use = use;
  }
}

/** A plate opened while it, or one of its name, is open. */
export function reentered(frame: PlateFrame): PlateError {
  return new PlateError({
    problem: `${formatPlate(frame)} is entered inside itself`,
    fix: 'give the inner plate another name, or leave the outer one before.',
  });
}
