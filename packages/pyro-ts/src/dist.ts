/** `dist.*`: every family, with the wrappers, registries and checks that go with them. */
export * from '@pyro-ts/distributions';
