/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/packages/testing/jest-environment.js',
  testMatch: ['<rootDir>/packages/*/{src,test}/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  moduleNameMapper: {
    '^@pyro-ts/([a-z-]+)$': '<rootDir>/packages/$1/src',
    '^pyro-ts$': '<rootDir>/packages/pyro-ts/src',
  },
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/packages/tsconfig.jest.json' }] },
  testTimeout: 60000,
};
