import data from './data.json' with { type: 'json' };

/** Pictures as rows of 0 and 1: ink is what is darker than half. */
export const { side } = data;
export const images = data.images.map((image) =>
  Array.from(image, (level) => Number(data.levels.indexOf(level) >= 8)),
);
