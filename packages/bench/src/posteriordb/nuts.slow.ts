/** NUTS on posteriors with known answers: 4 chains of 2,000 draws. */
import { discreteLatents, loadPosterior, posteriors } from '.';
import { runNuts } from './run-nuts';

jest.setTimeout(600_000);

const titled = [...posteriors, ...discreteLatents].map(
  (declared) => [[declared.name, declared.variant].filter(Boolean).join(', '), declared] as const,
);

describe.each(titled)('%s', (_title, declared) => {
  it('every mean within 4 combined MCSE of the reference, sd within 10 %, R-hat < 1.01', async () => {
    const { scalars } = await runNuts(loadPosterior(declared), 20_240_611);
    const wrong = scalars.filter(
      ({ z, sdRatio, rhat }) => !(Math.abs(z) < 4 && Math.abs(sdRatio - 1) < 0.1 && rhat < 1.01),
    );
    expect(wrong).toEqual([]);
  });
});
