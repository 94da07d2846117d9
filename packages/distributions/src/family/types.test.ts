/** What must not compile. `npm run check:types` fails if one of the lines marked @ts-expect-error compiles after all. */
import type { tf } from '@pyro-ts/ops';
import { positive, real, unitInterval } from '../constraints';
import { Gamma, Normal, Uniform } from '../continuous';
import { defineFamily, oneOf, param } from './index';

const Coin = defineFamily({
  name: 'Coin (type test)',
  description: 'For the tests of types.',
  source: 'None.',
  params: [oneOf(param('probs', unitInterval), param('logits', real))],
  support: unitInterval,
  logProb: ({ probs }) => probs,
});

/** Never called. */
export function compiles(x: tf.Tensor): readonly tf.Tensor[] {
  const d = Normal({ loc: [1, 2], scale: x }, { validateArgs: false });
  return [
    d.loc,
    d.scale,
    Normal(0).scale,
    Uniform(x, 2).high,
    Gamma(1, 2).rate,
    Gamma({ concentration: 1, scale: 2 }).rate,
    Coin({ logits: x }).probs,
  ];
}

/** Never called. */
export function doesNotCompile(): void {
  // @ts-expect-error unknown parameter
  Normal({ loc: 0, sigma: 1 });
  // @ts-expect-error a string is no number
  Normal('0', 1);
  // @ts-expect-error too many parameters
  Normal(0, 1, 2);
  // @ts-expect-error unknown option
  Normal(0, 1, { validate: true });
  // @ts-expect-error required parameter missing
  Gamma({ rate: 1 });
  // @ts-expect-error both members of a group
  Coin({ probs: 0.5, logits: 0 });
  // @ts-expect-error no member of a group
  Coin({});
  // @ts-expect-error no such parameter on an instance
  void Normal(0, 1).rate;
  defineFamily({
    name: 'X',
    description: '',
    source: '',
    params: [param('rate', positive)],
    support: positive,
    // @ts-expect-error formulas see declared parameters only
    logProb: ({ scale }) => scale as tf.Tensor,
  });
}

describe('types of a declared family', () => {
  it('derive members of a group from the one given, also at run time', () => {
    const values = (t: tf.Tensor): number => t.dataSync()[0];
    expect(values(Gamma({ concentration: 1, scale: 4 }).rate)).toBe(0.25);
    expect(() => Coin({ probs: 0.5, logits: 0 } as never)).toThrow(
      /exactly one of 'probs', 'logits', got 'probs', 'logits'/,
    );
    expect(() => Coin({} as never)).toThrow(/exactly one of 'probs', 'logits', got none/);
  });
});
