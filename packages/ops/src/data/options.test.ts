import { OptionError, PyroError, ValueError } from '../errors';
import { withLabel } from '../control/label';
import { checkOptions, describeValue } from './options';

interface Options {
  readonly rate?: number;
  readonly steps?: number;
}
const known = { rate: 'required', steps: 'optional' } as const;
const check = (options: unknown) => () => checkOptions<Options>('run', options as Options, known, 'x');

describe('checkOptions', () => {
  it('lets known names pass', () => {
    expect(check({ rate: 1, steps: undefined })()).toEqual({ rate: 1, steps: undefined });
  });

  it('names a misspelt option and the one that was meant', () => {
    expect(check({ Rate: 1 })).toThrowErrorMatchingInlineSnapshot(`
     "at site 'x': run has no option 'Rate'; its options are rate, steps
       Fix: did you mean 'rate'?"
    `);
    expect(check({ colour: 1 })).toThrowErrorMatchingInlineSnapshot(`
     "at site 'x': run has no option 'colour'; its options are rate, steps
       Fix: use one of those names, or leave it out."
    `);
  });

  it('names an option that is needed', () => {
    expect(check({ steps: 1 })).toThrow("run needs the option 'rate'");
    expect(check({ rate: undefined })).toThrow("run needs the option 'rate'");
  });

  it.each([3, 'x', null, [1], new Float64Array(2)])('refuses %p in the place of options', (given) => {
    expect(check(given)).toThrow(OptionError);
  });
});

it('describes values in a few words', () => {
  const values = ['a', 3, undefined, Math.max, [1, 2], { shape: [2] }, { a: 1 }, {}, Promise.resolve()];
  expect(values.map(describeValue)).toEqual([
    "'a'",
    '3',
    'undefined',
    'the function max',
    'an array of 2',
    'a tensor of shape [2]',
    'an object with a',
    'an object',
    'a Promise',
  ]);
});

describe('an error', () => {
  const error = withLabel('y', () => new ValueError('bad.\n  Fix: mend it.'));

  it('has a message that names the site, and is printed with its class, once', () => {
    expect(error.message).toBe("at site 'y': bad.\n  Fix: mend it.");
    expect(String(error)).toBe("ValueError at site 'y': bad.\n  Fix: mend it.");
    expect(error.stack?.split('\n').slice(0, 2)).toEqual(String(error).split('\n'));
    expect(String(new ValueError('bad'))).toBe('ValueError: bad');
  });

  it('is recognisable as one that the user can mend', () => {
    expect(error).toBeInstanceOf(PyroError);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.site]).toEqual(['ValueError', 'y']);
  });
});
