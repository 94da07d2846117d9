import * as pyro from 'pyro-ts';
import { infer, optim } from 'pyro-ts';
import { settings, timed } from '../shared/support.ts';
import { images, side } from './digits.ts';
import { vae, type Sizes } from './model.ts';

const { quick, seed, steps } = settings();
const pixels = side * side;
const [training, held] = [images.slice(0, 1500), images.slice(1500)];

const sizes: Sizes = { pixels, hidden: 64, latent: 8 };
const batch = 100;
console.log(`A variational autoencoder of ${training.length} handwritten digits, ${held.length} held out\n`);

const svi = infer.SVI({
  ...vae({ ...sizes, batch }),
  optim: optim.Adam({ learningRate: optim.cosineDecay({ initial: 3e-3, steps: 2 * steps }) }),
  loss: infer.TraceELBO(),
  precision: 'float32',
});
const { params, state, losses } = await timed(`SVI, ${2 * steps} steps of ${batch} images`, () =>
  svi.run({ steps: 2 * steps, seed }, pyro.lift(training)),
);
const tail = losses.slice(-100);
const bound = -tail.reduce((sum, loss) => sum + loss, 0) / tail.length / training.length;
console.log(`bound on the log likelihood of an image, in training: ${bound.toFixed(2)} nats`);

/** The bound of the held-out images, their latent vectors guessed by the encoder. */
const whole = vae(sizes);
const test = pyro.lift(held);
const onTest = infer.SVI({ ...whole, optim: optim.Adam(), loss: infer.TraceELBO({ numParticles: 50 }) });
const heldOut = -onTest.evaluate(state, test) / held.length;
console.log(
  `held out: ${heldOut.toFixed(2)} nats; with a probability for each pixel alone: ${apart().toFixed(2)}\n`,
);

const shown = pyro.lift(held.slice(0, 10));
const { logits } = infer.Predictive(whole.model, { guide: whole.guide, params, numSamples: 16, seed })(shown);
const dreams = infer.Predictive(whole.model, { params, numSamples: 1, seed, returnSites: ['logits'] })(shown);
const probability = (draws: pyro.NdArray, image: number, pixel: number): number => {
  const [n, rows] = draws.shape;
  let sum = 0;
  for (let d = 0; d < n; d++) sum += 1 / (1 + Math.exp(-draws.data[(d * rows + image) * pixels + pixel]));
  return sum / n;
};
console.log('held-out digits:');
draw((image, pixel) => held[image][pixel]);
console.log('what the decoder makes of what the encoder saw:');
draw((image, pixel) => probability(logits, image, pixel));
console.log('digits of its own, from draws of the prior:');
draw((image, pixel) => probability(dreams.logits, image, pixel));

if (!(heldOut > (quick ? -19.3 : -18.5))) process.exitCode = 1;

/** The held-out log likelihood of an image whose pixels have nothing to do with each other. */
function apart(): number {
  const ink = Array.from({ length: pixels }, (_, i) => training.reduce((sum, image) => sum + image[i], 1));
  const p = ink.map((count) => count / (training.length + 2));
  const logProb = (image: number[]): number =>
    image.reduce((sum, x, i) => sum + Math.log(x === 1 ? p[i] : 1 - p[i]), 0);
  return held.reduce((sum, image) => sum + logProb(image), 0) / held.length;
}

/** Ten pictures side by side. */
function draw(shade: (image: number, pixel: number) => number): void {
  const inks = ' .:-=+*#%@';
  const ink = (p: number): string => inks[Math.min(inks.length - 1, Math.floor(p * inks.length))].repeat(2);
  for (let y = 0; y < side; y++) {
    const line = Array.from({ length: 10 }, (_, image) =>
      Array.from({ length: side }, (_, x) => ink(shade(image, y * side + x))).join(''),
    );
    console.log(line.join('  ').trimEnd());
  }
  console.log();
}
