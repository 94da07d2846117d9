/** `@tensorflow/tfjs-node` and `-gpu` are optional: whoever does not ask for them never loads them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const loaded: string[] = [];
const optional = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
for (const name of optional) {
  jest.doMock(
    name,
    () => {
      loaded.push(name);
      throw new Error(`${name} is not installed`);
    },
    { virtual: true },
  );
}

it('an inference run loads neither', async () => {
  const { dist, infer, optim, sample } = await import('pyro-ts');
  const model = () => void sample('x', dist.Normal(0, 1));
  await infer.MCMC(infer.NUTS(model), { numWarmup: 5, numSamples: 5, numChains: 1, seed: 0 }).run();
  const guide = infer.AutoNormal(model);
  await infer.SVI({ model, guide, optim: optim.Adam(), loss: infer.TraceELBO() }).run({ steps: 3, seed: 0 });
  expect(loaded).toEqual([]);
});

it('no package installs them unasked', () => {
  const packages = join(__dirname, '..', '..');
  const manifests = readdirSync(packages, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(packages, name, 'package.json'))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, unknown>>);
  expect(manifests.length).toBeGreaterThan(5);
  for (const manifest of manifests) {
    for (const name of optional) {
      expect(manifest['dependencies']?.[name]).toBeUndefined();
      expect(manifest['optionalDependencies']?.[name]).toBeUndefined();
      if (manifest['peerDependencies']?.[name] !== undefined)
        expect(manifest['peerDependenciesMeta'][name]).toEqual({ optional: true });
    }
  }
});
