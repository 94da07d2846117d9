/** Linear regressions. */
import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { tf, type NdArray } from '@pyro-ts/ops';
import {
  constant,
  design,
  indicator,
  scalar,
  vector,
  type Data,
  type PosteriorDeclaration,
} from './posterior';
import { flatPositive, flatVector, normalVector, times } from './priors';

/** y ~ Normal(X β, σ) with flat β and, unless another is given, flat σ. */
function flatRegression(
  x: NdArray,
  y: Float64Array,
  sigmaOf: () => tf.Tensor = () => flatPositive('sigma'),
): () => void {
  return () => {
    const beta = flatVector('beta', x.shape[1]);
    const sigma = sigmaOf();
    plate('data', y.length, () => sample('y', dist.Normal(times(x, beta), sigma), { obs: y }));
  };
}

const log = (values: Float64Array): Float64Array => values.map(Math.log);

export const kidscoreMomIq: PosteriorDeclaration = {
  name: 'kidiq-kidscore_momiq',
  renormalised: ['sigma'],
  model: (data) => {
    const iq = vector(data, 'mom_iq');
    const x = design([constant(iq.length), iq]);
    return flatRegression(x, vector(data, 'kid_score'), () => sample('sigma', dist.HalfCauchy(2.5)));
  },
};

export const kidscoreMomWork: PosteriorDeclaration = {
  name: 'kidiq_with_mom_work-kidscore_mom_work',
  model: (data) => {
    const work = vector(data, 'mom_work');
    const levels = [2, 3, 4].map((level) => indicator(work, level));
    return flatRegression(design([constant(work.length), ...levels]), vector(data, 'kid_score'));
  },
};

export const logMesquite: PosteriorDeclaration = {
  name: 'mesquite-logmesquite',
  model: (data) => {
    const names = ['diam1', 'diam2', 'canopy_height', 'total_height', 'density'];
    const logs = names.map((name) => log(vector(data, name)));
    const group = vector(data, 'group');
    return flatRegression(design([constant(group.length), ...logs, group]), log(vector(data, 'weight')));
  },
};

export const earnHeight: PosteriorDeclaration = {
  name: 'earnings-earn_height',
  model: (data) => {
    const height = vector(data, 'height');
    return flatRegression(design([constant(height.length), height]), vector(data, 'earn'));
  },
};

export const logEarnInteraction: PosteriorDeclaration = {
  name: 'earnings-logearn_interaction',
  model: (data) => {
    const [height, male] = [vector(data, 'height'), vector(data, 'male')];
    const both = height.map((h, i) => h * male[i]);
    return flatRegression(design([constant(height.length), height, male, both]), log(vector(data, 'earn')));
  },
};

export const nes: PosteriorDeclaration = {
  name: 'nes1976-nes',
  model: (data) => {
    const age = vector(data, 'age_discrete');
    const column = (name: string): Float64Array => vector(data, name);
    const x = design([
      constant(age.length),
      column('real_ideo'),
      column('race_adj'),
      ...[2, 3, 4].map((level) => indicator(age, level)),
      column('educ1'),
      column('gender'),
      column('income'),
    ]);
    return flatRegression(x, column('partyid7'));
  },
};

export const kilpisjarvi: PosteriorDeclaration = {
  name: 'kilpisjarvi_mod-kilpisjarvi',
  model: (data) => {
    const [x, y] = [vector(data, 'x'), vector(data, 'y')];
    const prior = (name: string): dist.Distribution =>
      dist.Normal(scalar(data, `pmu${name}`), scalar(data, `ps${name}`));
    return () => {
      const alpha = sample('alpha', prior('alpha'));
      const beta = sample('beta', prior('beta'));
      const sigma = flatPositive('sigma');
      plate('years', y.length, () =>
        sample('y', dist.Normal(tf.add(alpha, tf.mul(beta, x)), sigma), { obs: y }),
      );
    };
  },
};

/** Rows of a matrix in the data as columns. */
function columnsOf(data: Data, name: string): Float64Array[] {
  const rows = data[name] as readonly (readonly number[])[];
  return rows[0].map((_, j) => Float64Array.from(rows, (row) => row[j]));
}

export const blr: PosteriorDeclaration = {
  name: 'sblrc-blr',
  renormalised: ['sigma'],
  model: (data) => {
    const [x, y] = [design(columnsOf(data, 'X')), vector(data, 'y')];
    return () => {
      const beta = normalVector('beta', x.shape[1], 10);
      const sigma = sample('sigma', dist.HalfNormal(10));
      plate('data', y.length, () => sample('y', dist.Normal(times(x, beta), sigma), { obs: y }));
    };
  },
};

/** The reference's half Student-t has its log 2 already; here it is a Student-t on σ > 0 plus log 2. */
export const diamonds: PosteriorDeclaration = {
  name: 'diamonds-diamonds',
  model: (data) => {
    const y = vector(data, 'Y');
    const centred = columnsOf(data, 'X')
      .slice(1)
      .map((column) => {
        const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
        return column.map((value) => value - mean);
      });
    const x = design(centred);
    return () => {
      const b = normalVector('b', x.shape[1], 1);
      const intercept = sample('Intercept', dist.StudentT(3, 8, 10));
      const sigma = halfStudentT('sigma', 3, 10);
      plate('data', y.length, () =>
        sample('Y', dist.Normal(tf.add(intercept, times(x, b)), sigma), { obs: y }),
      );
    };
  },
};

function halfStudentT(name: string, df: number, scale: number): tf.Tensor {
  const sigma = flatPositive(name);
  factor(`${name}_prior`, tf.add(dist.StudentT(df, 0, scale).logProb(sigma), Math.LN2));
  return sigma;
}
