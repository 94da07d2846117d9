import { Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { seed } from '../handlers/seed';
import './coercion';
import { sample } from '../primitives/sample';

const model = (use: (x: number) => unknown) => (): void => {
  use(sample('x', Normal(0, 1)) as unknown as number);
};
const run = (use: (x: number) => unknown) => (): void => {
  tf.tidy(() => seed(model(use), { seed: 0 })());
};

describe('a tensor used as a JavaScript value', () => {
  it.each<[string, (x: number) => unknown]>([
    ['x + 1', (x) => x + 1],
    ['x * 2', (x) => x * 2],
    ['x > 0', (x) => x > 0],
    ['x == 1', (x) => x == 1],
    ['Math.exp(x)', (x) => Math.exp(x)],
    ['Number(x)', (x) => Number(x)],
  ])('%s is an error that names the site', (_, use) => {
    expect(run(use)).toThrow(
      "at site 'x': a tensor of shape [] was used as a JavaScript number or in a comparison",
    );
  });

  it('of a computed tensor the error names the site before', () => {
    const use = (x: number): number => tf.add(x, 1) as unknown as number;
    expect(run((x) => use(x) - 1)).toThrow("a tensor of shape [], after site 'x', was used");
  });

  it('may be printed', () => {
    expect(run((x) => String(x))).not.toThrow();
    expect(run((x) => `${x}`)).not.toThrow();
  });
});
