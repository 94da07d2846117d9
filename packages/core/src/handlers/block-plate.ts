/** `blockPlate`: sites inside do not belong to a plate that is open around them. */
import { PlateError } from '../errors';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { openFrames } from '../plates/allocate-dim';
import { withHandler } from '../stack/handler';

export type BlockPlateOptions = ({ readonly name: string } | { readonly dim: number }) & {
  /** Whether it is an error if no such plate is open. Default: true. */
  readonly strict?: boolean | undefined;
};

/** @throws {PlateError} if no such plate is open */
export function blockPlate<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: BlockPlateOptions,
): Model<Args, R> {
  return withHandler(model, () => {
    const open = openFrames();
    const frame = open.find((f) => ('name' in options ? f.name === options.name : f.dim === options.dim));
    if (frame === undefined) {
      if (options.strict === false) return {};
      throw new PlateError({
        problem: `blockPlate: no plate with ${'name' in options ? `name '${options.name}'` : `dim ${options.dim}`} is open`,
        plates: open,
        fix: 'name a plate that is open where blockPlate is called, or pass strict: false.',
      });
    }
    return {
      process: (message) =>
        produce(message, (draft) => {
          draft.infer = { ...message.infer, blockPlates: [...(message.infer.blockPlates ?? []), frame.name] };
        }),
    };
  });
}
