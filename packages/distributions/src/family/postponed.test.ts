import { withLabel } from '@pyro-ts/ops';
import { Categorical, Normal } from '..';
import { MixtureSameFamily } from '../wrappers/mixture-same-family';
import { checkPostponed, postponeChecks } from './postponed';

const bad = () => Normal(0, [1, -1]);
const site = (make: () => ReturnType<typeof bad>) => () =>
  postponeChecks(() => {
    const distribution = make();
    withLabel('y', () => checkPostponed(distribution));
  });

describe('postponed checks of parameters', () => {
  it('are reported on behalf of the statement that meets the distribution', () => {
    expect(bad).toThrow(/^parameter 'scale' of Normal/);
    expect(site(bad)).toThrow(/^at site 'y': parameter 'scale' of Normal.*got -1 at index \[1\]/);
  });

  it('are reported through wrappers and mixtures', () => {
    expect(site(() => bad().toEvent(1) as never)).toThrow(/^at site 'y': /);
    expect(site(() => MixtureSameFamily(Categorical([1, 1]), bad()) as never)).toThrow(/^at site 'y': /);
  });

  it('are reported at the end if no statement meets the distribution', () => {
    expect(() => postponeChecks(() => void bad())).toThrow(/^parameter 'scale' of Normal/);
  });

  it('come before what fails because of them', () => {
    const run = () =>
      postponeChecks(() => {
        bad();
        throw new Error('later');
      });
    expect(run).toThrow(/^parameter 'scale'/);
  });

  it('leave nothing behind', () => {
    expect(site(bad)).toThrow();
    expect(site(() => Normal(0, 1) as never)).not.toThrow();
    expect(bad).toThrow();
  });
});
