/** `infer.*`: everything that turns a model and data into a posterior. */
export * from '@pyro-ts/inference';
